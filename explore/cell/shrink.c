// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counter-example that a reader follows most easily: the smallest scenario that still shows the
 * violation, there the fewest preemptions, and there the fewest steps.
 */
#include "explore/cell/cell.h"

enum { MOST_PREEMPTIONS = 3, MOST_TRIES = 400000, SHRINKS = 4, TICK = 1024, LONG_TICK = 8 };

static const struct xp_options *asked; /* of xp_example_search() */
static bool late;

static void capture(struct xp_example *example, const struct xp_scenario *scenario)
{
	example->scenario = *scenario;
	example->found = xp.found;
	example->preemptions = xp_example_preemptions();
	example->steps = xp.depth;
	xp_example_schedule(example->schedule);
}

/* A step that a reader sees; of fences those that do something. */
static bool shown(const struct xp_level *l)
{
	return !l->choices && l->agent < xp.n_fibers &&
	       (l->kind < XP_FENCE || l->kind == XP_IPI || (l->kind == XP_FENCE && xp.model->graph));
}

/* Do the kickers begin in the order of their names? */
static bool in_order(void)
{
	int i, next = xp_scenario.vcpus; /* fiber */

	for (i = 0; i < xp.depth; i++) {
		if (!shown(&xp.level[i]) || xp.level[i].agent < next)
			continue;
		if (xp.level[i].agent > next++)
			return false;
	}
	return true;
}

/* Where executions go on and on there is no end of it: it has the time that was given, as all else has. */
static bool goes_on(void)
{
	uint64_t tries = xp.executions + xp.pruned + xp.too_long;
	bool look = xp.too_long ? !(tries % LONG_TICK) : asked->brief && !(tries % TICK);

	if (look && asked->tick)
		late |= !asked->tick(asked->arg, xp.executions);
	return tries < MOST_TRIES && !late;
}

/*
 * All executions with at most so many preemptions; the shortest one that shows what is wanted, and of these
 * one in which a comes first.
 */
static bool search_bound(const struct xp_cell *cell, const struct xp_scenario *scenario, int bound,
			 unsigned int wanted, struct xp_example *example)
{
	static struct xp_program program;
	bool any = false, ordered = false;

	xp_scenario_program(cell->backend, scenario, &program);
	xp.bound = bound;
	xp_begin(&program, xp_find_model(cell->model), &xp_bounded);
	do {
		if (!xp_execute())
			break;
		if (xp.end != XP_ENDED || !(xp.found & wanted) || !xp_cell_counts(cell))
			continue;
		if (any && (xp.depth > example->steps ||
			    (xp.depth == example->steps && (ordered || !in_order()))))
			continue;
		capture(example, scenario);
		ordered = in_order();
		any = true;
	} while (goes_on() && xp.search->next());
	return any;
}

static bool search_scenario(const struct xp_cell *cell, const struct xp_scenario *scenario,
			    unsigned int wanted, struct xp_example *example)
{
	int bound;

	for (bound = 0; bound <= MOST_PREEMPTIONS && !late; bound++)
		if (search_bound(cell, scenario, bound, wanted, example))
			return true;
	return false;
}

/* A smaller scenario, by one migration, kick, kicker or vCPU; false: there is none of that sort. */
static bool shrink(struct xp_scenario *s, int how)
{
	int *const counts[SHRINKS] = { &s->migrations, &s->kicks, &s->kickers, &s->vcpus };
	int *count = counts[how];

	if (*count <= (how ? 1 : 0))
		return false;
	--*count;
	return true;
}

bool xp_example_search(struct xp_cell *cell, const struct xp_options *options, unsigned int wanted)
{
	struct xp_scenario smallest = cell->scenario;
	static struct xp_example smaller;
	bool any;
	int how;

	asked = options;
	late = false;
	xp.memory_limit = options->memory;
	any = search_scenario(cell, &smallest, wanted, &cell->example);
	for (how = 0; how < SHRINKS; how++) {
		struct xp_scenario next = smallest;

		while (shrink(&next, how) && search_scenario(cell, &next, wanted, &smaller)) {
			cell->example = smaller;
			smallest = next;
			any = true;
		}
	}
	xp_bounded.fini();
	xp.error[0] = 0;
	return any;
}
