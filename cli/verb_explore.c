// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench explore: verdicts about backends, with a proof up to a stated bound or an interleaving. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cjson/cJSON.h>

#include "cli/ci.h"
#include "cli/corpus.h"
#include "cli/verbs.h"
#include "cli/view_explore.h"
#include "cli/view_litmus.h"
#include "cli/view_weaken.h"
#include "explore/cell/ask.h"
#include "explore/cell/cache.h"
#include "explore/cell/workers.h"
#include "explore/litmus/ask.h"
#include "explore/model/models.h"
#include "explore/study/litmus_cores.h"
#include "explore/study/weaken_rows.h"
#include "results/flow.h"
#include "results/schema.h"

enum { MOST_NAMES = 128, MATRIX_SECONDS = 10 };

struct explore_command {
	const struct xp_backend *backend[MOST_NAMES];
	size_t n_backends;
	const struct xp_scenario *preset[MOST_NAMES];
	size_t n_presets;
	const char *model[8];
	size_t n_models;
	struct xp_scenario changed; /* free parameters: -1 = as the preset has it */
	int put, shared;	    /* -1: as the preset has it */
	enum xp_form form;
	struct xp_options options;
	double seconds; /* per cell, 0: no limit */
	bool json, expect, list, all_steps;
	bool weaken, pairs; /* which orders carry weight, alone or in pairs too */
	bool matrix, no_cache, all_orders;
	int jobs;	     /* worker processes, 0: none */
	unsigned int shard, shards; /* from 1; 0: all of it */
	const char *resume;
	bool merging, observing; /* of --merge, of --litmus-file */
	bool by_files;		 /* --merge, and the command line does not say of which cells */
	char **file;
	size_t n_files;
	const char *replay, *out, *svg, *cache, *litmus, *corpus;
	struct verb_ci ci;
};

static const void *backend(size_t i)
{
	return xp_backends[i];
}

static const void *preset(size_t i)
{
	return xp_presets[i].name ? &xp_presets[i] : NULL;
}

static const char *quick(size_t i)
{
	return xp_presets[i].quick ? "quick" : NULL;
}

static const char *world(size_t i)
{
	return kick_world(xp_backends[i]->decl);
}

static int take_weaken(void *arg, const struct opt_value *v)
{
	struct explore_command *c = arg;

	c->weaken = true;
	c->pairs = v->n;
	return 0;
}

/* A number of at most six digits; NULL: there is none. */
static const char *take_digits(const char *s, unsigned int *n)
{
	size_t digits = strspn(s, "0123456789");

	*n = (unsigned int)strtoul(s, NULL, 10);
	return digits && digits <= 6 ? s + digits : NULL;
}

/* "2/4": the second of four. */
static int take_shard(void *arg, const struct opt_value *v)
{
	struct explore_command *c = arg;
	const char *s = take_digits(v->text, &c->shard);

	s = s && *s == '/' ? take_digits(s + 1, &c->shards) : NULL;
	if (!s || *s || !c->shard || c->shard > c->shards)
		return usage_error("explore: --shard '%s': expected I/N, from 1/N to N/N", v->text);
	return 0;
}

static const char *model_name(size_t i)
{
	return xp_models[i] ? xp_models[i]->name : NULL;
}

static const char *const forms[] = { "full", "core" }, *const places[] = { "own", "shared" };
static const char *const puts_[] = { "sticky", "clears", "either" }; /* enum xp_put */
static const char *const strategies[] = { "prove", "stateful", "count", "walk", "pct", "auto", "estimate" };
static const char *const pairs[] = { "pairs" };

/* What is asked for that makes other options meaningless. */
enum {
	BOUND = 1 << 0, SAMPLES = 1 << 1, BY_PCT = 1 << 2, CHOSEN = 1 << 3, NO_PROVER = 1 << 4,
	WEAKEN = 1 << 5, LITMUS = 1 << 6, MATRIX = 1 << 7, PARTS = 1 << 8, MERGE = 1 << 9,
	EXPECT = 1 << 10, JSON = 1 << 11, FULL = 1 << 12,
	STUDY = WEAKEN | LITMUS, NO_EXAMPLE = EXPECT | MATRIX | STUDY,
};

static const char *const mood[] = {
	"--bound, which is a search of its own", "--count, or --strategy walk or pct",
	"--count, or --strategy pct", "--strategy, --count: it proves",
	"--strategy, --count: the prover is what is divided", "--weaken, which proves",
	"--litmus, which proves, into its own folder", "--matrix",
	"--jobs, --shard, --resume, --merge, which divide a proof",
	"--merge, which explores nothing", "--expect", "--json",
	"--form full: in the core form the exits are fixed",
};

static uint32_t moods(const void *arg)
{
	const struct explore_command *c = arg;
	int how = c->options.strategy;
	bool pct = how == XP_COUNT || how == XP_PCT, parts = c->jobs || c->shards || c->resume;

	return (c->options.bound >= 0 ? BOUND : 0) |
	       (pct || how == XP_WALK || how == XP_ESTIMATE ? SAMPLES : 0) | (pct ? BY_PCT : 0) |
	       (how != XP_AUTO ? CHOSEN : 0) |
	       (how != XP_AUTO && how != XP_PROVE ? NO_PROVER : 0) | (c->weaken ? WEAKEN : 0) |
	       (c->litmus ? LITMUS : 0) | (c->matrix ? MATRIX : 0) | (parts || c->merging ? PARTS : 0) |
	       (c->merging ? MERGE : 0) | (c->expect ? EXPECT : 0) | (c->json ? JSON : 0) |
	       (c->form == XP_FULL ? FULL : 0);
}

static const char *const of_list[] = { NULL };
static const char *const of_litmus_file[] = { "model", "time", "json", NULL };
static const char *const of_replay[] = { "all-steps", "svg", "out", "json", NULL };

#define TO(member) OPT_TO(struct explore_command, member)
#define SMALL .kind = OPT_NUMBER, .most = 1000
static const struct opt options[] = {
	{ .section = "What", .name = "backend", .kind = OPT_NAMES, .thing_of = backend, .group_of = world,
	  .doc = "protocols or worlds, see `kickbench list`, or all; by default old,patched",
	  OPT_TO_THINGS(struct explore_command, backend, n_backends) },
	{ .name = "scenario", .kind = OPT_NAMES, .thing_of = preset, .quiet = true,
	  .group_of = quick,
	  .doc = "presets, see --list, or all, or quick; by default two-kicks, with --expect, --weaken "
		 "quick", OPT_TO_THINGS(struct explore_command, preset, n_presets) },
	{ .name = "model", .kind = OPT_NAMES, .name_of = model_name, .preset = "sc,tso,pso,rc11",
	  .doc = "memory models; by default with --weaken lkmm, too",
	  OPT_TO_ARRAY(struct explore_command, model, n_models) },
	{ .name = "form", .kind = OPT_CHOICE, OPT_NAMES_OF(forms), .preset = "full",
	  .doc = "full: hosts take IPIs, exits are optional; core: fewer operations, what other tools "
		 "model",
	  TO(form) },

	{ .section = "Changes of the presets", .name = "kickers", SMALL, .doc = "kickers",
	  TO(changed.kickers) },
	{ .name = "kicks", SMALL, .doc = "kicks of each", TO(changed.kicks) },
	{ .name = "vcpus", SMALL, .doc = "vCPUs", TO(changed.vcpus) },
	{ .name = "migrations", SMALL, .doc = "migrations of a vCPU", TO(changed.migrations) },
	{ .name = "pcpus", SMALL, .doc = "pCPUs of a vCPU", TO(changed.pcpus) },
	{ .name = "exits", SMALL, .only = FULL, .doc = "exits by itself", TO(changed.exits) },
	{ .name = "put", .kind = OPT_CHOICE, OPT_NAMES_OF(puts_),
	  .doc = "vcpu->cpu after a put: as it was, -1, or both are explored", TO(put) },
	{ .name = "place", .kind = OPT_CHOICE, OPT_NAMES_OF(places),
	  .doc = "each vCPU has pCPUs of its own, or they all take turns on the same ones", TO(shared) },

	{ .section = "How", .name = "bound", SMALL, .never = STUDY | MATRIX | PARTS,
	  .doc = "only executions with at most N preemptions",
	  TO(options.bound) },
	{ .name = "strategy", .kind = OPT_CHOICE, .value = "S", OPT_NAMES_OF(strategies), .preset = "auto",
	  .never = BOUND, .doc = "how executions are chosen",
	  .more = "auto proves; what the prover is not through with in a fortieth of the --time (a "
		  "quarter of a second at the most), or in a hundred thousand executions without that, the "
		  "stateful walk goes through. Under rc11 with seq_cst accesses that begins after 3/4 of the "
		  "time, or after a million. The verdict says which one decided. "
		  "estimate walks through the prover's tree at random, which takes a moment, and says "
		  "about how many executions there are.",
	  TO(options.strategy) },
	{ .name = "count", .kind = OPT_FLAG, .store = XP_COUNT, .never = BOUND,
	  .doc = "how many interleavings there are, and how many violate what: exactly, and the odds of "
		 "meeting one at random (--strategy count)",
	  .more = "The odds: if each step is chosen uniformly among what is enabled, exactly; and under "
		  "pct, from --samples executions with Wilson's interval. A cell whose --memory or "
		  "--time is spent, or with 2^128 interleavings and more, is undecided.",
	  TO(options.strategy) },
	{ .name = "samples", .kind = OPT_NUMBER, .least = 1, .preset = "1M",
	  .only = SAMPLES, .never = BOUND, .doc = "executions of walk, pct and estimate",
	  TO(options.samples) },
	{ .name = "depth", .kind = OPT_NUMBER, .value = "D", .least = 1, .most = 16, .preset = "4",
	  .only = BY_PCT, .never = BOUND, .doc = "depth of pct", TO(options.pct_depth) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .only = SAMPLES, .never = BOUND,
	  .doc = "of walk, pct and estimate", TO(options.seed) },
	{ .name = "time", .kind = OPT_TIME, .least = 1,
	  .never = MERGE, .doc = "time per cell, then the cell is undecided",
	  TO(seconds) },
	{ .name = "memory", .kind = OPT_NUMBER, .least = 1,
	  .doc = "bytes for sets of states, then the cell is undecided; by default, and at most, 3/4 of "
		 "what is free, to the machine and to the control group",
	  TO(options.memory) },
	{ .name = "jobs", .kind = OPT_NUMBER, .least = 1, .most = XP_MOST_WORKERS,
	  .never = STUDY | NO_PROVER,
	  .doc = "worker processes that share each cell's search; of --matrix, the cells",
	  .more = "A worker that dies is an error. There are no more of them than memory has room for, at "
		  "8 MiB each.",
	  TO(jobs) },
	{ .name = "all-orders", .kind = OPT_FLAG,
	  .never = BOUND | SAMPLES | STUDY,
	  .doc = "leave nothing out: turns of waits, and states",
	  .more = "A loop that only reads one word again is a wait from its third turn on; here that is "
		  "the fifth. States are told apart by all that came before.", TO(all_orders) },

	{ .section = "What is asked", .name = "expect", .kind = OPT_FLAG,
	  .never = STUDY, .doc = "judge what backends declare instead of the properties",
	  .more = "That is said of presets as they are listed, in full form. Of others, what is found beside "
		  "it is a violation, and if not all of it is found the cell is undecided.", TO(expect) },
	{ .name = "matrix", .kind = OPT_FLAG, .never = CHOSEN | STUDY,
	  .doc = "every backend, preset and model (unless named), judged as by --expect, with 10 s per "
		 "cell (--time); what did not change comes from a cache",
	  .more = "A table for each preset with a line per backend and a column per memory model. Cells "
		  "whose sources (the engine, the contract, the backend's text) and parameters are those "
		  "of an earlier run come from the cache.", TO(matrix) },
	{ .name = "cache", .kind = OPT_FILE, .only = MATRIX,
	  .doc = "of --matrix, instead of $XDG_CACHE_HOME/kickbench/explore.csv (~/.cache)", TO(cache) },
	{ .name = "no-cache", .kind = OPT_FLAG, .only = MATRIX,
	  .doc = "of --matrix: no cache at all", TO(no_cache) },
	{ .name = "weaken", .kind = OPT_CHOICE, OPT_NAMES_OF(pairs), .optional = true, .take = take_weaken,
	  .never = SAMPLES,
	  .doc = "weaken each ordered operation (by default of patched, in quick): which carry weight, "
		 "which pairs do, and the weakest set that still holds",
	  .more = "Each is weakened along its ladder, one at a time, and every cell is explored again: "
		  "which orders carry weight, where, and an interleaving that breaks; which could be "
		  "weaker in these presets and models; and a largest set of them that still holds, "
		  "proven. With pairs, also which break only together. Exit 0 whatever breaks, 5 if a "
		  "cell is undecided. With --out, weaken.csv and weaken-BACKEND.txt." },
	{ .name = "litmus", .kind = OPT_DIR, .never = SAMPLES,
	  .doc = "write the cores of what breaks, and of the same as written, as litmus tests for herd7 "
		 "(C11 and LKMM) and as C programs for GenMC",
	  .more = "The core of each counter-example, and of each order that carries weight; expected.txt "
		  "says which outcomes are allowed or forbidden under which of our models. With "
		  "--weaken=pairs, of pairs too. Exit 5 if some cannot be put that way; the line says "
		  "why.", TO(litmus) },
	{ .name = "litmus-file", .kind = OPT_FLAG, .value = "FILE...", .alone = of_litmus_file,
	  .doc = "litmus tests of others, which follow, in herd7's form of C: what each model allows",
	  .more = "With the kernel's words (no RCU), under every model; or with C11's, under those that they "
		  "mean something to. States, witnesses and the observation are as herd7 has them; "
		  "witnesses are executions that were explored. Exit 1 if a file names its Result, and "
		  "lkmm says otherwise.", TO(observing) },
	{ .name = "replay", .kind = OPT_TEXT, .value = "STR", .alone = of_replay,
	  .doc = "run one schedule again and verify its operations",
	  TO(replay) },

	{ .section = "A search in parts", .name = "resume", .kind = OPT_FILE,
	  .never = STUDY | MATRIX | NO_PROVER,
	  .doc = "what is done of a search, to go on from there next time",
	  .more = "What was explored goes there, part by part, and is not explored again: after a "
		  "signal, --time, or a crash the same command goes on. One file may hold many cells.",
	  TO(resume) },
	{ .name = "shard", .kind = OPT_TEXT, .value = "I/N", .take = take_shard,
	  .never = STUDY | MATRIX | NO_PROVER,
	  .doc = "only every Nth part of a search, into --resume FILE: for N machines",
	  .more = "Undecided by itself: exit 0 says that its parts are done." },
	{ .name = "merge", .kind = OPT_FLAG, .value = "FILE...",
	  .never = STUDY | MATRIX | NO_PROVER,
	  .doc = "the verdict of such files, which follow, together; are all parts there?",
	  .more = "Nothing is explored. The files know their cells, and whose parts are missing; with "
		  "--backend, --scenario, --model or a change of the presets, the cells are those of the "
		  "command line. It is a proof only if every part is there, of the sources that this "
		  "program has; files that contradict each other are an error.", TO(merging) },

	{ .section = "What is shown", .name = "all-steps", .kind = OPT_FLAG,
	  .never = NO_EXAMPLE | JSON,
	  .doc = "fold nothing away in a printed counter-example", TO(all_steps) },
	{ .name = "svg", .kind = OPT_FILE, .starts = "<svg ", .never = NO_EXAMPLE,
	  .doc = "the lanes of the last counter-example as a picture", TO(svg) },
	{ .name = "out", .kind = OPT_DIR, .never = LITMUS,
	  .doc = "a results folder: run.json, explore.csv, and of each counter-example its lanes, as "
		 "example-NAME.txt, .json and .svg", TO(out) },
	{ .name = "corpus", .kind = OPT_DIR, .never = NO_EXAMPLE,
	  .doc = "keep each counter-example as a file in this folder, for judge --corpus", TO(corpus) },
	{ .name = "list", .kind = OPT_FLAG, .alone = of_list,
	  .doc = "the presets", TO(list) },
	{ .name = "json", .kind = OPT_FLAG, .never = LITMUS, .doc = "results as JSON", TO(json) },
	VERB_CI_OPTIONS(struct explore_command),
	{ 0 },
};

static void init(void *arg)
{
	struct explore_command *c = arg;

	c->changed.kickers = c->changed.kicks = c->changed.migrations = -1;
	c->changed.vcpus = c->changed.pcpus = c->changed.exits = c->put = c->shared = -1;
	c->options.bound = -1;
}

static bool gives_model(const struct opt_line *line)
{
	return line->given[opt_find(options, "model", 5) - options];
}

/* What was left open hangs on what was asked. */
static int choose(struct explore_command *c, const struct opt_line *line)
{
	bool study = c->weaken || c->litmus;
	int code = 0;

	c->expect |= c->matrix;
	if (c->matrix && !c->seconds)
		c->seconds = MATRIX_SECONDS;
	if (!c->n_backends)
		code = opt_take("explore", opt_find(options, "backend", 7), c,
				c->matrix ? "all" : study ? "patched" : "old,patched");
	if (!code && !c->n_presets)
		code = opt_take("explore", opt_find(options, "scenario", 8), c,
				c->matrix ? "all" : study || c->expect ? "quick" : "two-kicks");
	if (!code && c->weaken && !gives_model(line)) /* some orders no other model sees */
		code = opt_take("explore", opt_find(options, "model", 5), c, "sc,tso,pso,rc11,lkmm");
	return code;
}

/* Are the cells those of the command line? */
static bool says_cells(const struct explore_command *c, const struct opt_line *line)
{
	const struct xp_scenario *to = &c->changed;
	bool changed = to->kickers >= 0 || to->kicks >= 0 || to->migrations >= 0 || to->vcpus >= 0 ||
		       to->pcpus >= 0 || to->exits >= 0 || c->put >= 0 || c->shared >= 0;

	return c->n_backends || c->n_presets || gives_model(line) || changed || c->form || c->all_orders;
}

static int check_line(void *arg, const struct opt_line *line)
{
	struct explore_command *c = arg;

	c->file = line->operand;
	c->n_files = (size_t)line->n_operands;
	if (c->observing && !c->n_files)
		return usage_error("explore: --litmus-file takes files, which follow");
	if (c->n_files && !c->merging && !c->observing)
		return usage_error("explore: unexpected argument '%s'", line->operand[0]);
	if (c->shards && !c->resume)
		return usage_error("explore: --shard takes --resume FILE: what it finds goes there");
	if (c->merging && (!c->n_files || c->resume || c->jobs))
		return usage_error("explore: --merge takes the files of all shards, and no --resume, --jobs");
	c->by_files = c->merging && !says_cells(c, line);
	return choose(c, line);
}

static const struct opt_table table = {
	.verb = "explore",
	.summary = "prove that a kick cannot get lost, or show how it does",
	.usage = "[options]\n--merge FILE... [options]\n--litmus-file FILE... [options]",
	.about = "Explores every interleaving of a backend's own text under a memory model, up to "
		 "equivalence. Lists are separated by commas.",
	.after = "Exit: 0 all hold (with --expect: as declared), 1 a violation, 2 usage, 3 the engine "
		 "refuses, 4 nothing that was asked for can run, 5 undecided: a bound or a budget was "
		 "spent.",
	.option = options,
	.size = sizeof(struct explore_command),
	.init = init,
	.moods = moods,
	.mood = mood,
	.check = check_line,
	.operand = "FILE",
};

/* What is asked, and where its rows go. */
struct explore_run {
	const struct explore_command *c;
	struct xp_ask ask;
	struct xp_scenario scenario[MOST_NAMES];
	struct xp_names names; /* of --merge */
	struct xp_watcher watcher;
	struct view_progress progress;
	struct verb_folder to;
	struct sink_only only;
	struct view_svg pictures, svg; /* of --out; of --svg */
	struct corpus corpus;
	struct sink *sink[8];
	struct sink_tee tee;
	int code;
};

/* The preset with the command line's changes. */
static struct xp_scenario scenario_of(const struct explore_command *c, const struct xp_scenario *preset)
{
	const struct xp_scenario *to = &c->changed;
	struct xp_scenario s = *preset;
	const struct {
		int *of, to;
	} change[] = {
		{ &s.kickers, to->kickers }, { &s.kicks, to->kicks }, { &s.migrations, to->migrations },
		{ &s.pcpus, to->pcpus }, { &s.exits, to->exits }, { &s.vcpus, to->vcpus },
	};

	s.form = c->form;
	for (size_t i = 0; i < sizeof(change) / sizeof(change[0]); i++)
		if (change[i].to >= 0)
			*change[i].of = change[i].to;
	if (c->put >= 0)
		s.put = (enum xp_put)c->put;
	if (c->shared >= 0)
		s.shared = c->shared;
	return s;
}

static void list_presets(void)
{
	const struct xp_scenario *s;

	for (s = xp_presets; s->name; s++)
		printf("%-26s %s%s\n", s->name, s->doc, s->quick ? " (quick tier)" : "");
	puts("Start: each vCPU was loaded on a pCPU, is outside guest mode, no request is pending. Before\n"
	     "each migration it may enter the guest once and leave by itself; its last stint ends by an\n"
	     "IPI only. Where vCPUs share no pCPUs, only the first migrates. Kickers run on pCPUs of "
	     "their\n"
	     "own. A pCPU takes IPIs at once unless its interrupts are off (form core: they stay pending,\n"
	     "and the exits are fixed).");
}

/* Does every scenario that was asked for make sense? */
static int check(const struct explore_command *c)
{
	size_t p;

	for (p = 0; p < c->n_presets; p++) {
		struct xp_scenario s = scenario_of(c, c->preset[p]);
		const char *wrong = xp_scenario_check(&s);

		if (wrong)
			return usage_error("explore: %s takes %s", s.name, wrong);
		if (c->changed.exits > 0 && !s.migrations)
			return usage_error("explore: %s has no migration that --exits could come before",
					   s.name);
	}
	return 0;
}

static void add_sink(struct explore_run *run, struct sink *sink)
{
	run->sink[run->tee.n++] = sink;
	sink_tee_init(&run->tee, run->sink, run->tee.n);
}

static void ask(struct explore_run *run, const struct explore_command *c)
{
	for (size_t i = 0; i < c->n_presets; i++)
		run->scenario[i] = scenario_of(c, c->preset[i]);
	run->watcher = view_progress_init(&run->progress, c->matrix);
	/* The tables want the rows of a preset; else a backend's child answers for all presets. */
	run->ask = (struct xp_ask){
		.backend = c->backend, .n_backends = c->n_backends, .scenario = run->scenario,
		.n_scenarios = c->n_presets, .model = c->model, .n_models = c->n_models,
		.options = c->options, .seconds = c->seconds, .expect = c->expect,
		.all_orders = c->all_orders, .all_steps = c->all_steps, .by_scenario = c->matrix && !c->json,
		.division = { c->jobs, c->shard, c->shards, c->resume, c->file, c->merging ? c->n_files : 0,
			      c->matrix && !c->shards && !c->resume && !c->merging },
		.names = c->by_files ? &run->names : NULL, .watcher = &run->watcher,
	};
	run->ask.options.no_example = c->expect;
}

/* The results folder of --out, among the sinks. */
static int open_out(struct explore_run *run, const struct csv_schema *schema, const struct opt_line *line)
{
	const struct verb_folder_options with = { .out = run->c->out, .line = line,
						     .seed = run->c->options.seed, .schema = schema };
	int code = verb_folder_open(&run->to, &with);

	if (code)
		return code;
	sink_only_init(&run->only, &run->to.files.sink, schema);
	run->ask.run_id = run->to.folder.run_id;
	add_sink(run, &run->only.sink);
	if (schema == &schema_explore) {
		run->only.lanes = XP_EXAMPLE;
		view_svg_init(&run->pictures, NULL, &run->to.folder);
		add_sink(run, &run->pictures.sink);
	}
	return 0;
}

/* What went wrong on the way of the rows; nothing, if that is 0. */
static void judge_sinks(struct explore_run *run, int failed)
{
	const char *path = run->to.folder.path, *err = run->to.files.err;

	if (!failed)
		return;
	if (!*err) {
		path = run->c->out ? path : "explore";
		err = strerror(-failed);
	}
	run->code = exit_code_worst(run->code, env_error("%s: %s", path, err));
}

static int run_cells(struct explore_run *run)
{
	char err[300];
	int failed;

	if (!run->c->replay)
		return xp_run(&run->ask, &run->tee.sink);
	failed = xp_run_example(&run->ask, run->c->replay, &run->tee.sink, err, sizeof(err));
	if (failed == -EINVAL)
		run->code = usage_error("explore: --replay: %s", err);
	else if (failed == -ESTALE)
		run->code = env_error("--replay: %s", err);
	else
		return failed;
	return 0;
}

/* By lines, or as JSON. */
static void run_printed(struct explore_run *run, struct sink *lines)
{
	struct view_cells_json json;
	struct view_code code;
	int failed;

	view_code_init(&code);
	add_sink(run, &code.sink);
	view_cells_json_init(&json);
	add_sink(run, run->c->json ? &json.sink : lines);
	failed = run_cells(run);
	if (run->svg.failed)
		run->code = exit_code_worst(run->code, env_error("%s: %s", run->c->svg,
								 strerror(-run->svg.failed)));
	else
		judge_sinks(run, failed);
	run->code = exit_code_worst(run->code, code.code);
	view_progress_wipe(&run->progress);
	if (run->c->json)
		run->code = exit_code_then(run->code, verb_print_json(json.array));
	else
		cJSON_Delete(json.array);
}

static void explore(struct explore_run *run)
{
	static struct view_cells lines;

	if (view_cells_init(&lines, &run->progress, run->c->all_steps)) {
		run->code = env_error("out of memory");
		return;
	}
	view_svg_init(&run->svg, run->c->svg, NULL);
	if (run->c->svg)
		add_sink(run, &run->svg.sink);
	run_printed(run, &lines.sink);
	view_cells_fini(&lines);
}

static int open_cache(struct xp_cache *cache, const struct explore_command *c)
{
	char err[512];

	if (c->no_cache || !xp_cache_open(cache, c->cache, err, sizeof(err)))
		return 0;
	if (c->cache)
		return usage_error("explore: --cache: %s", err);
	fprintf(stderr, "kickbench: without a cache of verdicts: %s\n", err);
	return 0;
}

/* Tables, or JSON. */
static void matrix(struct explore_run *run)
{
	const struct explore_command *c = run->c;
	struct xp_cache cache = { .writer.fd = -1 };
	struct view_matrix tables;
	int code = open_cache(&cache, c);

	if (code) {
		run->code = code;
		return;
	}
	run->ask.cache = &cache;
	view_matrix_init(&tables, &run->progress, c->n_backends, c->model, c->n_models);
	run_printed(run, &tables.sink);
	if (!c->json)
		view_matrix_totals(&tables, c->seconds);
	xp_cache_close(&cache);
}

/* The study of one backend as a table: on stdout, and in the folder. */
struct weaken_tables {
	struct explore_run *run;
	struct view_weaken table;
	int failed;
};

static void weaken_ended(void *arg, const struct xp_barriers *b)
{
	struct weaken_tables *weaken = arg;
	struct explore_run *run = weaken->run;
	char *text = NULL, name[160];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	view_progress_wipe(&run->progress);
	if (!out) {
		weaken->failed = -ENOMEM;
		return;
	}
	if (b->n_bases)
		view_weaken_table(out, b, &weaken->table);
	else
		fprintf(out, "%s: na: it has none of these presets\n", b->backend->name);
	if (fclose(out)) {
		weaken->failed = -ENOMEM;
		free(text);
		return;
	}
	snprintf(name, sizeof(name), "weaken-%s.txt", b->backend->name);
	if (!run->c->json)
		fputs(text, stdout);
	fflush(stdout);
	if (run->c->out && b->n_bases && !weaken->failed)
		weaken->failed = sink_text(&run->to.files.sink, name, text);
	free(text);
	view_weaken_clear(&weaken->table);
}

static void weaken(struct explore_run *run)
{
	struct weaken_tables weaken = { .run = run };
	const struct xp_weaken_ask ask = { .cells = &run->ask, .pairs = run->c->pairs,
					   .ended = weaken_ended, .arg = &weaken };
	struct sink_rows rows;
	int failed;

	view_weaken_init(&weaken.table, run->c->out ? FLOW_WIDTH : view_width(FLOW_WIDTH));
	add_sink(run, &weaken.table.sink);
	sink_rows_init(&rows);
	if (run->c->json)
		add_sink(run, &rows.sink);
	failed = xp_run_weaken(&ask, &run->tee.sink);
	judge_sinks(run, failed ? failed : weaken.failed);
	if (weaken.table.any)
		run->code = exit_code_worst(run->code,
					    weaken.table.undecided ? EXIT_UNDECIDED : EXIT_AS_STATED);
	if (run->c->json)
		run->code = exit_code_then(
			run->code, verb_print_json(sink_rows_json(&rows, &schema_weaken)));
	sink_rows_fini(&rows);
	view_weaken_clear(&weaken.table);
}

/* A line for each core. */
static int litmus_row(struct sink *sink, const struct csv_row *row)
{
	struct view_code *view = (struct view_code *)sink;
	const char *expected = csv_get(row, "expected"), *reason = csv_get(row, "reason");

	if (expected)
		printf("%-70s %s%s%s%s\n", csv_get(row, "name"), expected, reason ? "  (" : "",
		       reason ? reason : "", reason ? ")" : "");
	else
		printf("%-70s not written: %s\n", csv_get(row, "name"), reason);
	view->code = exit_code_worst(view->code, expected ? EXIT_AS_STATED : EXIT_UNDECIDED);
	return 0;
}

static void litmus(struct explore_run *run)
{
	struct view_code lines = { .sink = { .row = litmus_row }, .code = EXIT_SKIPPED };

	if (mkdir(run->c->litmus, 0777) && errno != EEXIST) {
		run->code = env_error("%s: %s", run->c->litmus, strerror(errno));
		return;
	}
	snprintf(run->to.folder.path, sizeof(run->to.folder.path), "%s", run->c->litmus);
	sink_folder_init(&run->to.files, &run->to.folder);
	sink_only_init(&run->only, &run->to.files.sink, NULL);
	run->only.texts = true;
	add_sink(run, &run->only.sink);
	add_sink(run, &lines.sink);
	judge_sinks(run, xp_run_litmus(&run->ask, run->c->pairs, &run->tee.sink));
	run->code = exit_code_worst(run->code, lines.code);
}

/* Tests of others: as text, or as JSON. */
static int observe(struct explore_run *run)
{
	const struct explore_command *c = run->c;
	const struct xp_litmus_ask ask = { c->file, c->n_files, c->model, c->n_models, c->seconds,
					   &run->watcher };
	struct view_litmus lines;
	struct sink_rows rows;
	char err[300] = "";
	int failed, code;

	run->watcher = view_progress_init(&run->progress, false);
	view_litmus_init(&lines, &run->progress);
	sink_rows_init(&rows);
	verb_catch_signals();
	failed = xp_run_litmus_files(&ask, c->json ? &rows.sink : &lines.sink, err, sizeof(err));
	view_progress_wipe(&run->progress);
	code = lines.code;
	for (size_t i = 0; i < rows.n; i++)
		code = exit_code_worst(code, view_litmus_code(&rows.row[i]));
	if (failed == -EINVAL)
		code = usage_error("explore: --litmus-file: %s", err);
	else if (failed)
		code = env_error("explore: %s", strerror(-failed));
	else if (c->json)
		code = exit_code_then(code, verb_print_json(sink_rows_json(&rows, &xp_schema_observation)));
	sink_rows_fini(&rows);
	return verb_signal() ? 128 + verb_signal() : code;
}

/* The files of --resume and --merge. */
static int check_files(const struct explore_command *c, struct xp_names *names)
{
	char err[512];
	int failed = 0;

	if (c->resume && xp_parts_resumable(c->resume, err, sizeof(err)))
		return usage_error("explore: --resume takes a file that explore wrote, or a new "
				   "one: %s", err);
	for (size_t i = 0; c->merging && i < c->n_files; i++) {
		failed = xp_parts_mergeable(c->file[i], err, sizeof(err));
		if (failed == -EINVAL)
			return usage_error("explore: --merge takes files of --resume; %s is "
					   "none", c->file[i]);
		if (failed)
			return usage_error("explore: --merge: %s", err);
	}
	if (c->by_files)
		failed = xp_parts_names(c->file, c->n_files, names, err, sizeof(err));
	return failed ? usage_error("explore: --merge: %s", err) : 0;
}

static int run_command(struct explore_run *run, const struct opt_line *line)
{
	const struct explore_command *c = run->c;
	int code = 0;

	run->code = EXIT_SKIPPED;
	ask(run, c);
	if (c->out)
		code = open_out(run, c->weaken ? &schema_weaken : &schema_explore, line);
	if (code)
		return code;
	verb_catch_signals();
	if (c->litmus)
		litmus(run);
	else if (c->weaken)
		weaken(run);
	else if (c->matrix)
		matrix(run);
	else
		explore(run);
	if (verb_signal())
		run->code = 128 + verb_signal();
	if (!c->out)
		return run->code;
	return verb_folder_close(&run->to, run->code);
}

/* Who else takes its rows. */
static int open_others(struct explore_run *run, struct explore_command *c)
{
	int code = verb_ci_begin(&c->ci, "explore", c->json);

	if (!code && verb_ci_wanted(&c->ci))
		add_sink(run, &c->ci.tests.sink);
	if (!code && c->corpus)
		code = corpus_open(&run->corpus, c->corpus);
	if (!code && c->corpus)
		add_sink(run, &run->corpus.sink);
	return code;
}

static struct explore_command the_command;

static int run_verb(struct opt_line *line)
{
	static struct explore_run run = { .c = &the_command };
	int code;

	if (the_command.list) {
		list_presets();
		return EXIT_AS_STATED;
	}
	if (the_command.observing)
		return observe(&run);
	code = check(&the_command);
	if (!code)
		code = check_files(&the_command, &run.names);
	if (!code)
		code = open_others(&run, &the_command);
	return code ? code : verb_ci_end(&the_command.ci, run_command(&run, line));
}

const struct verb verb_explore = { &table, &the_command, run_verb };
