// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench bench: measures a plan into a results folder. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/run/run.h"
#include "bench/session/recorded.h"
#include "bench/session/session.h"
#include "cli/study.h"
#include "cli/verbs.h"
#include "cli/view_report.h"
#include "machine/clock.h"
#include "results/command.h"

enum { MILLISECOND = 1000000, SECOND = 1000000000, MINUTE = 60 };

static struct bench_command {
	struct bench_options bench;
	const char *out;
	const char *xml, *synthetic; /* planning only */
	const char *kicker_pu, *vcpu_pu;
	const char *resume; /* a results folder to go on with */
	const char *replay; /* DIR:ROW */
	bool is_process;    /* of many: --process */
	unsigned int process;
	uint64_t budget_ns; /* 0: none */
	struct perf_set perf; /* what bench.perf points to */
	const char *perf_control; /* FIFO[,ACK] */
	bool json, plan, yes;
} asked;

static const void *backend(size_t i)
{
	return i < bench_n_backends ? &bench_backends[i] : NULL;
}

static const char *world(size_t i)
{
	return kick_world(bench_decl(&bench_backends[i]));
}

static const void *scenario(size_t i)
{
	return bench_scenarios()[i];
}

static const char *distance_name(size_t i)
{
	return i < TOPO_N_DISTANCES ? topo_distance_name((enum topo_distance)i) : NULL;
}

static int take_process(void *arg, const struct opt_value *v)
{
	struct bench_command *c = arg;

	c->is_process = true;
	c->process = (unsigned int)v->number;
	return 0;
}

static int take_perf(void *arg, const struct opt_value *v)
{
	struct bench_command *c = arg;

	return verb_take_perf("bench", v->text, &c->perf, &c->bench.perf);
}

static const char *const lines[] = { "hot", "stolen" };
static const char *const put_forms[] = { "sticky", "minus1" };
static const char *const loops[] = { "closed", "open" };
static const char *const arrivals[] = { "fixed", "poisson" };

#define TO(member) OPT_TO(struct bench_command, member)
#define TO_LIST(member, n) OPT_TO_ARRAY(struct bench_command, bench.member, bench.n)
#define TO_THINGS(member, n) OPT_TO_THINGS(struct bench_command, bench.member, bench.n)
static const struct opt options[] = {
	{ .section = "What", .name = "backend", .kind = OPT_NAMES, .thing_of = backend, .group_of = world,
	  .doc = "protocols or worlds, see `kickbench list`; by default kvm without the broken ones; or: all",
	  TO_THINGS(backend, n_backends) },
	{ .name = "scenario", .kind = OPT_NAMES, .thing_of = scenario,
	  .doc = "by default all but broadcast, matrix and pause", TO_THINGS(scenario, n_scenarios) },
	{ .name = "transport", .kind = OPT_NAMES, .names = machine_transport_name,
	  .n_names = MACHINE_N_TRANSPORTS,
	  .doc = "how an IPI reaches its target, doorbell by default, of a VMM signal",
	  .more = "membarrier waits for its handler: it is the twin of a waiting request, not of a kick. "
		  "reschedule and call are IPIs between threads of the kernel itself: scripts/kernel-judge.",
	  TO(bench.transports) },
	{ .name = "path", .kind = OPT_NAMES, .name_of = bench_path, .doc = "only cells of these paths",
	  TO_LIST(path, n_path) },
	{ .name = "line", .kind = OPT_NAMES, OPT_NAMES_OF(lines),
	  .doc = "only cells whose cache line is such",
	  TO_LIST(line, n_line) },
	{ .name = "form", .kind = OPT_NAMES, .names = bench_form_name, .n_names = BENCH_N_FORMS,
	  .doc = "only cells of these forms", TO_LIST(form, n_form) },
	{ .name = "put", .kind = OPT_NAMES, OPT_NAMES_OF(put_forms),
	  .doc = "only cells whose vcpu->cpu is such after a put", TO_LIST(put, n_put) },
	{ .name = "loop", .kind = OPT_NAMES, OPT_NAMES_OF(loops), .doc = "only cells of these loops",
	  TO_LIST(loop, n_loop) },

	{ .section = "Where", .name = "distance", .kind = OPT_NAMES, .name_of = distance_name,
	  .doc = "of kicker and vCPU, by default what is here", TO(bench.distances) },
	{ .name = "pairs", .kind = OPT_NUMBER, .least = 1,
	  .doc = "pairs of PUs per distance; by default 1, of matrix all",
	  TO(bench.pairs_per_class) },
	{ .name = "kicker-pu", .kind = OPT_TEXT, .value = "P",
	  .doc = "with --vcpu-pu: one pair, as logical numbers or hwloc locations", TO(kicker_pu) },
	{ .name = "vcpu-pu", .kind = OPT_TEXT, .value = "P", .doc = "see --kicker-pu", TO(vcpu_pu) },

	{ .section = "What happens meanwhile", .name = "kickers", .kind = OPT_NUMBERS, .least = 1,
	  .most = MACHINE_MAX_KICKERS - 1, .preset = "1,2",
	  .doc = "kicker threads of contend; migrate takes the first", TO_LIST(kickers, n_kickers) },
	{ .name = "pcpus", .kind = OPT_NUMBERS, .least = 1, .most = KICK_MAX_CPUS - MACHINE_MAX_KICKERS,
	  .doc = "pCPUs that the vCPU's carrier runs; by default 1, of migrate 2",
	  TO_LIST(pcpus, n_pcpus) },
	{ .name = "vcpus", .kind = OPT_NUMBERS, .least = 1, .most = 4096,
	  .doc = "vCPUs of broadcast, by default 1,64,1024,4096, and of pause, 1,4,16,64",
	  TO_LIST(vcpus, n_vcpus) },
	{ .name = "in-guest", .kind = OPT_NUMBERS, .most = 100,
	  .doc = "per cent of them in guest mode; by default 0,50,100",
	  TO_LIST(in_guest_pct, n_in_guest_pct) },
	{ .name = "migrations-per-s", .kind = OPT_NUMBERS, .most = 100000000, .preset = "0,1k,10k,100k,1M",
	  .doc = "of migrate", TO_LIST(migrations, n_migrations) },
	{ .name = "natural-exits", .kind = OPT_NUMBER, .value = "R", .most = 100000000, .preset = "0",
	  .doc = "exits per second that nobody asked for, of a vCPU in guest mode",
	  TO(bench.natural_exits_per_s) },
	{ .name = "rate", .kind = OPT_NUMBER, .value = "R", .least = 1, .most = 100000000, .preset = "10k",
	  .doc = "kicks per second of open loops", TO(bench.rate_per_s) },
	{ .name = "arrivals", .kind = OPT_NAMES, OPT_NAMES_OF(arrivals),
	  .doc = "when they are due, on a grid (the default) or with exponential gaps",
	  TO_LIST(arrivals, n_arrivals) },
	{ .name = "widen", .kind = OPT_TIME, .least = 100, .most = 10 * MILLISECOND, .preset = "10us",
	  .doc = "longest delay in the widened window of migrate", TO(bench.widen_ns) },

	{ .name = "kicks", .kind = OPT_NUMBER, .least = 1, .most = 1000000000,
	  .doc = "a row in the kernel ends after so many kicks (of contend: IPIs), or at 2.5 ms for each",
	  TO(bench.kicks) },

	{ .section = "How", .name = "reps", .kind = OPT_NUMBER, .least = 9, .most = 10000, .preset = "9",
	  .doc = "repetitions; fewer prove nothing", TO(bench.repetitions) },
	{ .name = "window", .kind = OPT_TIME, .least = MILLISECOND / 10,
	  .most = UINT64_C(60) * MINUTE * SECOND,
	  .preset = "50ms", .doc = "of one repetition", TO(bench.window_ns) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of everything random",
	  TO(bench.seed) },
	{ .name = "out", .kind = OPT_DIR,
	  .doc = "results folder, by default results/runs/<UTC>-<host>-<random>",
	  .more = "It is created.", TO(out) },
	{ .name = "respawn", .kind = OPT_NUMBER, .least = 1, .most = 10000,
	  .doc = "measure all of it in each of N fresh processes: compare then takes the median of a "
		 "process as one sample", TO(bench.processes) },
	{ .name = "budget", .kind = OPT_TIME, .least = 1,
	  .doc = "fit into this time, such as 10m: windows shrink first, then repetitions (never below "
		 "9), pairs and rows go; what was left out is said",
	  .more = "What a row takes besides its window is measured first, for a busy machine multiplies "
		  "it. The run ends then, however slow the machine has become; rows that it lacks are for "
		  "--resume.",
	  TO(budget_ns) },
	{ .name = "row-cost", .kind = OPT_TIME, .least = 1,
	  .doc = "with --budget: what a row takes besides its window, instead of measuring it",
	  TO(bench.row_ns) },
	{ .name = "perf", .kind = OPT_LIST, OPT_NAMES_OF(verb_perf_words), .preset = "auto",
	  .take = take_perf,
	  .doc = "events that perf counts in every window, or",
	  .more = "auto: what tells the cost of a kick on this CPU, and software events; kernel: its own "
		  "count of IPIs, signals and migrations, by tracepoints, which makes real interrupts "
		  "slower. Events are perf's names, rHEX, tracepoints GROUP:EVENT, names that libpfm4 "
		  "knows, each also as COLUMN=EVENT and with :u, :k or :uk behind it. Events without a "
		  "column of their own get two at the end of bench.csv. What cannot be counted leaves an "
		  "empty cell; perf_status and run.json say why." },
	{ .name = "perf-control", .kind = OPT_TEXT, .value = "FIFO[,ACK]",
	  .doc = "tell a perf that watches when windows begin and end: what scripts/perf-stat, "
		 "perf-record and perf-c2c use",
	  .more = "Writes enable to FIFO before each window and disable after it, waiting for the answer "
		  "in ACK: for a perf stat or perf record that was started switched off and takes its "
		  "commands there, so that it sees the windows only.", TO(perf_control) },
	{ .name = "resume", .kind = OPT_DIR,
	  .doc = "go on with a folder whose run was ended: measures the rows that it lacks, if machine, "
		 "binary and plan are the same; its options are known; a larger --respawn adds processes",
	  TO(resume) },
	{ .name = "process", .kind = OPT_NUMBER, .value = "P", .most = 9999, .take = take_process,
	  .doc = "with --resume: only process P's rows, within this process" },
	{ .name = "replay", .kind = OPT_TEXT, .value = "DIR:ROW",
	  .doc = "print and run the exact command of a row of DIR/bench.csv: its number from 1, or its "
		 "name",
	  TO(replay) },
	{ .name = "only", .kind = OPT_TEXT, .value = "NAME",
	  .doc = "this one case, as it is called in gbench.json; or one row of it, with /rep:N instead of "
		 "/iterations:1", TO(bench.only) },
	{ .name = "yes", .kind = OPT_FLAG, .doc = "also a plan of more than 8 hours without --budget",
	  TO(yes) },
	{ .name = "plan", .kind = OPT_FLAG, .doc = "print rows and duration, measure nothing", TO(plan) },
	{ .name = "xml", .kind = OPT_FILE, .dash = true,
	  .doc = "plan for another machine, see `kickbench topo`; only with --plan",
	  TO(xml) },
	{ .name = "synthetic", .kind = OPT_TEXT, .value = "STR", .doc = "likewise, a described one",
	  TO(synthetic) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "the summary as JSON", TO(json) },
	{ 0 },
};

static void init(void *arg)
{
	bench_options_init(&((struct bench_command *)arg)->bench);
}

static int check(void *arg, const struct opt_line *line)
{
	const struct bench_command *c = arg;

	(void)line;
	if ((c->xml || c->synthetic) && !c->plan)
		return usage_error("bench: --xml and --synthetic describe another machine: only with --plan");
	if (c->xml && c->synthetic)
		return usage_error("bench: --xml and --synthetic exclude each other");
	if (c->resume && c->replay)
		return usage_error("bench: --resume and --replay exclude each other");
	if (c->perf_control && c->bench.processes > 1)
		return usage_error("bench: --perf-control is for this process: not with --respawn");
	if (c->is_process && !c->resume)
		return usage_error("bench: --process is one of a folder's: only with --resume");
	return 0;
}

static const struct opt_table table = {
	.verb = "bench",
	.summary = "measure kicks on pinned threads",
	.usage = "[options]",
	.about = "Measures kicks on pinned threads. Lists are separated by commas; counts take k and M.",
	.after = "Exit: 0 all as declared, 1 a declaration is contradicted, 2 usage, 3 the environment "
		 "failed, 4 nothing that was asked for can run here, 5 a case has no valid repetition.",
	.option = options,
	.size = sizeof(struct bench_command),
	.init = init,
	.check = check,
};

static int parse(struct bench_command *command, int argc, char **argv)
{
	struct opt_line line = { .argc = argc, .argv = argv };

	return opt_parse(&table, command, &line);
}

static int resolve_one(const struct topo *topo, const char *option, const char *text, int *pu)
{
	char err[256];

	if (!text || !topo_parse_one(topo, text, pu, err, sizeof(err)))
		return 0;
	return usage_error("bench: --%s '%s': %s", option, text, err);
}

/* The PUs that were named, now that the topology is known. */
static int resolve(struct bench_command *c, const struct topo *topo)
{
	int failed = resolve_one(topo, "kicker-pu", c->kicker_pu, &c->bench.kicker_pu);

	return failed ? failed : resolve_one(topo, "vcpu-pu", c->vcpu_pu, &c->bench.vcpu_pu);
}

/* Whoever goes on with the run, or repeats a row, plans with the cost of rows that was measured now. */
static int open_new(struct bench_session *session, const struct bench_command *command,
		    const struct bench_plan *plan, int argc, char **argv)
{
	char option[] = "--row-cost", cost[32], **longer;
	int failed;

	if (!command->budget_ns)
		return bench_session_open(session, command->out, argc, argv, plan);
	longer = calloc((size_t)argc + 3, sizeof(*longer));
	if (!longer)
		return bench_session_no_memory(session);
	memcpy(longer, argv, (size_t)argc * sizeof(*longer));
	snprintf(cost, sizeof(cost), "%lluns", (unsigned long long)command->bench.row_ns);
	longer[argc] = option;
	longer[argc + 1] = cost;
	failed = bench_session_open(session, command->out, argc + 2, longer, plan);
	free(longer);
	return failed;
}

static int open_session(struct bench_session *session, const struct bench_command *command,
			const struct bench_plan *plan, int argc, char **argv)
{
	if (command->is_process)
		return bench_session_join(session, command->resume, command->process, plan);
	if (command->resume)
		return bench_session_resume(session, command->resume, argc, argv, plan);
	return open_new(session, command, plan, argc, argv);
}

static int measure_into(struct bench_command *command, const struct bench_plan *plan, int argc, char **argv)
{
	static struct bench_session session;
	int code = verb_session_opened(&session, open_session(&session, command, plan, argc, argv));

	if (code)
		return code;
	verb_catch_signals();
	if (!command->is_process && *bench_plan_left_out(plan->options))
		fprintf(stderr, "left out: %s\n", bench_plan_left_out(plan->options));
	code = verb_session_measure(&session, !command->is_process && plan->options->processes > 1,
				    true);
	if (command->is_process)
		return verb_session_close(&session, code);
	if (view_cells(&session, command->json))
		code = EXIT_ENVIRONMENT;
	fprintf(stderr, "results: %s\n", session.folder.path);
	return verb_session_close(&session, code);
}

/* With a perf outside that is told when a window begins and ends. */
static int measure(struct bench_command *command, const struct bench_plan *plan, int argc, char **argv)
{
	struct perf_control control;
	char err[256];
	int code;

	if (!command->perf_control)
		return measure_into(command, plan, argc, argv);
	if (perf_control_open(&control, command->perf_control, err, sizeof(err)))
		return usage_error("bench: --perf-control %s", err);
	command->bench.control = &control;
	code = measure_into(command, plan, argc, argv);
	command->bench.control = NULL;
	perf_control_close(&control);
	return code;
}

static int make_plan(struct bench_plan *plan, struct bench_command *command, const struct topo *topo)
{
	char err[256];
	int failed = command->budget_ns ? bench_budget_plan(plan, &command->bench, topo,
							    command->budget_ns, err, sizeof(err))
					: bench_plan_make(plan, &command->bench, topo, err, sizeof(err));

	return failed ? usage_error("%s", err) : EXIT_AS_STATED;
}

/* A budget is kept with rows as they are here and now. */
static int measure_row_cost(struct bench_command *command, const struct topo *topo)
{
	char err[256];

	if (!command->budget_ns || command->plan || command->resume || command->bench.row_ns)
		return EXIT_AS_STATED;
	if (bench_row_cost_apart(&command->bench, topo, &command->bench.row_ns, err, sizeof(err)))
		return env_error("%s", err);
	return EXIT_AS_STATED;
}

/* A night; who wants more of a machine says so. */
#define LONG_S (8 * 3600.0)

static int too_long(double rows, double seconds)
{
	return usage_error("bench: about %.0f rows, %.0f hours: say --budget TIME to measure a part of it, "
			   "or --yes", rows, seconds / 3600);
}

/* Counted, since a plan of all pairs of PUs may not fit into memory. */
static int check_length(const struct bench_command *c, const struct topo *topo)
{
	double rows, seconds = bench_plan_least_s(&c->bench, topo, &rows);

	if (c->budget_ns || c->yes || c->resume || c->replay || seconds <= LONG_S)
		return EXIT_AS_STATED;
	if (!c->plan || c->json)
		return too_long(rows, seconds);
	printf("%.0f rows, about %.0f s: too many to print, and to measure without --budget or --yes\n",
	       rows, seconds);
	return -1;
}

static bool is_too_long(const struct bench_command *c, const struct bench_plan *plan)
{
	return !c->plan && !c->budget_ns && !c->yes && !c->resume && !c->replay &&
	       (double)plan->duration_ns * 1e-9 > LONG_S;
}

static int with_topo(struct bench_command *command, int argc, char **argv)
{
	uint64_t began = clock_raw_ns();
	struct bench_plan plan;
	struct topo *topo;
	char err[256];
	int code = verb_load_topo(&topo, command->xml, command->synthetic);

	if (code)
		return code;
	code = resolve(command, topo);
	if (!code && !command->is_process && bench_try(&command->bench, topo, err, sizeof(err)))
		code = env_error("%s", err);
	if (!code)
		code = check_length(command, topo);
	if (command->budget_ns && !command->resume && !command->replay)
		command->bench.until_ns = began + command->budget_ns;
	if (!code)
		code = measure_row_cost(command, topo);
	if (!code)
		code = make_plan(&plan, command, topo);
	if (!code) {
		if (is_too_long(command, &plan))
			code = too_long((double)plan.n_turns, (double)plan.duration_ns * 1e-9);
		else
			code = command->plan ? verb_print_plan(&plan, command->json)
					     : measure(command, &plan, argc, argv);
		bench_plan_free(&plan);
	}
	topo_free(topo);
	return code < 0 ? EXIT_AS_STATED : code;
}

static int load(struct bench_recorded *recorded, const char *dir, int argc, char **argv)
{
	char err[PATH_MAX + 128];
	int failed = bench_recorded_load(recorded, dir, argc, argv, err, sizeof(err));

	return failed == -ENOMEM ? env_error("%s", err) : failed ? usage_error("%s", err) : EXIT_AS_STATED;
}

/* As a shell takes it. */
static void print_command(const struct bench_recorded *recorded)
{
	printf("kickbench");
	for (int i = 0; i < recorded->argc; i++) {
		putchar(' ');
		command_word(recorded->argv[i], stdout);
	}
	printf("\n");
	fflush(stdout);
}

/* With the options that the folder was made with; those given now come after them. */
static int resume(struct bench_command *given, int argc, char **argv)
{
	struct bench_command command;
	struct bench_recorded recorded;
	int code = load(&recorded, given->resume, argc, argv);

	if (!code && recorded.of_study)
		code = usage_error("%s: its run.json has no command line of bench", given->resume);
	if (!code)
		code = parse(&command, recorded.argc, recorded.argv);
	if (!code) {
		command.json = given->json;
		command.plan = given->plan;
		if (!given->bench.processes)
			command.bench.processes = recorded.processes;
		code = with_topo(&command, argc, argv);
	}
	bench_recorded_fini(&recorded);
	return code;
}

static int add_number(struct bench_recorded *recorded, const char *option, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.0f", value);
	return bench_recorded_add(recorded, option, text);
}

/* What bench is to be told so that its plan has a cell of the study. */
static int say_cell(struct bench_recorded *recorded, const struct bench_case *c,
		    const struct bench_options *o)
{
	const char *perf = bench_recorded_value(recorded, "--perf");
	char seed[24];
	int failed = 0;

	snprintf(seed, sizeof(seed), "%" PRIu64, o->seed);
	recorded->argc = 1;
	if (c->backend)
		failed = bench_recorded_add(recorded, "--backend", c->backend->name);
	failed = failed ? failed : bench_recorded_add(recorded, "--scenario", c->scenario->name);
	failed = failed ? failed : bench_recorded_add(recorded, "--seed", seed);
	if (o->pairs_per_class && !failed)
		failed = add_number(recorded, "--pairs", (double)o->pairs_per_class);
	if (c->migrations_per_s > 0 && !failed)
		failed = add_number(recorded, "--migrations-per-s", c->migrations_per_s);
	if (c->mask_width && !failed)
		failed = add_number(recorded, "--vcpus", c->vcpus);
	if (c->mask_width && !failed)
		failed = add_number(recorded, "--in-guest", c->in_guest_pct);
	return perf && !failed ? bench_recorded_add(recorded, "--perf", perf) : failed;
}

/* Has the recorded command measure the row alone, whatever a budget made of its window. */
static int narrow(struct bench_recorded *recorded, const struct bench_plan *plan, size_t turn)
{
	const struct bench_case *c = &plan->cell[plan->turn[turn].cell];
	char name[320], window[32];
	int failed = 0;

	bench_row_name(c, plan->turn[turn].repetition, name, sizeof(name));
	snprintf(window, sizeof(window), "%lluns", (unsigned long long)c->window_ns);
	if (recorded->of_study)
		failed = say_cell(recorded, c, plan->options);
	bench_recorded_drop(recorded, "--budget");
	bench_recorded_drop(recorded, "--respawn");
	bench_recorded_drop(recorded, "--window");
	bench_recorded_drop(recorded, "--only");
	if (failed || bench_recorded_add(recorded, "--window", window) ||
	    bench_recorded_add(recorded, "--only", name))
		return env_error("Cannot allocate memory");
	return EXIT_AS_STATED;
}

static int parse_recorded(struct bench_command *command, const struct bench_recorded *recorded)
{
	static struct verb_study study; /* holds the events that the options name */
	struct opt_line line = { .argc = recorded->argc, .argv = recorded->argv };
	int code;

	if (!recorded->of_study)
		return parse(command, recorded->argc, recorded->argv);
	*command = (struct bench_command){ 0 };
	code = opt_parse(&verb_study_table, &study, &line);
	if (code)
		return code;
	verb_study_choose(&command->bench, &study);
	/* What a budget left of them. */
	if (recorded->window_ns)
		command->bench.window_ns = recorded->window_ns;
	if (recorded->live_window_ns)
		command->bench.live_window_ns = recorded->live_window_ns;
	return EXIT_AS_STATED;
}

static int find_row(struct bench_recorded *recorded, const char *dir, const char *row)
{
	char err[PATH_MAX + 128];
	size_t turn;
	struct bench_command command;
	struct bench_plan plan;
	struct topo *topo = NULL;
	int code = parse_recorded(&command, recorded);
	bool elsewhere;

	command.bench.processes = recorded->processes;
	if (!code)
		code = verb_load_topo(&topo, NULL, NULL);
	if (!code)
		code = resolve(&command, topo);
	if (!code)
		code = make_plan(&plan, &command, topo);
	if (!code) {
		if (bench_recorded_row(dir, row, &plan, &turn, &elsewhere, err, sizeof(err)))
			code = usage_error("%s", err);
		else
			code = narrow(recorded, &plan, turn);
		if (!code && elsewhere)
			fprintf(stderr,
				"kickbench: note: here is no such pair of PUs; the row is of PU %d and %d\n",
				plan.cell[plan.turn[turn].cell].kicker_pu,
				plan.cell[plan.turn[turn].cell].vcpu_pu);
		bench_plan_free(&plan);
	}
	topo_free(topo);
	return code;
}

/* The recorded options and the row's name; where the results go, and how, is said now. */
static int replay(const struct bench_command *given, char **argv)
{
	char dir[PATH_MAX];
	struct bench_command command;
	struct bench_recorded recorded = { 0 };
	const char *row;
	char err[PATH_MAX];
	int code = bench_recorded_split(given->replay, dir, sizeof(dir), &row, err, sizeof(err))
			   ? usage_error("bench: --replay %s", err)
			   : EXIT_AS_STATED;

	if (!code)
		code = load(&recorded, dir, 1, argv);
	if (!code)
		code = find_row(&recorded, dir, row);
	if (!code)
		code = parse(&command, recorded.argc, recorded.argv);
	if (!code) {
		command.out = given->out;
		command.json = given->json;
		command.plan = given->plan;
		command.perf_control = given->perf_control;
		if (given->bench.perf)
			command.bench.perf = given->bench.perf;
		if (!given->json)
			print_command(&recorded);
		code = with_topo(&command, recorded.argc, recorded.argv);
	}
	bench_recorded_fini(&recorded);
	return code;
}

static int run(struct opt_line *line)
{
	if (asked.resume)
		return resume(&asked, line->argc, line->argv);
	if (asked.replay)
		return replay(&asked, line->argv);
	return with_topo(&asked, line->argc, line->argv);
}

const struct verb verb_bench = { &table, &asked, run };
