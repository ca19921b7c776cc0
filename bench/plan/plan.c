// SPDX-License-Identifier: GPL-2.0-or-later
/* Cells from options, and their order: repetitions outermost, backends in ABBA order inside. */
#include "bench/plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pairs of PUs to measure between: the two that were named, or samples of each distance. */
static int choose_pairs(struct bench_plan *plan, char *err, size_t err_size)
{
	const struct bench_options *o = plan->options;
	unsigned int mask = o->distances ? o->distances : TOPO_ALL_DISTANCES & ~TOPO_BIT(TOPO_SAME);
	size_t budget = o->pairs_per_class ? o->pairs_per_class : 1, kept = 0;
	bool named = o->kicker_pu >= 0 || o->vcpu_pu >= 0;
	int failed;

	if (!o->distances && (topo_n_pus(plan->topo) == 1 || (named && o->kicker_pu == o->vcpu_pu)))
		mask |= TOPO_BIT(TOPO_SAME);
	failed = topo_pairs(plan->topo, mask, named ? 0 : budget, o->seed, &plan->pairs, &plan->n_pairs);
	if (failed)
		return failed;
	for (size_t i = 0; i < plan->n_pairs; i++) {
		struct topo_pair p = plan->pairs[i];

		if ((o->kicker_pu < 0 || p.kicker == o->kicker_pu) &&
		    (o->vcpu_pu < 0 || p.vcpu == o->vcpu_pu) && (!named || kept < budget))
			plan->pairs[kept++] = p;
	}
	plan->n_pairs = kept;
	if (kept)
		return 0;
	snprintf(err, err_size, "no pair of PUs here has the distance that was asked for");
	return -EINVAL;
}

static void add_cells(struct bench_plan *plan, const struct bench_scenario *s, const struct bench_backend *b)
{
	const struct bench_options *o = plan->options;

	s->plan(plan, (struct bench_case){ .topo = plan->topo,
					   .scenario = s,
					   .backend = b,
					   .kicker_pu = -1,
					   .vcpu_pu = -1,
					   .kickers = 1,
					   .pcpus = 1,
					   .vcpus = 1,
					   .natural_exits_per_s = o->natural_exits_per_s,
					   .window_ns = o->window_ns,
					   .seed = o->seed });
}

/* One scenario's cells: a floor's once, a protocol's for every backend; without what filters leave out. */
static int add_scenario(struct bench_plan *plan, const struct bench_scenario *s, unsigned int *had)
{
	const struct bench_options *o = plan->options;
	size_t from = plan->n_cells;

	if (s->has_floor || s->is_floor)
		add_cells(plan, s, NULL);
	for (size_t b = 0; b < o->n_backends && !s->is_floor; b++)
		add_cells(plan, s, o->backend[b]);
	*had |= bench_filter_cells(plan, from);
	return plan->error;
}

static int add_scenarios(struct bench_plan *plan, char *err, size_t err_size)
{
	const struct bench_options *o = plan->options;
	unsigned int had = 0;
	const char *unfit;
	int failed = 0;

	for (size_t i = 0; i < o->n_scenarios && !failed; i++)
		failed = add_scenario(plan, o->scenario[i], &had);
	if (failed)
		return failed;
	unfit = bench_filter_unfit(o, had);
	if (unfit)
		snprintf(err, err_size, "--%s fits none of the chosen scenarios: they have no such column",
			 unfit);
	else if (!plan->n_cells)
		snprintf(err, err_size, "nothing is left to measure: the filters exclude every cell");
	return unfit || !plan->n_cells ? -EINVAL : 0;
}

/* Forward in even repetitions, backward in odd ones: drift hits every backend alike. */
static void order_turns(struct bench_plan *plan, size_t from, size_t to, unsigned int repetition)
{
	size_t n_backends = plan->cell[from].backend ? plan->options->n_backends : 1;
	size_t per_backend = (to - from) / n_backends;

	for (size_t i = 0; i < per_backend; i++)
		for (size_t k = 0; k < n_backends; k++) {
			size_t b = repetition % 2 ? n_backends - 1 - k : k;
			size_t cell = from + b * per_backend + i;

			/* What cannot be is said once. */
			if (plan->cell[cell].na && repetition)
				continue;
			plan->turn[plan->n_turns++] = (struct bench_turn){ cell, repetition };
		}
}

/* Where no thread can be pinned, nothing can be measured. */
static void rule_out(struct bench_plan *plan)
{
	const char *na = topo_pin_missing(plan->topo);

	for (size_t i = 0; na && i < plan->n_cells; i++)
		plan->cell[i].na = na;
}

static int order(struct bench_plan *plan)
{
	plan->turn = calloc(plan->n_cells * plan->options->repetitions, sizeof(*plan->turn));
	if (!plan->turn)
		return -ENOMEM;
	for (unsigned int r = 0; r < plan->options->repetitions; r++)
		for (size_t from = 0, to; from < plan->n_cells; from = to) {
			for (to = from; to < plan->n_cells; to++)
				if (plan->cell[to].scenario != plan->cell[from].scenario ||
				    !plan->cell[to].backend != !plan->cell[from].backend)
					break;
			order_turns(plan, from, to, r);
		}
	return 0;
}

/* Is that its name, or that of its case: without a repetition, also with what the library adds to it? */
static bool is_called(const struct bench_plan *plan, size_t turn, const char *asked)
{
	const char *end = strstr(asked, "/iterations:");
	size_t length = end ? (size_t)(end - asked) : strlen(asked);
	char name[320], *repetition;

	bench_row_name(&plan->cell[plan->turn[turn].cell], plan->turn[turn].repetition, name, sizeof(name));
	if (strlen(name) == length && !strncmp(name, asked, length))
		return true;
	repetition = strstr(name, "/rep:");
	return length == (size_t)(repetition - name) && !strncmp(name, asked, length);
}

size_t bench_plan_find(const struct bench_plan *plan, const char *row)
{
	size_t i;

	for (i = 0; i < plan->n_turns && !is_called(plan, i, row); i++)
		;
	return i;
}

/* Drops all but the row that was named, or the rows of the case that was. */
static int keep_only(struct bench_plan *plan, char *err, size_t err_size)
{
	size_t i = bench_plan_find(plan, plan->options->only), cell = 0, kept = 0;

	if (i == plan->n_turns) {
		snprintf(err, err_size, "no row of this plan is called '%.200s'", plan->options->only);
		return -EINVAL;
	}
	for (; i < plan->n_turns; i++)
		if (is_called(plan, i, plan->options->only)) {
			cell = plan->turn[i].cell;
			plan->turn[kept++] = (struct bench_turn){ 0, plan->turn[i].repetition };
		}
	plan->cell[0] = plan->cell[cell];
	plan->n_cells = 1;
	plan->n_turns = kept;
	return 0;
}

/* In the kernel a row is over once its kicks are made: 50 us each is much. */
static uint64_t window_ns(const struct bench_case *c)
{
	return c->kicks && c->kicks * 50000 < c->window_ns ? c->kicks * 50000 : c->window_ns;
}

/* Measured on a quiet machine of 2 PUs: setting a row up, and starting a process. */
static void estimate(struct bench_plan *plan)
{
	const uint64_t row_ns = plan->options->row_ns ? plan->options->row_ns : 600000;
	const uint64_t process_ns = 250000000;
	unsigned int processes = plan->options->processes ? plan->options->processes : 1;

	for (size_t i = 0; i < plan->n_turns; i++) {
		const struct bench_case *c = &plan->cell[plan->turn[i].cell];

		if (c->na)
			continue;
		plan->windows_ns += window_ns(c);
		plan->duration_ns += window_ns(c) + row_ns;
	}
	plan->windows_ns *= processes;
	plan->duration_ns = (plan->duration_ns + process_ns) * processes;
}

int bench_plan_make(struct bench_plan *plan, const struct bench_options *options,
		    const struct topo *topo, char *err, size_t err_size)
{
	int failed;

	*plan = (struct bench_plan){ .options = options, .topo = topo };
	failed = choose_pairs(plan, err, err_size);
	if (!failed)
		failed = add_scenarios(plan, err, err_size);
	if (!failed)
		rule_out(plan);
	if (!failed)
		failed = order(plan);
	if (!failed && options->only)
		failed = keep_only(plan, err, err_size);
	if (!failed)
		estimate(plan);
	if (failed == -ENOMEM)
		snprintf(err, err_size, "Cannot allocate memory");
	if (failed)
		bench_plan_free(plan);
	return failed;
}

void bench_plan_free(struct bench_plan *plan)
{
	free(plan->pairs);
	free(plan->cell);
	free(plan->turn);
	*plan = (struct bench_plan){ 0 };
}

const char *bench_plan_left_out(const struct bench_options *options)
{
	static const char reduced[] =
		"of what --full has: forms request_kick and claim on stolen\n"
		"lines, broken backends and other generations, all but one pair of PUs per distance,\n"
		"broadcasts that wake, sparse masks, 1 and 4096 vCPUs, long windows.";
	static char both[sizeof(reduced) + sizeof(options->left_out) + 32];

	if (!options->reduced)
		return options->left_out;
	snprintf(both, sizeof(both), "%s%s%s", reduced, *options->left_out ? "\nFor the budget: " : "",
		 options->left_out);
	return both;
}
