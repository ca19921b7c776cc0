// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench stress: real threads, real races, a verdict. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/opt_folder.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/stress_report.h"
#include "cli/verbs.h"
#include "results/schema.h"
#include "results/sink.h"
#include "stress/stress.h"
#include "topo/topo.h"

enum { MOST_BACKENDS = 256, SECOND = 1000000000 };

static struct stress_command {
	struct stress_options stress;
	const struct stress_backend *backend[MOST_BACKENDS];
	size_t n_backends;
	const char *out;
	bool expect, json;
} command;

static const char *backend_name(size_t i)
{
	return stress_backends[i] ? stress_backends[i]->name : NULL;
}

static int take_backends(void *arg, const struct opt_value *v)
{
	struct stress_command *c = arg;

	for (c->n_backends = 0; c->n_backends < v->n && c->n_backends < MOST_BACKENDS; c->n_backends++)
		c->backend[c->n_backends] = stress_backends[v->index[c->n_backends]];
	return 0;
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
static const char *const faults[] = { "stalls", "late-ipis", "load", "no-memory" };

static const struct opt options[] = {
	{ .name = "backend", .kind = OPT_NAMES, .name_of = backend_name, .preset = "all",
	  .take = take_backends,
	  .doc = "protocols, see `kickbench list`" },
	{ .name = "seconds", .kind = OPT_TIME, .preset = "3", .least = 1000000,
	  .most = UINT64_C(1000000) * SECOND,
	  .doc = "time per protocol", OPT_TO(struct stress_command, stress.duration_ns) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1",
	  .doc = "of the script and of all delays; threads do not repeat",
	  OPT_TO(struct stress_command, stress.seed) },
	{ .name = "windows", .kind = OPT_NAMES, OPT_NAMES_OF(stress_window_name), .none = true,
	  .preset = "all",
	  .doc = "where half of the phases may linger",
	  .more = "Every second such phase has a single one of them, and a row of its own.",
	  OPT_TO(struct stress_command, stress.windows) },
	{ .name = "transport", .kind = OPT_CHOICE, OPT_NAMES_OF(transports), .preset = "doorbell",
	  .doc = "how an IPI reaches its target" },
	{ .name = "expect", .kind = OPT_FLAG,
	  .doc = "judge the declaration: a broken protocol is to be caught (exit 0)",
	  .more = "The run of such a one ends when it was.", OPT_TO(struct stress_command, expect) },
	{ .name = "out", .kind = OPT_DIR, .doc = "results folder, by default results/runs/<UTC>-<host>",
	  OPT_TO(struct stress_command, out) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "verdicts as JSON on stdout",
	  OPT_TO(struct stress_command, json) },
	{ .section = "The script", .name = "kickers", .kind = OPT_NUMBER, .least = 1, .most = 64,
	  .doc = "threads that kick; by default by the machine",
	  .more = "More threads than it has PUs are fine, and labelled oversubscribed.",
	  OPT_TO(struct stress_command, stress.kickers) },
	{ .name = "carriers", .kind = OPT_NUMBER, .least = 1, .most = 16,
	  .doc = "threads that run vCPUs; by default by the machine",
	  OPT_TO(struct stress_command, stress.carriers) },
	{ .name = "vcpus", .kind = OPT_NUMBER, .least = 1, .most = 32, .preset = "2",
	  .doc = "vCPUs of each carrier",
	  OPT_TO(struct stress_command, stress.vcpus_per_carrier) },
	{ .name = "pcpus", .kind = OPT_NUMBER, .least = 1, .most = 64, .preset = "6",
	  .doc = "emulated CPUs of each carrier, more than it has vCPUs",
	  OPT_TO(struct stress_command, stress.pcpus_per_carrier) },
	{ .name = "events", .kind = OPT_NUMBER, .least = 1, .most = 10000000, .preset = "50k",
	  .doc = "things that happen to each vCPU per second",
	  OPT_TO(struct stress_command, stress.events_per_s) },
	{ .name = "think", .kind = OPT_TIME, .most = SECOND, .preset = "4us",
	  .doc = "a kicker's longest pause between two kicks",
	  OPT_TO(struct stress_command, stress.think_ns) },
	{ .name = "delay", .kind = OPT_TIME, .most = SECOND, .preset = "10us",
	  .doc = "the longest delay in a window",
	  OPT_TO(struct stress_command, stress.delay_ns) },
	{ .name = "weights", .kind = OPT_LIST, .value = "NAME=N[,NAME=N]", .name_of = weight_name,
	  .take = take_weights, .doc = "of kicks and of events",
	  .more = "Of kicks: a request with its kick, bare (no request), quiet (must not wake), mask, "
		  "bare-mask, wait, kick-wait, retire (a page, then wait, then free it). The others are "
		  "what happens to vCPUs." },
	{ .name = "faults", .kind = OPT_NAMES, OPT_NAMES_OF(faults), .none = true, .preset = "none",
	  .doc = "what goes wrong besides",
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

struct run {
	const struct stress_command *command;
	const struct topo *topo;
	struct folder folder;
	struct sink_folder to;
	cJSON *json; /* one object per backend */
	const char *backend;
	int argc;
	char **argv;
	char err[512];
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

/* trace-BACKEND-KIND.txt and .json, for each kind that was found first in some phase. */
static int write_traces(struct run *run, const struct stress_backend *b,
			const struct stress_result *r)
{
	int failed = 0;

	for (int kind = 0; kind < STRESS_N_KINDS && !failed; kind++) {
		char name[128];

		snprintf(name, sizeof(name), "trace-%s-%s", b->name, stress_kind_name(kind));
		if (r->trace[kind].n)
			failed = sink_lanes(&run->to.sink, name, &r->trace[kind]);
	}
	return failed;
}

/* The command that repeats script and delays, for a report of something found. */
static void print_again(const struct run *run, const struct stress_backend *b)
{
	const struct stress_options *o = &run->command->stress;

	printf("  again: kickbench stress --backend %s --seed %llu --seconds %g", b->name,
	       (unsigned long long)o->seed, (double)o->duration_ns * 1e-9);
	for (int i = 1; i < run->argc; i++) {
		static const char *const other[] = { "--windows", "--kickers", "--carriers",
						     "--vcpus",	  "--pcpus",   "--events",
						     "--think",	  "--delay",   "--weights",
						     "--faults" };

		for (size_t k = 0; k < sizeof(other) / sizeof(other[0]); k++) {
			size_t n = strlen(other[k]);

			if (!strncmp(run->argv[i], other[k], n) && run->argv[i][n] == '=')
				printf(" %s", run->argv[i]);
			else if (!strcmp(run->argv[i], other[k]) && i + 1 < run->argc)
				printf(" %s %s", other[k], run->argv[i + 1]);
		}
	}
	puts("\n         (the same script and delays; the threads do not repeat)");
}

static int code_of(const struct run *run, const struct stress_result *r)
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
	const struct run *run = arg;
	double s = (double)run->command->stress.duration_ns * 1e-9;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %.0f s left%s", run->backend,
			share < 1 ? s * (1 - share) : 0, share < 1 ? "" : "\r\033[K");
}

static int report(struct run *run, const struct stress_backend *b, const struct stress_result *r)
{
	const struct stress_options *o = &run->command->stress;
	int failed = stress_rows(&run->to.sink, run->folder.run_id, b, o, r);
	if (!failed)
		failed = write_traces(run, b, r);
	if (run->json) {
		cJSON_AddItemToArray(run->json, stress_report_json(b, o, r));
	} else {
		stress_report_print(stdout, b, o, r);
		if (r->bits)
			print_again(run, b);
		fflush(stdout);
	}
	if (failed)
		return env_error("cannot write %s: %s", run->folder.path, strerror(-failed));
	return EXIT_AS_STATED;
}

static int stress_one(struct run *run, const struct stress_backend *b)
{
	struct stress_options o = run->command->stress;
	static struct stress_result r;
	int failed, code;

	if (stress_na(b)) {
		fprintf(stderr, "%s: na: %s\n", b->name, stress_na(b));
		return EXIT_SKIPPED;
	}
	if (run->command->expect && stress_misdeclared(b, run->err, sizeof(run->err)))
		return env_error("%s: %s", b->name, run->err);
	o.progress = on_progress;
	o.arg = run;
	run->backend = b->name;
	failed = stress_run(b, &o, run->topo, &r, run->err, sizeof(run->err));
	code = failed && failed != -EINTR ? env_error("%s", run->err) : report(run, b, &r);
	if (failed == -EINTR)
		code = verb_signal() ? 128 + verb_signal() : EXIT_ENVIRONMENT;
	else if (!code)
		code = code_of(run, &r);
	stress_result_fini(&r);
	return code;
}

static void print_json(cJSON *json)
{
	char *text = cJSON_Print(json);

	puts(text ? text : "null");
	free(text);
}

static int run_all(struct run *run)
{
	const struct opt_folder of = { .out = run->command->out, .argc = run->argc, .argv = run->argv,
					.seed = run->command->stress.seed, .plan = plan_json(run->command),
					.topo = run->topo, .schema = &schema_stress };
	struct csv_writer csv;
	int code = opt_open_folder(&run->folder, &csv, &of), all = EXIT_SKIPPED;

	if (code)
		return code;
	sink_folder_init(&run->to, &run->folder);
	run->to.writer[run->to.n++] = csv;
	verb_catch_signals();
	run->json = run->command->json ? cJSON_CreateArray() : NULL;
	for (size_t i = 0; i < run->command->n_backends && all < 128; i++)
		all = exit_code_worst(all, stress_one(run, run->command->backend[i]));
	if (run->json)
		print_json(run->json);
	cJSON_Delete(run->json);
	sink_folder_close(&run->to);
	fprintf(stderr, "results: %s\n", run->folder.path);
	if (folder_close(&run->folder, all > 128 ? "interrupted" : "complete", run->err,
			 sizeof(run->err)))
		return exit_code_worst(all, env_error("%s", run->err));
	return all;
}

static int stress(struct opt_line *line)
{
	static struct run run;
	struct topo *topo = NULL;
	int code = session_topo(&topo, NULL, NULL);

	if (code)
		return code;
	run = (struct run){ .command = &command, .topo = topo, .argc = line->argc, .argv = line->argv };
	code = run_all(&run);
	topo_free(topo);
	return code;
}

const struct verb verb_stress = { &table, &command, stress };
