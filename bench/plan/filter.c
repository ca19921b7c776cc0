// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters: which cells of a scenario stay.  One on a column that a scenario has not says nothing of
 * that scenario; one on a column that no chosen scenario has is a mistake.
 */
#include <string.h>

#include "bench/plan/plan.h"

/* Columns whose names are filtered, then those that decide what is planned in the first place. */
enum { PATH, LINE, FORM, PUT, LOOP, N_NAMES, ARRIVALS = N_NAMES, TRANSPORT, DISTANCE, PCPUS, VCPUS,
       IN_GUEST, N_COLUMNS };

struct filter {
	const char *option;
	size_t n; /* 0: not asked for */
	const char *const *names;
};

static struct filter filter_on(int column, const struct bench_options *o)
{
	const struct filter all[N_COLUMNS] = { [PATH] = { "path", o->n_path, o->path },
					       [LINE] = { "line", o->n_line, o->line },
					       [FORM] = { "form", o->n_form, o->form },
					       [PUT] = { "put", o->n_put, o->put },
					       [LOOP] = { "loop", o->n_loop, o->loop },
					       [ARRIVALS] = { "arrivals", o->n_arrivals, NULL },
					       [TRANSPORT] = { "transport", o->transports, NULL },
					       [DISTANCE] = { "distance", o->distances, NULL },
					       [PCPUS] = { "pcpus", o->n_pcpus, NULL },
					       [VCPUS] = { "vcpus", o->n_vcpus, NULL },
					       [IN_GUEST] = { "in-guest", o->n_in_guest_pct, NULL } };

	return all[column];
}

static const char *name_in(int column, const struct bench_case *c)
{
	const char *const all[N_NAMES] = { c->path, c->line, c->form, c->put, c->loop };

	return all[column];
}

static unsigned int columns_of(const struct bench_case *c)
{
	unsigned int had = 0;

	for (int i = 0; i < N_NAMES; i++)
		had |= (unsigned int)(name_in(i, c) != NULL) << i;
	had |= (unsigned int)(c->arrivals != NULL) << ARRIVALS;
	had |= (unsigned int)(c->vcpu_pu >= 0) << DISTANCE;
	had |= (unsigned int)machine_is_kernel(c->transport) << TRANSPORT;
	if (c->state == BENCH_IN_GUEST)
		had |= 1u << TRANSPORT | 1u << PCPUS;
	if (c->scenario->of_vcpus)
		had |= 1u << VCPUS | 1u << TRANSPORT;
	if (c->mask_width)
		had |= 1u << VCPUS | 1u << IN_GUEST;
	return had;
}

static bool is_listed(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (name && !strcmp(list[i], name))
			return true;
	return false;
}

static bool is_left_out(const struct bench_options *o, const struct bench_case *c, unsigned int had)
{
	for (int i = 0; i < N_NAMES; i++) {
		const struct filter f = filter_on(i, o);

		if (f.n && had >> i & 1 && !is_listed(f.names, f.n, name_in(i, c)))
			return true;
		if (is_listed(o->without, o->n_without, name_in(i, c)))
			return true;
	}
	return false;
}

unsigned int bench_filter_cells(struct bench_plan *plan, size_t from)
{
	unsigned int had = 0;
	size_t kept = from;

	for (size_t i = from; i < plan->n_cells; i++)
		had |= columns_of(&plan->cell[i]);
	for (size_t i = from; i < plan->n_cells; i++)
		if (!is_left_out(plan->options, &plan->cell[i], had))
			plan->cell[kept++] = plan->cell[i];
	plan->n_cells = kept;
	return had;
}

const char *bench_filter_unfit(const struct bench_options *o, unsigned int had)
{
	for (int i = 0; i < N_COLUMNS; i++)
		if (filter_on(i, o).n && !(had >> i & 1))
			return filter_on(i, o).option;
	return NULL;
}
