// SPDX-License-Identifier: GPL-2.0-or-later
/* Cells from options, and their order: repetitions outermost, backends in ABBA order inside. */
#include "bench/plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/run/run.h"

struct bench_case bench_plan_cell(const struct bench_plan *plan, const struct bench_scenario *scenario,
				  const struct bench_backend *backend)
{
	const struct bench_options *o = plan->options;

	return (struct bench_case){ .scenario = scenario,
				    .backend = backend,
				    .kicker_pu = -1,
				    .vcpu_pu = -1,
				    .kickers = 1,
				    .pcpus = 1,
				    .vcpus = 1,
				    .natural_exits_per_s = o->natural_exits_per_s,
				    .window_ns = o->window_ns,
				    .seed = o->seed };
}

static bool listed(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (name && !strcmp(list[i], name))
			return true;
	return n == 0;
}

static bool is_left_out(const struct bench_options *o, const struct bench_case *cell)
{
	const char *part[] = { cell->path, cell->line, cell->form, cell->put, cell->loop };

	for (size_t i = 0; i < o->n_without; i++)
		for (size_t k = 0; k < sizeof(part) / sizeof(part[0]); k++)
			if (part[k] && !strcmp(part[k], o->without[i]))
				return true;
	return false;
}

void bench_plan_add(struct bench_plan *plan, const struct bench_case *cell)
{
	const struct bench_options *o = plan->options;

	if (!listed(o->path, o->n_path, cell->path) || !listed(o->line, o->n_line, cell->line) ||
	    !listed(o->form, o->n_form, cell->form) || !listed(o->put, o->n_put, cell->put) ||
	    !listed(o->loop, o->n_loop, cell->loop) || is_left_out(o, cell))
		return;
	if (plan->n_cells == plan->n_allocated) {
		size_t n = plan->n_allocated ? 2 * plan->n_allocated : 256;
		struct bench_case *more = realloc(plan->cell, n * sizeof(*more));

		if (!more) {
			plan->error = -ENOMEM;
			return;
		}
		plan->cell = more;
		plan->n_allocated = n;
	}
	plan->cell[plan->n_cells++] = *cell;
}

void bench_plan_pairs(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
		      size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell))
{
	for (size_t i = 0; i < n; i++) {
		cell.kicker_pu = pairs[i].kicker;
		cell.vcpu_pu = pairs[i].vcpu;
		cell.distance = pairs[i].distance;
		cell.home = NULL;
		if (topo_pu(plan->topo, cell.kicker_pu)->numa != topo_pu(plan->topo, cell.vcpu_pu)->numa) {
			cell.home = "kicker";
			plan_pair(plan, cell);
			cell.home = "vcpu";
		}
		plan_pair(plan, cell);
	}
}

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

/* One scenario's cells: a floor's once, a protocol's for every backend. */
static void add_scenario(struct bench_plan *plan, const struct bench_scenario *s)
{
	if (s == &bench_floor || s == &bench_broadcast)
		s->plan(plan, s, NULL);
	if (s == &bench_floor)
		return;
	for (size_t b = 0; b < plan->options->n_backends; b++)
		s->plan(plan, s, plan->options->backend[b]);
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

/* Drops all but the one row that was named. */
static int keep_only(struct bench_plan *plan, char *err, size_t err_size)
{
	const char *only = plan->options->only;

	for (size_t i = 0; i < plan->n_turns; i++) {
		struct bench_turn turn = plan->turn[i];
		char name[320];

		bench_row_name(&plan->cell[turn.cell], turn.repetition, name, sizeof(name));
		if (strcmp(name, only))
			continue;
		plan->cell[0] = plan->cell[turn.cell];
		plan->turn[0] = (struct bench_turn){ 0, turn.repetition };
		plan->n_cells = plan->n_turns = 1;
		return 0;
	}
	snprintf(err, err_size, "no row of this plan is called '%.200s'", only);
	return -EINVAL;
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
		plan->windows_ns += c->window_ns;
		plan->duration_ns += c->window_ns + row_ns;
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
	for (size_t i = 0; i < options->n_scenarios && !failed; i++) {
		add_scenario(plan, options->scenario[i]);
		failed = plan->error;
	}
	if (!failed && !plan->n_cells) {
		snprintf(err, err_size, "nothing is left to measure: the filters exclude every cell");
		failed = -EINVAL;
	}
	if (!failed)
		failed = order(plan);
	if (!failed && options->only)
		failed = keep_only(plan, err, err_size);
	if (!failed)
		estimate(plan);
	if (failed == -ENOMEM)
		snprintf(err, err_size, "out of memory");
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
	if (!options->reduced)
		return options->left_out;
	return "left out of the default study, which --full has: forms request_kick and claim on stolen\n"
	       "lines, broken backends and other generations, all but one pair of PUs per distance,\n"
	       "broadcasts that wake, sparse masks, 1 and 4096 vCPUs, long windows.";
}

void bench_case_name(const struct bench_case *c, char *buf, size_t size)
{
	const char *part[] = { c->scenario->name, c->path, c->line, c->form, c->put, c->loop };
	size_t used = 0;

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]) && used < size; i++)
		if (part[i])
			used += (size_t)snprintf(buf + used, size - used, i ? "/%s" : "%s", part[i]);
	if (used < size && c->arrivals && strcmp(c->arrivals, "fixed"))
		used += (size_t)snprintf(buf + used, size - used, "/%s", c->arrivals);
	if (used < size && c->transport)
		used += (size_t)snprintf(buf + used, size - used, "/%s",
					 machine_transport_name[c->transport]);
	if (used < size && c->home)
		used += (size_t)snprintf(buf + used, size - used, "/home:%s", c->home);
	if (used < size && c->state == BENCH_IN_GUEST &&
	    c->pcpus - c->kickers != (c->scenario == &bench_migrate ? 2 : 1))
		used += (size_t)snprintf(buf + used, size - used, "/pcpus:%d", c->pcpus - c->kickers);
	if (used < size && c->scenario == &bench_broadcast)
		used += (size_t)snprintf(buf + used, size - used, "/vcpus:%d/mask:%d/guest:%d%%%s", c->vcpus,
					 c->mask_width, c->in_guest_pct, c->wakeup ? "/wakeup" : "");
	if (used < size && c->kickers > 1)
		used += (size_t)snprintf(buf + used, size - used, "/kickers:%d", c->kickers);
	if (used < size && c->migrations_per_s > 0)
		used += (size_t)snprintf(buf + used, size - used, "/migrations:%g", c->migrations_per_s);
	if (used < size && c->widen_ns)
		snprintf(buf + used, size - used, "/widened");
}
