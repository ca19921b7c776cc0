// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench stress: real threads, real races, a verdict. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/ci.h"
#include "cli/verbs.h"
#include "cli/view_terminal.h"
#include "kvm/lent.h"
#include "machine/clock.h"
#include "results/flow.h"
#include "results/json.h"
#include "results/schema.h"
#include "stress/stress.h"
#include "topo/topo.h"

enum { MOST_BACKENDS = 256, SECOND = 1000000000 };

static struct stress_command {
	struct stress_options stress;
	const struct stress_backend *backend[MOST_BACKENDS];
	size_t n_backends;
	const char *out, *kicker_pu, *vcpu_pu;
	bool expect, json;
	struct verb_ci ci;
} command;

static const void *backend(size_t i)
{
	return stress_backends[i];
}

static const char *world(size_t i)
{
	return kick_world(stress_backends[i]->decl);
}

static const char *distance_name(size_t i)
{
	return i < TOPO_N_DISTANCES ? topo_distance_name((enum topo_distance)i) : NULL;
}

/* Of kicks, then of events. */
static const char *weight_name(size_t i)
{
	if (i < STRESS_N_OPS)
		return stress_op_name[i];
	return i < STRESS_N_OPS + STRESS_N_EVENTS ? stress_event_name[i - STRESS_N_OPS] : NULL;
}

static unsigned int *weight_of(struct stress_options *o, const char *name, size_t length)
{
	for (size_t i = 0; weight_name(i); i++)
		if (strlen(weight_name(i)) == length && !memcmp(weight_name(i), name, length))
			return i < STRESS_N_OPS ? &o->weight[i] : &o->event_weight[i - STRESS_N_OPS];
	return NULL;
}

static int take_weights(void *arg, const struct opt_value *v)
{
	struct stress_command *c = arg;

	for (size_t i = 0; i < v->n; i++) {
		const char *item = v->item[i], *is = strchr(item, '=');
		unsigned int *weight = is ? weight_of(&c->stress, item, (size_t)(is - item)) : NULL;
		uint64_t n;

		if (!weight || opt_u64(is + 1, &n) || n > 1000000)
			return usage_error("stress: --weights '%s': '%s' is no NAME=0..1M (see "
		 "--help)", v->text, item);
		*weight = (unsigned int)n;
	}
	return 0;
}

static const char *const transports[] = { "doorbell" };
static const char *const runs[] = { "emulated", "kvm" };

/* The guests of kvm/ for the threads of stress/, which knows no other judge. */
static void *guest_open(char *err, size_t err_size)
{
	return kvm_lent_open(err, err_size);
}

static void guest_close(void *guest)
{
	kvm_lent_close(guest);
}

static void *guest_immediate_exit(void *guest)
{
	return kvm_lent_immediate_exit(guest);
}

static int guest_run(void *guest)
{
	return kvm_lent_run(guest);
}

static void guest_leave(void *guest)
{
	kvm_lent_leave(guest);
}

static uint64_t guest_turns(const void *guest)
{
	return kvm_lent_turns(guest);
}

static int guest_ended_by(void *guest, int signal)
{
	return kvm_lent_ended_by(guest, signal);
}

static const struct stress_kvm real_kvm = { guest_open,	 guest_close, guest_immediate_exit, guest_run,
					    guest_leave, guest_turns, guest_ended_by };

static int take_run(void *arg, const struct opt_value *v)
{
	((struct stress_command *)arg)->stress.kvm = *v->index ? &real_kvm : NULL;
	return 0;
}

static const struct opt options[] = {
	{ .name = "backend", .kind = OPT_NAMES, .thing_of = backend, .group_of = world, .preset = "kvm",
	  .doc = "protocols or worlds, see `kickbench list`, or all",
	  OPT_TO_THINGS(struct stress_command, backend, n_backends) },
	{ .name = "seconds", .kind = OPT_TIME, .preset = "3", .least = 1000000,
	  .most = UINT64_C(1000000) * SECOND,
	  .doc = "time per protocol", OPT_TO(struct stress_command, stress.duration_ns) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1",
	  .doc = "of the script and of all delays; threads do not repeat",
	  OPT_TO(struct stress_command, stress.seed) },
	{ .name = "windows", .kind = OPT_NAMES, OPT_NAMES_OF(stress_window_name), .none = true,
	  .preset = "all", .again = true,
	  .doc = "where half of the phases may linger",
	  .more = "Every second such phase has a single one of them, and a row of its own.",
	  OPT_TO(struct stress_command, stress.windows) },
	{ .name = "transport", .kind = OPT_CHOICE, OPT_NAMES_OF(transports), .preset = "doorbell",
	  .doc = "how an IPI reaches its target" },
	{ .name = "run", .kind = OPT_CHOICE, OPT_NAMES_OF(runs), .preset = "emulated", .take = take_run,
	  .again = true, .doc = "KVM_RUN of a VMM's threads: emulated, or the ioctl under /dev/kvm",
	  .more = "With kvm the kernel's own KVM_RUN and its immediate_exit judge the protocol, each vCPU "
		  "with a small guest that spins; protocols of kernels have none, and are na." },
	{ .name = "expect", .kind = OPT_FLAG,
	  .doc = "judge the declaration: a broken protocol is to be caught (exit 0)",
	  .more = "The run of such a one ends when it was.", OPT_TO(struct stress_command, expect) },
	{ .name = "out", .kind = OPT_DIR,
	  .doc = "results folder, by default results/runs/<UTC>-<host>-<random>",
	  OPT_TO(struct stress_command, out) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "verdicts as JSON on stdout",
	  OPT_TO(struct stress_command, json) },
	VERB_CI_OPTIONS(struct stress_command),
	{ .section = "Where", .name = "threads", .kind = OPT_NUMBER, .least = 2, .most = STRESS_MAX_THREADS,
	  .again = true, .doc = "kickers and carriers together; by default a thread per PU, 16 at most",
	  .more = "Up to all PUs. A quarter of them are carriers, as far as there are vCPUs for them (64).",
	  OPT_TO(struct stress_command, stress.threads) },
	{ .name = "distance", .kind = OPT_NAMES, .name_of = distance_name, .again = true,
	  .doc = "from kickers to carriers, by default what is here",
	  .more = "Phases take turns at them, each somewhere else on the machine.",
	  OPT_TO(struct stress_command, stress.distances) },
	{ .name = "kicker-pu", .kind = OPT_TEXT, .value = "LIST", .again = true,
	  .doc = "the kickers' PUs, counted round, instead of --distance",
	  OPT_TO(struct stress_command, kicker_pu) },
	{ .name = "vcpu-pu", .kind = OPT_TEXT, .value = "LIST", .again = true,
	  .doc = "the carriers' PUs, likewise", OPT_TO(struct stress_command, vcpu_pu) },
	{ .section = "The script", .name = "kickers", .kind = OPT_NUMBER, .least = 1,
	  .most = STRESS_MAX_THREADS, .again = true, .doc = "threads that kick; by default by the machine",
	  .more = "More threads than it has PUs are fine, and labelled oversubscribed.",
	  OPT_TO(struct stress_command, stress.kickers) },
	{ .name = "carriers", .kind = OPT_NUMBER, .again = true, .least = 1, .most = 16,
	  .doc = "threads that run vCPUs; by default by the machine",
	  OPT_TO(struct stress_command, stress.carriers) },
	{ .name = "vcpus", .kind = OPT_NUMBER, .again = true, .least = 1, .most = 32, .preset = "2",
	  .doc = "vCPUs of each carrier",
	  OPT_TO(struct stress_command, stress.vcpus_per_carrier) },
	{ .name = "pcpus", .kind = OPT_NUMBER, .again = true, .least = 1, .most = 64, .preset = "6",
	  .doc = "emulated CPUs of each carrier, more than it has vCPUs",
	  OPT_TO(struct stress_command, stress.pcpus_per_carrier) },
	{ .name = "events", .kind = OPT_NUMBER, .again = true, .least = 1, .most = 10000000, .preset = "50k",
	  .doc = "things that happen to each vCPU per second",
	  OPT_TO(struct stress_command, stress.events_per_s) },
	{ .name = "think", .kind = OPT_TIME, .again = true, .most = SECOND, .preset = "4us",
	  .doc = "a kicker's longest pause between two kicks",
	  OPT_TO(struct stress_command, stress.think_ns) },
	{ .name = "delay", .kind = OPT_TIME, .again = true, .most = SECOND, .preset = "10us",
	  .doc = "the longest delay in a window",
	  OPT_TO(struct stress_command, stress.delay_ns) },
	{ .name = "weights", .kind = OPT_LIST, .value = "NAME=N[,NAME=N]", .name_of = weight_name,
	  .take = take_weights, .again = true, .doc = "of kicks and of events",
	  .more = "Of kicks: a request with its kick, bare (no request), quiet (must not wake), mask, "
		  "bare-mask, wait, kick-wait, retire (a page, then wait, then free it). The others are "
		  "what happens to vCPUs." },
	{ .name = "faults", .kind = OPT_NAMES, OPT_NAMES_OF(stress_fault_name), .none = true,
	  .preset = "none", .again = true, .doc = "what goes wrong besides",
	  .more = "stalls: signals stop threads for up to 0.5 ms; late-ipis: pending for a while before "
		  "they are noticed; load: computing beside; no-memory: none for masks.",
	  OPT_TO(struct stress_command, stress.faults) },
	{ 0 },
};

static void init(void *arg)
{
	stress_options_init(&((struct stress_command *)arg)->stress);
}

static int check(void *arg, const struct opt_line *line)
{
	struct stress_command *c = arg;
	const struct stress_options *o = &c->stress;
	unsigned int ops = 0, events = 0;

	(void)line;
	for (int i = 0; i < STRESS_N_OPS; i++)
		ops += o->weight[i];
	for (int i = 0; i < STRESS_N_EVENTS; i++)
		events += o->event_weight[i];
	if (!ops || !events)
		return usage_error("stress: some weight must not be 0");
	if (o->threads && o->kickers && o->kickers + (o->carriers ? o->carriers : 1) > o->threads)
		return usage_error("stress: --threads %d has no room for that many kickers and carriers",
				   o->threads);
	if (o->distances && (c->kicker_pu || c->vcpu_pu))
		return usage_error("stress: --distance chooses the PUs that --kicker-pu and --vcpu-pu name");
	if (o->pcpus_per_carrier <= o->vcpus_per_carrier)
		return usage_error("stress: a carrier needs more pCPUs than vCPUs, else none can move");
	c->stress.until_found = c->expect;
	return 0;
}

static const struct opt_table table = {
	.verb = "stress",
	.summary = "kick at random on real threads, with an oracle beside them",
	.usage = "[options]",
	.about = "Runs kickers and vCPUs at random, with an oracle beside them that knows a lost kick.",
	.after = "Exit: 0 no violation, 1 a violation; with --expect, a contradicted declaration; 2 "
		 "usage, 3 the environment failed, 5 too little happened to say anything, or not all "
		 "that is declared was found.",
	.option = options,
	.size = sizeof(struct stress_command),
	.init = init,
	.check = check,
};

struct stress_run {
	const struct stress_command *command;
	const struct topo *topo;
	const struct opt_line *line;
	struct verb_folder to;
	cJSON *json; /* one object per backend */
	const char *backend;
};

static cJSON *plan_json(const struct stress_command *c)
{
	cJSON *json = cJSON_CreateObject(), *names = cJSON_AddArrayToObject(json, "backends");

	for (size_t i = 0; i < c->n_backends; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(c->backend[i]->name));
	cJSON_AddNumberToObject(json, "seconds_each", (double)c->stress.duration_ns * 1e-9);
	cJSON_AddNumberToObject(json, "windows", c->stress.windows);
	cJSON_AddNumberToObject(json, "faults", c->stress.faults);
	return json;
}

/* The row's count of a kind; NULL: nothing of it was found. */
static const char *found_in(const struct csv_row *row, int kind)
{
	const char *n = csv_get(row, stress_kind_name(kind));

	return n && strcmp(n, "0") ? n : NULL;
}

static void print_row(FILE *out, const struct csv_row *row)
{
	fprintf(out, "  %-14s %7.2f s %10s kicks %9s stints %8s migrations", csv_get(row, "windows"),
		csv_get_double(row, "seconds"), csv_get(row, "kicks"), csv_get(row, "stints"),
		csv_get(row, "migrations"));
	if (!csv_get(row, "first_violation_s"))
		fprintf(out, "   0 violations in %s kicks", csv_get(row, "kicks"));
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (found_in(row, kind))
			fprintf(out, "  %s %s", stress_kind_name(kind), found_in(row, kind));
	if (csv_get(row, "first_violation_s") && csv_get(row, "violations_per_s"))
		fprintf(out, "  (%.3g /M kicks, %.3g /s)",
			csv_get_double(row, "violations_per_million_kicks"),
			csv_get_double(row, "violations_per_s"));
	fputc('\n', out);
}

static void print_firsts(FILE *out, const struct stress_backend *b, const struct stress_result *r)
{
	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		const struct kick_property *p = kick_property(1u << kind);

		if (r->found[kind])
			fprintf(out, "  first %s after %.3f s: %s%s\n", stress_kind_name(kind),
				(double)r->first_ns[kind] * 1e-9,
				kick_property_means(p, b->decl->features & KICK_F_SIGNAL),
				kick_property_judge(p));
	}
}

/* What a run that found nothing could not have found. */
static void print_unseen(FILE *out, const struct stress_backend *b, const struct stress_result *r)
{
	unsigned int gone = STRESS_ALL_WINDOWS & ~r->passed;
	char names[160];

	if (r->bits || b->decl->features & KICK_F_SIGNAL) /* a VMM's windows are all on, or none is */
		return;
	stress_window_names(gone, names, sizeof(names));
	if (gone)
		fprintf(out, "  its text never passed: %s; a race at such a place was met by chance alone\n",
			names);
	if (stress_expect(b)->why)
		fprintf(out, "  silent here: %s\n", stress_expect(b)->why);
	if (!(~b->decl->features & (KICK_F_MASK | KICK_F_BLOCK)))
		fputs("  its masks may always wake: one that must not was not tried\n", out);
	fputs("  interrupts are taken when they go off or on, and in guest mode: none in between was seen\n",
	      out);
}

/* Phases at each distance, and how much of the machine they saw. */
static void print_places(FILE *out, const struct stress_options *o, const struct stress_result *r)
{
	bool named = o->n_kicker_pus || o->n_vcpu_pus;

	fprintf(out, "  %d threads at a time%s, on %d PUs in all; phases", r->kickers + r->carriers,
		o->threads || o->kickers || o->carriers ? "" : " (by default 16 at most, see --threads)",
		stress_pus_used(r));
	if (named)
		fputs(" on the PUs that were named", out);
	for (int d = 0; d < TOPO_N_DISTANCES && !named; d++)
		if (r->turns[d])
			fprintf(out, " %s %u", topo_distance_name((enum topo_distance)d), r->turns[d]);
	fputc('\n', out);
}

static void print_result(FILE *out, const struct stress_backend *b, const struct stress_options *o,
			 const struct stress_result *r, const struct sink_rows *of)
{
	static const char *const declared[] = { "", ", which is contradicted", ", which is not decided" };
	const char *preset, *model;

	fprintf(out, "%s: %s%s%s%s; declared %s%s\n", b->name,
		r->failed			? "FAILED"
		: r->verdict == VERDICT_VIOLATED  ? "BROKEN"
		: r->verdict == VERDICT_OK ? "no violation"
					     : "UNDECIDED",
		strcmp(kick_grade(r->bits), "curiosity") ? "" : " (a curiosity, no fault)",
		r->why[0] ? ": " : "", r->why, stress_expected_word(b), declared[r->declared]);
	fprintf(out, "  seed %llu, %d kickers, ", (unsigned long long)o->seed, r->kickers);
	if (b->decl->features & KICK_F_SIGNAL)
		fprintf(out, "%d vCPUs' threads, %s, signals, KVM_RUN %s\n", r->carriers,
			r->oversubscribed ? "oversubscribed" : "a PU each",
			o->kvm ? "by the kernel" : "emulated");
	else
		fprintf(out, "%d carriers, %d vCPUs on %d pCPUs, %s, doorbell\n", r->carriers, r->vcpus,
			r->pcpus - r->kickers, r->oversubscribed ? "oversubscribed" : "a PU each");
	if (!r->failed)
		print_places(out, o, r);
	for (size_t i = 0; i < of->n; i++)
		print_row(out, &of->row[i]);
	print_firsts(out, b, r);
	if (!r->failed)
		print_unseen(out, b, r);
	if (r->kicks_per_s_unwatched > 0)
		fprintf(out,
			"  kick rate with the oracle: %.0f %% of that without (%.3g and %.3g /s)\n",
			100 * r->kicks_per_s / r->kicks_per_s_unwatched, r->kicks_per_s,
			r->kicks_per_s_unwatched);
	if (r->first < 0)
		return;
	fputc('\n', out);
	lanes_text(out, &r->trace[r->first], view_width(FLOW_WIDTH));
	fputc('\n', out);
	if (stress_nearest_preset(b, r->first, &preset, &model))
		fprintf(out,
			"  step by step: kickbench explore --backend %s --scenario %s --model %s\n",
			b->name, preset, model);
}

static cJSON *row_json(const struct csv_row *row)
{
	cJSON *o = cJSON_CreateObject(), *found = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "windows", csv_get(row, "windows"));
	cJSON_AddNumberToObject(o, "seconds", csv_get_double(row, "seconds"));
	for (int c = 0; stress_column[c].name; c++)
		cJSON_AddRawToObject(o, stress_column[c].name, csv_get(row, stress_column[c].name));
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (found_in(row, kind))
			cJSON_AddRawToObject(found, stress_kind_name(kind), found_in(row, kind));
	cJSON_AddItemToObject(o, "violations", found);
	return o;
}

static cJSON *result_json(const struct stress_backend *b, const struct stress_options *o,
			  const struct stress_result *r, const struct sink_rows *of)
{
	cJSON *json = cJSON_CreateObject(), *rows, *turns, *first = cJSON_CreateObject();
	char gone[160];

	cJSON_AddStringToObject(json, "backend", b->name);
	cJSON_AddStringToObject(json, "verdict", verdict_word(r->verdict));
	cJSON_AddStringToObject(json, "grade", kick_grade(r->bits));
	cJSON_AddStringToObject(json, "expected", stress_expected_word(b));
	if (r->declared == STRESS_DECLARED_UNDECIDED)
		cJSON_AddNullToObject(json, "as_declared");
	else
		cJSON_AddBoolToObject(json, "as_declared", r->declared == STRESS_AS_DECLARED);
	cJSON_AddStringToObject(json, "reason", r->why);
	if (r->failed)
		cJSON_AddTrueToObject(json, "failed");
	stress_window_names(STRESS_ALL_WINDOWS & ~r->passed, gone, sizeof(gone));
	cJSON_AddStringToObject(json, "windows_not_passed", gone);
	results_json_add_u64(json, "seed", o->seed);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			cJSON_AddNumberToObject(first, stress_kind_name(kind),
						(double)r->first_ns[kind] * 1e-9);
	cJSON_AddItemToObject(json, "first_s", first);
	cJSON_AddNumberToObject(json, "threads", r->kickers + r->carriers);
	cJSON_AddNumberToObject(json, "pus", stress_pus_used(r));
	turns = cJSON_AddObjectToObject(json, "phases_at");
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		if (r->turns[d])
			cJSON_AddNumberToObject(turns, topo_distance_name((enum topo_distance)d),
						r->turns[d]);
	if (r->kicks_per_s_unwatched > 0)
		cJSON_AddNumberToObject(json, "oracle_share",
					r->kicks_per_s / r->kicks_per_s_unwatched);
	rows = cJSON_AddArrayToObject(json, "rows");
	for (size_t i = 0; i < of->n; i++)
		cJSON_AddItemToArray(rows, row_json(&of->row[i]));
	return json;
}

/* trace-BACKEND-KIND.txt and .json, for each kind that was found first in some phase. */
static int write_traces(struct stress_run *run, const struct stress_backend *b,
			const struct stress_result *r)
{
	int failed = 0;

	for (int kind = 0; kind < STRESS_N_KINDS && !failed; kind++) {
		char name[128];

		snprintf(name, sizeof(name), "trace-%s-%s", b->name, stress_kind_name(kind));
		if (r->trace[kind].n)
			failed = sink_lanes(&run->to.files.sink, name, &r->trace[kind]);
	}
	return failed;
}

/* The command that repeats script and delays, for a report of something found. */
static void print_again(const struct stress_run *run, const struct stress_backend *b)
{
	const struct stress_options *o = &run->command->stress;

	printf("  again: kickbench stress --backend %s --seed %llu --seconds %g", b->name,
	       (unsigned long long)o->seed, (double)o->duration_ns * 1e-9);
	for (int i = 1; i < run->line->argc; i++) {
		const char *word = run->line->argv[i], *is = strchr(word, '=');
		const struct opt *given = strncmp(word, "--", 2) ? NULL :
					  opt_find(options, word + 2, strcspn(word + 2, "="));

		if (given && given->again)
			printf(" %s%s%s", word, is ? "" : " ", is ? "" : run->line->argv[i + 1]);
	}
	puts("\n         (the same script and delays; the threads do not repeat)");
}

static int code_of(const struct stress_run *run, const struct stress_result *r)
{
	static const int declared[] = {
		[STRESS_AS_DECLARED] = EXIT_AS_STATED,
		[STRESS_CONTRADICTED] = EXIT_VIOLATED,
		[STRESS_DECLARED_UNDECIDED] = EXIT_UNDECIDED,
	};

	if (run->command->expect)
		return declared[r->declared];
	if (r->verdict == VERDICT_VIOLATED)
		return EXIT_VIOLATED;
	return r->verdict == VERDICT_INCONCLUSIVE ? EXIT_UNDECIDED : EXIT_AS_STATED;
}

static void on_progress(void *arg, double share)
{
	const struct stress_run *run = arg;
	double s = (double)run->command->stress.duration_ns * 1e-9;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %.0f s left%s", run->backend,
			share < 1 ? s * (1 - share) : 0, share < 1 ? "" : "\r\033[K");
}

static int report(struct stress_run *run, const struct stress_backend *b, const struct stress_result *r)
{
	const struct stress_options *o = &run->command->stress;
	struct sink_rows rows;
	struct sink *to[] = { &run->to.files.sink, &rows.sink, &command.ci.tests.sink };
	struct sink_tee tee;
	int failed;

	sink_rows_init(&rows);
	sink_tee_init(&tee, to, 3);
	failed = stress_rows(&tee.sink, run->to.folder.run_id, b, o, r);
	if (!failed)
		failed = write_traces(run, b, r);
	if (run->json) {
		cJSON_AddItemToArray(run->json, result_json(b, o, r, &rows));
	} else {
		print_result(stdout, b, o, r, &rows);
		if (r->bits)
			print_again(run, b);
		fflush(stdout);
	}
	sink_rows_fini(&rows);
	if (failed)
		return env_error("cannot write %s: %s", run->to.folder.path, strerror(-failed));
	return EXIT_AS_STATED;
}

static int stress_one(struct stress_run *run, const struct stress_backend *b)
{
	static struct stress_options o; /* a thread that hangs still reads them */
	static struct stress_result r;
	const char *na = stress_run_na(b, &run->command->stress);
	char err[512];
	int failed, code;

	if (na) {
		fprintf(stderr, "%s: na: %s\n", b->name, na);
		sink_tests_add(&command.ci.tests, "stress", b->name, SINK_SKIPPED, 0, na);
		return EXIT_SKIPPED;
	}
	o = run->command->stress;
	if (run->command->expect && stress_misdeclared(b, err, sizeof(err)))
		return env_error("%s: %s", b->name, err);
	o.progress = on_progress;
	o.arg = run;
	run->backend = b->name;
	failed = stress_run_apart(b, &o, run->topo, &r, err, sizeof(err));
	code = failed && failed != -EINTR && failed != -ECHILD ? env_error("%s", err) : report(run, b, &r);
	if (failed == -ECHILD)
		code = EXIT_ENVIRONMENT;
	else if (failed == -EINTR)
		code = verb_signal() ? 128 + verb_signal() : EXIT_ENVIRONMENT;
	else if (!code)
		code = code_of(run, &r);
	stress_result_fini(&r);
	return code;
}

static int run_all(struct stress_run *run)
{
	const struct verb_folder_options with = { .out = run->command->out,
						     .line = run->line,
						     .seed = run->command->stress.seed,
						     .plan = plan_json(run->command),
						     .topo = run->topo,
						     .schema = &schema_stress };
	int code = verb_folder_open(&run->to, &with), all = EXIT_SKIPPED;

	if (code)
		return code;
	verb_catch_signals();
	run->json = run->command->json ? cJSON_CreateArray() : NULL;
	for (size_t i = 0; i < run->command->n_backends && all < 128; i++)
		all = exit_code_worst(all, stress_one(run, run->command->backend[i]));
	if (run->json && verb_print_json(run->json))
		all = EXIT_ENVIRONMENT;
	return verb_folder_close(&run->to, all);
}

static int resolve_list(const struct topo *topo, const char *option, const char *text, const int **pus,
			size_t *n)
{
	char err[256];
	int *list;

	if (!text)
		return EXIT_AS_STATED;
	if (topo_parse(topo, text, &list, n, err, sizeof(err)))
		return usage_error("stress: --%s '%s': %s", option, text, err);
	*pus = list;
	return EXIT_AS_STATED;
}

/* PUs and distances that were named, now that the topology is known. */
static int resolve(struct stress_command *c, const struct topo *topo)
{
	struct stress_options *o = &c->stress;
	int code = resolve_list(topo, "kicker-pu", c->kicker_pu, &o->kicker_pu, &o->n_kicker_pus);

	if (!code)
		code = resolve_list(topo, "vcpu-pu", c->vcpu_pu, &o->vcpu_pu, &o->n_vcpu_pus);
	if (!code && !stress_distances(o, topo))
		code = usage_error("stress: no pair of PUs here has the distance that was asked for");
	return code;
}

static int stress(struct opt_line *line)
{
	static struct stress_run run;
	struct topo *topo = NULL;
	int code = verb_load_topo(&topo, NULL, NULL);

	if (!code && topo_pin_missing(topo))
		code = skipped("%s", topo_pin_missing(topo));
	if (code)
		return code;
	code = resolve(&command, topo);
	run = (struct stress_run){ .command = &command, .topo = topo, .line = line };
	if (!code)
		code = verb_ci_begin(&command.ci, "stress", command.json);
	command.ci.tests.declared = command.expect;
	if (!code)
		code = verb_ci_end(&command.ci, run_all(&run));
	topo_free(topo);
	return code;
}

enum { SHORT_NS = 1000000000 };

static bool is_short(const struct stress_backend *b)
{
	return !stress_na(b) && strncmp(b->name, "busted_", 7) && !strcmp(kick_world(b->decl), "kvm");
}

/* "LOST 12  POISONED 40": what was found, and how often. */
static void print_found(const struct stress_result *r)
{
	int n = 0;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			printf("%s%s %llu", n++ ? ", " : "", stress_kind_name(kind),
			       (unsigned long long)r->found[kind]);
	if (!n)
		printf("0 violations");
}

/* Too short a run proves nothing of a sound backend, and says so; a contradiction is one. */
static int judge_stress(const struct stress_backend *b, const struct stress_result *r)
{
	printf("%-20s ", b->name);
	print_found(r);
	printf(" in %llu kicks, %llu migrations", (unsigned long long)r->n[STRESS_KICKS],
	       (unsigned long long)r->n[STRESS_MIGRATIONS]);
	if (r->verdict == VERDICT_INCONCLUSIVE)
		printf("\n%20s undecided: %s", "", r->why);
	putchar('\n');
	fflush(stdout);
	/* A second may be too short for all that a broken one declares; a sound one has no excuse. */
	return r->declared == STRESS_CONTRADICTED ? EXIT_VIOLATED : EXIT_AS_STATED;
}

static int stress_shortly(struct sink_folder *to, const struct stress_backend *b,
			  const struct topo *topo, uint64_t seed, uint64_t limit_ns)
{
	static struct stress_result result;
	static struct stress_options o; /* a thread that hangs still reads them */
	char err[256] = "";
	int failed, code;

	stress_options_init(&o);
	o.seed = seed;
	o.duration_ns = SHORT_NS;
	o.limit_ns = limit_ns;
	failed = stress_run_apart(b, &o, topo, &result, err, sizeof(err));
	if (failed == -EINTR)
		return EXIT_SKIPPED;
	if (failed && failed != -ECHILD)
		return env_error("stress: %s", err);
	if (failed)
		printf("%-20s FAILED: %s\n", b->name, err);
	code = failed ? EXIT_ENVIRONMENT : judge_stress(b, &result);
	failed = stress_rows(&to->sink, to->folder->run_id, b, &o, &result);
	stress_result_fini(&result);
	return failed ? env_error("stress.csv: %s", strerror(-failed)) : code;
}

uint64_t verb_stress_short_ns(void)
{
	uint64_t ns = 0;

	for (size_t i = 0; stress_backends[i]; i++)
		if (is_short(stress_backends[i]))
			ns += SHORT_NS;
	return ns;
}

int verb_stress_short(struct sink_folder *to, const struct topo *topo, uint64_t seed, uint64_t until_ns)
{
	uint64_t left = verb_stress_short_ns() / SHORT_NS, now;
	int code = EXIT_SKIPPED;

	printf("\nVerdicts of stress: a second of real threads each, half of it with windows held open\n");
	if (topo_pin_missing(topo))
		return skipped("%s", topo_pin_missing(topo));
	for (size_t i = 0; stress_backends[i] && !verb_signal(); i++) {
		const struct stress_backend *b = stress_backends[i];

		if (!is_short(b))
			continue;
		now = clock_raw_ns();
		code = exit_code_worst(code, stress_shortly(to, b, topo, seed,
							    now < until_ns ? (until_ns - now) / left-- : 1));
	}
	return code;
}

static void print_stressed(const struct stress_options *o, const struct stress_result *r)
{
	printf("  stress, %.3g s of real threads: ", (double)o->duration_ns * 1e-9);
	if (r->failed)
		printf("FAILED: %s; ", r->why);
	else if (r->verdict == VERDICT_INCONCLUSIVE)
		printf("undecided: %s; ", r->why);
	print_found(r);
	printf(" in %llu kicks, %llu migrations\n", (unsigned long long)r->n[STRESS_KICKS],
	       (unsigned long long)r->n[STRESS_MIGRATIONS]);
}

int verb_stress_for(struct sink_folder *to, const char *backend, const struct topo *topo, uint64_t seed,
		    uint64_t ns, bool expect, struct verb_stressed *said)
{
	static struct stress_result result;
	static struct stress_options o; /* a thread that hangs still reads them */
	const struct stress_backend *b = stress_backend_find(backend);
	const char *na = !ns ? "not asked for" : stress_na(b) ? stress_na(b) : topo_pin_missing(topo);
	char err[512] = "";
	int failed;

	*said = (struct verb_stressed){ 0 };
	if (na) {
		snprintf(said->why, sizeof(said->why), "%s", na);
		return EXIT_AS_STATED;
	}
	stress_options_init(&o);
	o.seed = seed;
	o.duration_ns = ns;
	failed = stress_run_apart(b, &o, topo, &result, err, sizeof(err));
	if (failed == -EINTR)
		return EXIT_AS_STATED;
	if (failed && failed != -ECHILD)
		return env_error("stress: %s", err);
	print_stressed(&o, &result);
	said->failed = failed;
	said->broken = !failed && !strcmp(kick_grade(result.bits), "fault");
	said->violated = !failed && (expect ? result.declared == STRESS_CONTRADICTED : result.bits != 0);
	said->ok = !failed && result.verdict == VERDICT_OK;
	if (!failed && result.verdict == VERDICT_INCONCLUSIVE)
		snprintf(said->why, sizeof(said->why), "%s", result.why);
	failed = stress_rows(&to->sink, to->folder->run_id, b, &o, &result);
	stress_result_fini(&result);
	return failed ? env_error("stress.csv: %s", strerror(-failed)) : EXIT_AS_STATED;
}

const struct verb verb_stress = { &table, &command, stress };
