// SPDX-License-Identifier: GPL-2.0-or-later
/* One cell: which search runs, when it stops, and what came of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/engine.h"
#include "explore/examples.h"
#include "explore/weaken.h"

enum { TICK = 1024, CHECK_AGAIN = 8192 };

static const struct xp_model *find_model(const char *name)
{
	const struct xp_model *m;

	for (m = xp_models; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

unsigned int xp_model_bit(const char *name)
{
	const struct xp_model *m = find_model(name);

	return m ? m->bit : 0;
}

/* The same schedule once more must come to the same end: nothing but the schedule may decide. */
static void check_again(void)
{
	uint64_t first[2], again[2], executions = xp.executions;
	unsigned int found = xp.found;
	int replay = xp.replay;
	bool forced = xp.forced;

	xp_hash_state(first);
	xp.replay = xp.depth;
	xp.forced = false;
	xp_execute();
	xp_hash_state(again);
	if (memcmp(first, again, sizeof(first)))
		xp_fail("%s is not deterministic: the same schedule came to two different ends",
			xp.program->name);
	xp.executions = executions;
	xp.found = found;
	xp.replay = replay;
	xp.forced = forced;
}

/* Should the search go on? */
static bool go_on(struct xp_cell *cell, const struct xp_options *options, uint64_t tries)
{
	if (options->enough && (cell->found & options->enough) == options->enough)
		return false;
	if (cell->found & options->any)
		return false;
	if (options->executions && xp.executions >= options->executions)
		return false;
	if (cell->status == XP_SAMPLED && xp.executions + xp.too_long >= options->samples)
		return false;
	return tries % TICK || !options->tick || options->tick(options->arg, xp.executions);
}

/* The first execution that shows the worst so far is kept, in case nothing better is found. */
static void keep(struct xp_cell *cell)
{
	unsigned int worst = xp_worst(xp.found), kept = cell->example.found, left;

	cell->hits++;
	for (left = xp.found; left; left &= left - 1)
		cell->hits_of[__builtin_ctz(left)]++;
	cell->found |= xp.found;
	if (cell->has_example && (kept & worst || xp_worst(kept | worst) != worst))
		return;
	cell->has_example = true;
	cell->example.scenario = cell->scenario;
	cell->example.found = xp.found;
	cell->example.preemptions = xp_example_preemptions();
	cell->example.steps = xp.depth;
	xp_example_schedule(cell->example.schedule);
}

/* Runs a search to its end: true, or until something stops it. */
static bool run_search(struct xp_cell *cell, const struct xp_options *options,
		       const struct xp_program *program, const struct xp_search *search)
{
	bool complete = false;
	uint64_t tries = 0;

	xp_begin(program, find_model(cell->model), search);
	do {
		if (!xp_execute())
			break;
		if (xp.found)
			keep(cell);
		if (xp.end == XP_ENDED && tries % CHECK_AGAIN == 0)
			check_again();
		tries++;
		complete = !xp.error[0] && !search->next();
	} while (!complete && !xp.error[0] && go_on(cell, options, tries));
	cell->executions += xp.executions;
	cell->pruned += xp.pruned;
	cell->steps += xp.steps;
	cell->states += xp.states;
	if (xp.max_stale > cell->max_stale)
		cell->max_stale = xp.max_stale;
	if (xp.max_dropped > cell->max_dropped)
		cell->max_dropped = xp.max_dropped;
	if (search->fini)
		search->fini();
	return complete;
}

static void run_bounds(struct xp_cell *cell, const struct xp_options *options,
		       const struct xp_program *program)
{
	cell->status = XP_BOUND;
	for (cell->bound = 0; cell->bound <= options->bound; cell->bound++) {
		xp.bound = cell->bound;
		if (!run_search(cell, options, program, &xp_bounded)) {
			cell->status = XP_BUDGET;
			break;
		}
		/* Cut executions: what was looked at is not all within the bound; xp_cell_run() says so. */
		if (cell->found || xp.too_long)
			return;
	}
	cell->bound--;
}

static void run_strategy(struct xp_cell *cell, const struct xp_options *options,
			 const struct xp_program *program)
{
	static const struct xp_search *const search[] = {
		[XP_PROVE] = &xp_dpor, [XP_STATEFUL] = &xp_stateful,
		[XP_COUNT] = &xp_count, [XP_WALK] = &xp_walk, [XP_PCT] = &xp_pct,
	};

	xp.seed = options->seed;
	xp.pct_depth = options->pct_depth;
	xp.memory_limit = options->memory;
	if (options->bound >= 0) {
		run_bounds(cell, options, program);
		return;
	}
	if (options->strategy >= XP_WALK) {
		cell->status = XP_SAMPLED;
		run_search(cell, options, program, search[options->strategy]);
		return;
	}
	cell->status = XP_EXHAUSTIVE;
	if (!run_search(cell, options, program, search[options->strategy]))
		cell->status = XP_BUDGET;
	else if (options->strategy == XP_COUNT && !xp.error[0])
		xp_count_result(&cell->counts);
}

/* A name that --replay verifies: the hash of all operations, from a run of the schedule itself. */
static bool seal(struct xp_cell *cell)
{
	static struct xp_program program;

	xp_scenario_program(cell->backend, &cell->example.scenario, &program);
	xp_example_load(cell->example.schedule);
	xp_begin(&program, find_model(cell->model), &xp_replay);
	xp.recording = true;
	xp_execute();
	xp.recording = false;
	cell->example.op_hash = xp.op_hash;
	return !xp.error[0] && xp.end == XP_ENDED;
}

int xp_cell_run(struct xp_cell *cell, const struct xp_options *options)
{
	static struct xp_program program;
	const char *na;

	if (!find_model(cell->model))
		return -EINVAL;
	na = xp_na(cell->backend, &cell->scenario);
	if (na) {
		cell->status = XP_NA;
		snprintf(cell->reason, sizeof(cell->reason), "%s", na);
		return 0;
	}
	if (cell->scenario.immediate && options->strategy == XP_PROVE && options->bound < 0) {
		cell->status = XP_FAILED;
		snprintf(cell->reason, sizeof(cell->reason),
			 "what is judged whenever a kick returns takes the stateful walk");
		return 0;
	}
	xp_weaken(cell->weak);
	xp_scenario_program(cell->backend, &cell->scenario, &program);
	run_strategy(cell, options, &program);
	if (xp.error[0]) {
		snprintf(cell->reason, sizeof(cell->reason), "%s", xp.error);
		cell->status = strstr(xp.error, "budget") ? XP_BUDGET : XP_FAILED;
	} else if (xp.too_long && (cell->status == XP_EXHAUSTIVE || cell->status == XP_BOUND)) {
		snprintf(cell->reason, sizeof(cell->reason), "%llu executions went on for more than %d steps",
			 (unsigned long long)xp.too_long, XP_LEVELS);
		cell->status = XP_BUDGET;
	}
	if (cell->has_example && !options->no_example && cell->status != XP_FAILED) {
		unsigned int show = options->show ? options->show : ~0u;

		xp_example_search(cell, options, xp_worst(cell->found & show));
		cell->has_example = seal(cell);
	}
	return 0;
}

/* Splits "a/b/c/..." in place; returns how many parts there were. */
static int split(char *text, char **part, int n)
{
	char *save = NULL, *word;
	int i = 0;

	for (word = strtok_r(text, "/", &save); word && i < n; word = strtok_r(NULL, "/", &save))
		part[i++] = word;
	return i;
}

/* "BACKEND/PRESET/MODEL/FORM/PARAMETERS" */
static int print_name(const struct xp_cell *cell, const struct xp_scenario *s, char *text, size_t size)
{
	char weak[XP_NAME - XP_SCHEDULE], parameters[64];

	xp_parameters_print(s, parameters, sizeof(parameters));
	xp_weakenings_print(cell->weak, weak, sizeof(weak));
	return snprintf(text, size, "%s%s/%s/%s/%s/%s", cell->backend->name, weak, s->name, cell->model,
			s->form == XP_CORE ? "core" : "full", parameters);
}

void xp_cell_name(const struct xp_cell *cell, char *text, size_t size)
{
	print_name(cell, &cell->scenario, text, size);
}

void xp_example_name(const struct xp_cell *cell, char *text, size_t size)
{
	const struct xp_example *e = &cell->example;
	size_t at = print_name(cell, &e->scenario, text, size);

	if (at < size)
		snprintf(text + at, size - at, "/%016llx/%s", (unsigned long long)e->op_hash,
			 e->schedule);
}

static int refuse(char *err, size_t err_size, int code, const char *why)
{
	snprintf(err, err_size, "%s", why);
	return code;
}

/* "patched~kvm.h:128:smp_mb=dropped": the backend's name alone is left. */
static bool parse_weakenings(char *text, struct xp_cell *cell)
{
	static struct xp_weakenings weak;
	char *tilde = strchr(text, '~');

	if (!tilde)
		return true;
	*tilde = 0;
	cell->weak = &weak;
	return xp_weakenings_parse(tilde + 1, &weak);
}

/* The parts of a name into a cell; NULL, or what is wrong. */
static const char *parse_name(char *text, struct xp_cell *cell, unsigned long long *hash)
{
	struct xp_scenario *s = &cell->example.scenario;
	char *part[7];

	if (split(text, part, 7) != 7)
		return "not BACKEND/PRESET/MODEL/FORM/PARAMETERS/HASH/SCHEDULE";
	if (!parse_weakenings(part[0], cell))
		return "what follows the backend is not ~FILE:LINE:WORD=ORDER";
	cell->backend = xp_backend(part[0]);
	if (!cell->backend || !xp_preset(part[1]) || !find_model(part[2]))
		return "unknown backend, preset or model";
	cell->model = find_model(part[2])->name;
	*s = *xp_preset(part[1]);
	s->form = !strcmp(part[3], "core") ? XP_CORE : XP_FULL;
	if (!xp_parameters_parse(part[4], s) || sscanf(part[5], "%llx", hash) != 1)
		return "bad parameters";
	cell->scenario = *s;
	snprintf(cell->example.schedule, XP_SCHEDULE, "%s", part[6]);
	return xp_na(cell->backend, s);
}

int xp_example_replay(const char *text, struct xp_cell *cell, char *err, size_t err_size)
{
	static char copy[XP_NAME];
	unsigned long long hash;
	const char *wrong;

	if (strlen(text) >= sizeof(copy))
		return refuse(err, err_size, -EINVAL, "the schedule is too long");
	strcpy(copy, text);
	memset(cell, 0, sizeof(*cell));
	wrong = parse_name(copy, cell, &hash);
	if (wrong)
		return refuse(err, err_size, -EINVAL, wrong);
	xp_weaken(cell->weak);
	if (!seal(cell))
		return refuse(err, err_size, -ESTALE, xp.error[0] ? xp.error : "the execution does not end");
	if (xp_weaken_missed(cell->weak, cell->backend->name))
		return refuse(err, err_size, -EINVAL, "nothing that it weakens is met, or can be that weak");
	cell->found = cell->example.found = xp.found;
	cell->has_example = true;
	cell->example.steps = xp.depth;
	cell->example.preemptions = xp_example_preemptions();
	if (cell->example.op_hash != hash)
		return refuse(err, err_size, -ESTALE,
			      "the operations are not those that the schedule was made from");
	return 0;
}
