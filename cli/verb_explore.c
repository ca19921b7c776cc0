// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench explore: verdicts about backends, with a proof up to a stated bound or an interleaving. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/explore_jobs.h"
#include "cli/explore_judge.h"
#include "cli/explore_litmus.h"
#include "cli/explore_matrix.h"
#include "cli/explore_options.h"
#include "cli/explore_output.h"
#include "cli/explore_parts.h"
#include "cli/explore_run.h"
#include "cli/explore_watch.h"
#include "cli/explore_weaken.h"
#include "cli/opt.h"
#include "cli/verbs.h"
#include "results/schema.h"

enum { MATRIX_SECONDS = 10 };

/* What one run of the verb keeps. */
static struct run {
	struct explore_command command;
	struct explore_folder folder;
	cJSON *json;
	int code;
} the_run;

static const char *backend_name(size_t i)
{
	return xp_backends[i] ? xp_backends[i]->name : NULL;
}

static int take_backends(void *arg, const struct opt_value *v)
{
	struct explore_command *c = arg;

	for (c->n_backends = 0; c->n_backends < v->n && c->n_backends < EXPLORE_MAX_LIST; c->n_backends++)
		c->backend[c->n_backends] = xp_backends[v->index[c->n_backends]];
	return 0;
}

static const char *preset_name(size_t i)
{
	return xp_presets[i].name;
}

static bool is_quick(size_t i)
{
	return xp_presets[i].quick;
}

static int take_presets(void *arg, const struct opt_value *v)
{
	struct explore_command *c = arg;

	for (c->n_presets = 0; c->n_presets < v->n && c->n_presets < EXPLORE_MAX_LIST; c->n_presets++)
		c->preset[c->n_presets] = &xp_presets[v->index[c->n_presets]];
	return 0;
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

static const char *const models[] = { "sc", "tso", "pso", "rc11" };
static const char *const forms[] = { "full", "core" }, *const places[] = { "own", "shared" };
static const char *const puts_[] = { "sticky", "clears", "either" }; /* enum xp_put */
static const char *const strategies[] = { "prove", "stateful", "count", "walk", "pct" };
static const char *const pairs[] = { "pairs" };

#define TO(member) OPT_TO(struct explore_command, member)
#define SMALL .kind = OPT_NUMBER, .most = 1000
static const struct opt options[] = {
	{ .section = "What", .name = "backend", .kind = OPT_NAMES, .name_of = backend_name,
	  .take = take_backends,
	  .doc = "protocols, see `kickbench list`, or all; by default old,patched" },
	{ .name = "scenario", .kind = OPT_NAMES, .name_of = preset_name, .take = take_presets,
	  .quiet = true,
	  .group = "quick", .in_group = is_quick,
	  .doc = "presets, see --list, or all, or quick; by default two-kicks, with --expect, --weaken "
		 "quick" },
	{ .name = "model", .kind = OPT_NAMES, OPT_NAMES_OF(models), .preset = "all",
	  .doc = "memory models",
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
	{ .name = "exits", SMALL, .doc = "exits by itself", TO(changed.exits) },
	{ .name = "put", .kind = OPT_CHOICE, OPT_NAMES_OF(puts_),
	  .doc = "vcpu->cpu after a put: as it was, -1, or both are explored", TO(put) },
	{ .name = "place", .kind = OPT_CHOICE, OPT_NAMES_OF(places),
	  .doc = "each vCPU has pCPUs of its own, or they all take turns on the same ones", TO(shared) },

	{ .section = "How", .name = "bound", SMALL, .doc = "only executions with at most N preemptions",
	  TO(options.bound) },
	{ .name = "strategy", .kind = OPT_CHOICE, .value = "S", OPT_NAMES_OF(strategies), .preset = "prove",
	  .doc = "how executions are chosen", TO(options.strategy) },
	{ .name = "count", .kind = OPT_FLAG, .store = XP_COUNT,
	  .doc = "how many interleavings there are, and how many violate what: exactly, and the odds of "
		 "meeting one at random (--strategy count)",
	  .more = "The odds: if each step is chosen uniformly among what is enabled, exactly; and under "
		  "pct, from --samples executions with Wilson's interval. A cell whose --memory or "
		  "--time is spent, or with 2^128 interleavings and more, is undecided.",
	  TO(options.strategy) },
	{ .name = "samples", .kind = OPT_NUMBER, .least = 1, .preset = "1M",
	  .doc = "executions of walk and pct",
	  TO(options.samples) },
	{ .name = "depth", .kind = OPT_NUMBER, .value = "D", .least = 1, .most = 16, .preset = "4",
	  .doc = "depth of pct", TO(options.pct_depth) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of walk and pct", TO(options.seed) },
	{ .name = "time", .kind = OPT_TIME, .least = 1,
	  .doc = "time per cell, then the cell is undecided",
	  TO(seconds) },
	{ .name = "memory", .kind = OPT_NUMBER, .least = 1,
	  .doc = "bytes for sets of states, then the cell is undecided; by default 3/4 of what is free",
	  TO(options.memory) },
	{ .name = "jobs", .kind = OPT_NUMBER, .least = 1, .most = JOBS_MOST,
	  .doc = "worker processes that share each cell's search",
	  .more = "A worker that dies is an error.",
	  TO(jobs) },
	{ .name = "all-orders", .kind = OPT_FLAG,
	  .doc = "explore kickers that are alike in every order, too",
	  .more = "Kickers that run the same program (dirty-log, wait) are alike: by default one order "
		  "of their first steps stands for all, and the verdict says so.", TO(all_orders) },

	{ .section = "What is asked", .name = "expect", .kind = OPT_FLAG,
	  .doc = "judge what backends declare instead of the properties", TO(expect) },
	{ .name = "matrix", .kind = OPT_FLAG,
	  .doc = "every backend, preset and model (unless named), judged as by --expect, with 10 s per "
		 "cell (--time); what did not change comes from a cache",
	  .more = "A table for each preset with a line per backend and a column per memory model. Cells "
		  "whose sources (the engine, the contract, the backend's text) and parameters are those "
		  "of an earlier run come from the cache.", TO(matrix) },
	{ .name = "cache", .kind = OPT_FILE,
	  .doc = "of --matrix, instead of $XDG_CACHE_HOME/kickbench/explore.csv (~/.cache)", TO(cache) },
	{ .name = "no-cache", .kind = OPT_FLAG, .doc = "of --matrix: no cache at all", TO(no_cache) },
	{ .name = "weaken", .kind = OPT_CHOICE, OPT_NAMES_OF(pairs), .optional = true, .take = take_weaken,
	  .doc = "weaken each ordered operation (by default of patched, in quick): which carry weight, "
		 "which pairs do, and the weakest set that still holds",
	  .more = "Each is weakened along its ladder, one at a time, and every cell is explored again: "
		  "which orders carry weight, where, and an interleaving that breaks; which could be "
		  "weaker in these presets and models; and a largest set of them that still holds, "
		  "proven. With pairs, also which break only together. Exit 0 whatever breaks, 5 if a "
		  "cell is undecided. With --out, weaken.csv and weaken-BACKEND.txt." },
	{ .name = "litmus", .kind = OPT_DIR,
	  .doc = "write the cores of what breaks, and of the same as written, as litmus tests for herd7 "
		 "(C11 and LKMM) and as C programs for GenMC",
	  .more = "The core of each counter-example, and of each order that carries weight; expected.txt "
		  "says which outcomes are allowed or forbidden under which of our models. With "
		  "--weaken=pairs, of pairs too. Exit 5 if some cannot be put that way; the line says "
		  "why.", TO(litmus) },
	{ .name = "replay", .kind = OPT_TEXT, .value = "STR",
	  .doc = "run one schedule again and verify its operations",
	  TO(replay) },

	{ .section = "A search in parts", .name = "resume", .kind = OPT_FILE,
	  .doc = "what is done of a search, to go on from there next time",
	  .more = "What was explored goes there, part by part, and is not explored again: after a "
		  "signal, --time, or a crash the same command goes on. One file may hold many cells.",
	  TO(resume) },
	{ .name = "shard", .kind = OPT_TEXT, .value = "I/N", .take = take_shard,
	  .doc = "only every Nth part of a search, into --resume FILE: for N machines",
	  .more = "Undecided by itself." },
	{ .name = "merge", .kind = OPT_FLAG, .value = "FILE...",
	  .doc = "the verdict of such files, which follow, together; are all parts there?",
	  .more = "With the cells of the shards on the command line: nothing is explored. It is a proof "
		  "only if every part is there, of the sources that this program has; files that "
		  "contradict each other are an error.", TO(merging) },

	{ .section = "What is shown", .name = "all-steps", .kind = OPT_FLAG,
	  .doc = "fold nothing away in a printed counter-example", TO(all_steps) },
	{ .name = "svg", .kind = OPT_FILE, .doc = "the lanes of the last counter-example as a picture",
	  TO(svg) },
	{ .name = "out", .kind = OPT_DIR,
	  .doc = "a results folder: run.json, explore.csv, and of each counter-example its lanes, as "
		 "example-NAME.txt, .json and .svg", TO(out) },
	{ .name = "list", .kind = OPT_FLAG, .doc = "the presets", TO(list) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "results as JSON", TO(json) },
	{ 0 },
};

static void init(void *arg)
{
	struct explore_command *c = arg;

	c->changed.kickers = c->changed.kicks = c->changed.migrations = -1;
	c->changed.vcpus = c->changed.pcpus = c->changed.exits = c->put = c->shared = -1;
	c->options.bound = -1;
}

/* What proves, and so takes nothing that only looks at some executions. */
static int check_studies(const struct explore_command *c)
{
	bool partly = c->options.bound >= 0 || c->options.strategy > XP_STATEFUL;

	if ((c->weaken || c->litmus) && (c->replay || c->expect || c->svg || partly))
		return usage_error("--weaken and --litmus prove: they take no --replay, --expect, --svg, "
				   "--bound, nor a strategy that samples");
	if (c->litmus && (c->out || c->json))
		return usage_error("--litmus writes into its own folder: it takes no --out, --json");
	if (c->matrix && (c->replay || c->svg || c->weaken || c->litmus || partly ||
			  c->options.strategy != XP_PROVE))
		return usage_error("--matrix proves: it takes no --replay, --svg, --weaken, --litmus, "
				   "--bound, --strategy, --count");
	if (!c->matrix && (c->cache || c->no_cache))
		return usage_error("--cache and --no-cache go with --matrix");
	return 0;
}

static int check_parts(const struct explore_command *c)
{
	bool in_parts = c->jobs || c->shards || c->resume || c->merging;

	if (in_parts && (c->options.bound >= 0 || c->options.strategy != XP_PROVE || c->replay || c->weaken ||
			 c->litmus))
		return usage_error("--jobs, --shard, --resume and --merge divide a proof: they take no "
				   "--bound, --strategy, --count, --replay, --weaken, --litmus");
	if (c->matrix && (c->shards || c->resume || c->merging))
		return usage_error("--matrix has a cache of its own: it takes no --shard, --resume, "
				   "--merge");
	if (c->shards && !c->resume)
		return usage_error("--shard takes --resume FILE: what it finds goes there");
	if (c->merging && (!c->n_merge || c->resume || c->jobs))
		return usage_error("--merge takes the files of all shards, and no --resume, --jobs");
	return 0;
}

/* What was left open hangs on what was asked. */
static int choose(struct explore_command *c)
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
	return code;
}

static int check_line(void *arg, const struct opt_line *line)
{
	struct explore_command *c = arg;
	int code;

	c->merge = line->operand;
	c->n_merge = (size_t)line->n_operands;
	if (c->n_merge && !c->merging)
		return usage_error("explore: unexpected argument '%s'", line->operand[0]);
	code = check_studies(c);
	if (!code)
		code = check_parts(c);
	return code ? code : choose(c);
}

static const struct opt_table table = {
	.verb = "explore",
	.summary = "prove that a kick cannot get lost, or show how it does",
	.usage = "[options]\n--merge FILE... [options]",
	.about = "Explores every interleaving of a backend's own text under a memory model, up to "
		 "equivalence. Lists are separated by commas.",
	.after = "Exit: 0 all hold (with --expect: as declared), 1 a violation, 2 usage, 3 the engine "
		 "refuses, 4 nothing that was asked for can run, 5 undecided: a bound or a budget was "
		 "spent.",
	.option = options,
	.size = sizeof(struct explore_command),
	.init = init,
	.check = check_line,
	.operand = "FILE",
};

static void report(void *arg, const struct explore_row *row)
{
	struct run *run = arg;
	struct explore_command *c = &run->command;
	int code;

	if (c->json)
		cJSON_AddItemToArray(run->json, explore_json(row));
	else if (!c->matrix)
		explore_print(row, c->all_steps);
	if (c->out) {
		code = explore_folder_write(&run->folder, row);
		if (code)
			run->code = exit_code_worst(run->code, code);
	}
	if (c->svg && row->cell->has_example) {
		code = explore_write_svg(c->svg, row->cell);
		if (code)
			run->code = exit_code_worst(run->code, code);
	}
}

static void run_cells(struct run *run)
{
	static struct xp_cell cell;
	struct explore_command *c = &run->command;
	struct explore_row row;
	size_t b, p, m;

	for (b = 0; b < c->n_backends; b++)
		for (p = 0; p < c->n_presets; p++)
			for (m = 0; m < c->n_models && !watch_caught(); m++) {
				explore_begin(c, c->backend[b], c->preset[p], c->model[m], &cell, &row);
				run->code = exit_code_worst(run->code, explore_run(c, &cell, &row));
				report(run, &row);
			}
	if (watch_caught())
		run->code = 128 + watch_caught();
}

static void run_replay(struct run *run)
{
	static struct xp_cell cell;
	struct explore_row row = { .cell = &cell };
	char err[300];
	int failed = xp_example_replay(run->command.replay, &cell, err, sizeof(err));

	if (failed == -EINVAL) {
		run->code = usage_error("--replay: %s", err);
		return;
	}
	if (failed) {
		run->code = env_error("--replay: %s", err);
		return;
	}
	cell.status = XP_BUDGET;
	cell.executions = 1;
	snprintf(cell.reason, sizeof(cell.reason), "replayed and verified");
	run->code = explore_judge(&row);
	report(run, &row);
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
		struct xp_scenario s = explore_scenario(c, c->preset[p]);
		const char *wrong = xp_scenario_check(&s);

		if (wrong)
			return usage_error("explore: %s takes %s", s.name, wrong);
	}
	return 0;
}

static int explore(struct run *run, int argc, char **argv)
{
	struct explore_command *c = &run->command;
	char *text;

	if (c->out) {
		int code = explore_folder_open(&run->folder, &schema_explore, c->out, argc, argv,
					       c->options.seed);

		if (code)
			return code;
	}
	watch_signals();
	run->json = c->json ? cJSON_CreateArray() : NULL;
	run->code = EXIT_SKIPPED;
	if (c->replay)
		run_replay(run);
	else if (c->matrix)
		run->code = exit_code_worst(run->code, explore_matrix(c, report, run));
	else
		run_cells(run);
	if (c->json) {
		text = cJSON_Print(run->json);
		puts(text ? text : "null");
		free(text);
		cJSON_Delete(run->json);
	}
	return c->out ? explore_folder_close(&run->folder, run->code) : run->code;
}

static int run_verb(struct opt_line *line)
{
	struct explore_command *c = &the_run.command;
	int code;

	if (c->list) {
		list_presets();
		return EXIT_AS_STATED;
	}
	code = check(c);
	if (!code)
		code = explore_parts_check(c);
	if (code)
		return code;
	if (c->litmus)
		return explore_litmus(c);
	return c->weaken ? explore_weaken(c, line->argc, line->argv)
			 : explore(&the_run, line->argc, line->argv);
}

const struct verb verb_explore = { &table, &the_run.command, run_verb };
