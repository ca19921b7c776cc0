// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench kvm: the same questions put to the running kernel. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/verbs.h"
#include "cli/view_kvm.h"
#include "kvm/kick.h"
#include "kvm/lab.h"
#include "results/schema.h"

enum { MOST_LABS = 32 };

static struct kvm_command {
	struct kvm_options kvm;
	struct kvm_lab_options lab[MOST_LABS];
	size_t n_labs; /* not 0: the lab's experiments instead of the measurement */
	const char *out;
	bool json;
} command;

/* All but the floor, which is always measured. */
static const void *kick(size_t i)
{
	return kvm_kicks[i + 1].name ? &kvm_kicks[i + 1] : NULL;
}

static const char *const no_yes[] = { "0", "1" };

#define LAB_TIME(of)                                                        \
	.kind = OPT_TIME, .least = 1000, .most = UINT64_C(60000000000),     \
	OPT_TO(struct kvm_lab_options, of)
#define LAB_KICK(of) .kind = OPT_CHOICE, .thing_of = kick, OPT_TO_THING(struct kvm_lab_options, of)
#define LAB_CHOICE(of) .kind = OPT_CHOICE, OPT_NAMES_OF(no_yes), OPT_TO(struct kvm_lab_options, of)
static const struct opt lab_items[] = {
	{ .name = "first", LAB_KICK(first) },
	{ .name = "second", LAB_KICK(second) },
	{ .name = "rounds", .kind = OPT_NUMBER, .least = 1, .most = 1000000,
	  OPT_TO(struct kvm_lab_options, rounds) },
	{ .name = "migrate", LAB_CHOICE(migrate) },
	{ .name = "gate", LAB_CHOICE(gate) },
	{ .name = "early", LAB_CHOICE(early) },
	{ .name = "wait", LAB_TIME(wait_ns) },
	{ .name = "delay", LAB_TIME(delay_ns) },
	{ .name = "free", LAB_TIME(free_ns) },
	{ 0 },
};

static const char *lab_name(size_t i)
{
	return lab_items[i].name;
}

static int take_lab_item(struct kvm_lab_options *lab, const char *item)
{
	const char *is = strchr(item, '=');
	const struct opt *o = is ? opt_find(lab_items, item, (size_t)(is - item)) : NULL;

	if (!o)
		return usage_error("kvm: --lab '%s': expected NAME=VALUE of those in --help", item);
	return opt_take("kvm: --lab", o, lab, is + 1);
}

static int take_lab(void *arg, const struct opt_value *v)
{
	struct kvm_command *c = arg;
	struct kvm_lab_options *lab = &c->lab[c->n_labs];
	const struct kvm_kick *msi = kvm_kick_find("msi"), *signal = kvm_kick_find("signal");
	int failed = 0;

	if (c->n_labs == MOST_LABS)
		return usage_error("kvm: --lab is taken %d times at most", MOST_LABS);
	*lab = (struct kvm_lab_options){ .first = msi, .second = msi, .rounds = 20, .migrate = true,
					 .gate = true, .wait_ns = 50000000, .knobs = KVM_LAB_PARAMETERS };
	for (size_t i = 0; !failed && i < v->n; i++)
		failed = take_lab_item(lab, v->item[i]);
	c->n_labs++;
	if (!failed && signal && (lab->first == signal || lab->second == signal))
		failed = usage_error("kvm: --lab is about kicks, and a signal is none");
	if (!failed && lab->free_ns && lab->gate)
		failed = usage_error("kvm: --lab free wants gate=0: nobody would open it");
	if (!lab->delay_ns && !lab->free_ns)
		lab->delay_ns = 400000000;
	return failed;
}

static const struct opt options[] = {
	{ .name = "kick", .kind = OPT_NAMES, .thing_of = kick, .preset = "all",
	  .doc = "kinds of kicks", OPT_TO_THINGS(struct kvm_command, kvm.kick, kvm.n_kicks),
	  .more = "They are KVM_SIGNAL_MSI, an irqfd, KVM_SET_CLOCK, KVM_SET_IRQCHIP, "
		  "KVM_X86_SET_MSR_FILTER, KVM_SET_PMU_EVENT_FILTER, KVM_GET_DIRTY_LOG, and a signal "
		  "with immediate_exit." },
	{ .name = "seconds", .kind = OPT_TIME, .preset = "5", .least = 1000000,
	  .most = UINT64_C(1000000000000000), .doc = "time for all rows together",
	  OPT_TO(struct kvm_command, kvm.seconds) },
	{ .name = "migrate", .kind = OPT_FLAG,
	  .doc = "only rows whose vCPU is moved from PU to PU; else rows of both kinds",
	  OPT_TO(struct kvm_command, kvm.only_migrate) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of the pauses between kicks",
	  OPT_TO(struct kvm_command, kvm.seed) },
	{ .name = "out", .kind = OPT_DIR,
	  .doc = "results folder, by default results/runs/<UTC>-<host>-<random>",
	  OPT_TO(struct kvm_command, out) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "rows and verdict as JSON on stdout",
	  OPT_TO(struct kvm_command, json) },
	{ .name = "lab", .kind = OPT_LIST, .value = "NAME=V[,NAME=V]", .name_of = lab_name, .quiet = true,
	  .take = take_lab,
	  .doc = "an experiment on the instrumented kvm.ko of docs/kernel-lab.md: a line of "
		 "kernel-lab.csv on stdout; may be repeated. first=KICK, second=KICK (msi), rounds=N "
		 "(20), migrate=0|1 (1), gate=0|1 (1), early=0|1 (0), wait=T (50ms) for the second kick, "
		 "delay=T (400ms) in the window; free=T,gate=0: no rounds, both kick unwatched for T "
		 "(delay=0 then)",
	  .more = "In a free run the vCPU moves all the while, and rounds is the number of kicks." },
	{ 0 },
};

static void init(void *arg)
{
	kvm_options_init(&((struct kvm_command *)arg)->kvm);
}

static int check(void *arg, const struct opt_line *line)
{
	const struct kvm_command *c = arg;

	(void)line;
	if (c->n_labs && (c->out || c->json))
		return usage_error("kvm: --lab writes its lines to stdout, without --out and --json");
	return 0;
}

static const struct opt_table table = {
	.verb = "kvm",
	.summary = "the same questions put to the running kernel through /dev/kvm",
	.usage = "[options]",
	.about = "Runs a small guest under /dev/kvm and kicks it: what that costs, and whether a kick "
		 "got lost.",
	.after = "Exit: 0 none lost, 1 some lost, 2 usage, 3 the environment failed, 4 no KVM to ask, 5 "
		 "too little happened to say anything.",
	.option = options,
	.size = sizeof(struct kvm_command),
	.init = init,
	.check = check,
};

struct kvm_verb {
	const struct topo *topo;
	const struct opt_line *line;
	struct verb_folder to;
	struct sink_rows rows; /* with --json */
	int code;	       /* what went wrong beside the measuring */
};

static cJSON *plan_json(const struct kvm_options *o)
{
	cJSON *json = cJSON_CreateObject(), *kicks = cJSON_AddArrayToObject(json, "kicks");

	for (size_t i = 0; i < o->n_kicks; i++)
		cJSON_AddItemToArray(kicks, cJSON_CreateString(o->kick[i]->name));
	cJSON_AddNumberToObject(json, "seconds", o->seconds);
	cJSON_AddBoolToObject(json, "only_migrate", o->only_migrate);
	return json;
}

/* Only now there is something to keep. */
static int on_begin(void *arg, const struct kvm_host *host)
{
	struct kvm_verb *run = arg;
	const struct verb_folder_options with = { .out = command.out,
						     .line = run->line,
						     .seed = command.kvm.seed,
						     .plan = plan_json(&command.kvm),
						     .topo = run->topo,
						     .schema = &schema_kvm };

	run->code = verb_folder_open(&run->to, &with);
	if (!run->code && !command.json)
		view_kvm_host(stdout, host);
	return run->code;
}

static void print_result(struct kvm_verb *run, const struct kvm_result *result)
{
	if (command.json) {
		cJSON *json = view_kvm_json(result);

		cJSON_AddItemToObject(json, "rows", sink_rows_json(&run->rows, &schema_kvm));
		run->code = exit_code_then(run->code, verb_print_json(json));
	} else {
		view_kvm_verdict(stdout, result);
	}
	if (result->unwritten)
		run->code = env_error("cannot write %s: %s", run->to.folder.path,
				      strerror(-result->unwritten));
	if (folder_set(&run->to.folder, "kvm", view_kvm_json(result)))
		run->code = exit_code_worst(run->code, env_error("Cannot allocate memory"));
}

static int code_of(const struct kvm_verb *run, int failed, const struct kvm_result *result, const char *err)
{
	static const int code[N_VERDICTS] = { [VERDICT_OK] = EXIT_AS_STATED,
					      [VERDICT_INCONCLUSIVE] = EXIT_UNDECIDED,
					      [VERDICT_NA] = EXIT_SKIPPED,
					      [VERDICT_VIOLATED] = EXIT_VIOLATED };

	if (run->code)
		return run->code;
	if (failed == -EOPNOTSUPP)
		return skipped("%s", err);
	if (failed && failed != -EINTR)
		return env_error("%s", err);
	if (!failed && result->verdict == VERDICT_NA)
		return skipped("%s", result->reason);
	return verb_signal() ? 128 + verb_signal() : code[result->verdict];
}

static int measure(struct kvm_verb *run)
{
	struct sink *to[] = { &run->to.files.sink, command.json ? &run->rows.sink : &view_kvm_rows };
	struct sink_tee tee;
	struct kvm_options o = command.kvm;
	struct kvm_result result;
	char err[256];
	int failed, code;

	sink_rows_init(&run->rows);
	sink_tee_init(&tee, to, 2);
	o.begin = on_begin;
	o.arg = run;
	o.sink = &tee.sink;
	o.run_id = run->to.folder.run_id;
	o.stop = verb_stopped;
	failed = kvm_measure(&o, run->topo, &result, err, sizeof(err));
	if (!failed || failed == -EINTR)
		print_result(run, &result);
	code = code_of(run, failed, &result, err);
	if (run->to.folder.run)
		code = verb_folder_close(&run->to, code);
	sink_rows_fini(&run->rows);
	return code;
}

static int run_lab(const struct kvm_lab_options *given, struct csv_writer *csv, struct csv_row *row,
		   const struct topo *topo)
{
	static struct kvm_lab_row result;
	struct kvm_lab_options lab = *given;
	char err[256];
	int failed;

	lab.stop = verb_stopped;
	failed = kvm_lab(&lab, topo, &result, err, sizeof(err));
	if (failed == -ENOENT || failed == -EOPNOTSUPP)
		return skipped("%s", err);
	if (failed == -ERANGE) {
		fprintf(stderr, "kickbench: %s\n", err);
		return EXIT_UNDECIDED;
	}
	if (failed && failed != -EINTR)
		return env_error("%s", err);
	if (lab.free_ns)
		fprintf(stderr, "kickbench: free run: %llu kicks, %llu migrations\n",
			(unsigned long long)result.rounds, (unsigned long long)result.migrations);
	failed = kvm_lab_csv(row, &lab, &result);
	if (!failed && !csv->schema)
		failed = csv_writer_stream(csv, STDOUT_FILENO, &schema_kernel_lab);
	if (!failed)
		failed = csv_write(csv, row);
	if (failed)
		return env_error("cannot write to stdout: %s", strerror(-failed));
	return verb_signal() ? 128 + verb_signal() : EXIT_AS_STATED;
}

/* What old loses is not judged here: the rows are data for those who know which module runs. */
static int run_labs(const struct kvm_command *c, const struct topo *topo)
{
	struct csv_writer csv = { .fd = -1 };
	struct csv_row row;
	int code = EXIT_SKIPPED;

	if (csv_row_init(&row, &schema_kernel_lab))
		return env_error("Cannot allocate memory");
	/* After a failure a kicker may still be held: the next row would not be the first one's. */
	for (size_t i = 0; i < c->n_labs && code < 128 && code != EXIT_ENVIRONMENT; i++)
		code = exit_code_worst(code, run_lab(&c->lab[i], &csv, &row, topo));
	csv_row_fini(&row);
	return code;
}

static int kvm(struct opt_line *line)
{
	static struct kvm_verb run;
	struct topo *topo = NULL;
	int code = verb_load_topo(&topo, NULL, NULL);

	if (!code && topo_pin_missing(topo))
		code = skipped("%s", topo_pin_missing(topo));
	if (code)
		return code;
	verb_catch_signals();
	run = (struct kvm_verb){ .topo = topo, .line = line };
	code = command.n_labs ? run_labs(&command, topo) : measure(&run);
	topo_free(topo);
	return code;
}

const struct verb verb_kvm = { &table, &command, kvm };
