// SPDX-License-Identifier: GPL-2.0-or-later
/* All scenarios, from the list that CMake makes of bench/scenario/, in their places; and which by default. */
#include <stdlib.h>
#include <string.h>

#include "bench/plan/plan.h"

#define X(name) extern const struct bench_scenario bench_scenario_##name;
#include "bench_scenarios.def"
#undef X

static const struct bench_scenario *all[] = {
#define X(name) &bench_scenario_##name,
#include "bench_scenarios.def"
#undef X
	NULL
};
enum { N = sizeof(all) / sizeof(all[0]) - 1 };

/* Without a place: behind the others. */
static unsigned int place(const struct bench_scenario *s)
{
	return (unsigned int)s->place - 1;
}

static int in_order(const void *a, const void *b)
{
	const struct bench_scenario *const *x = a, *const *y = b;

	if (place(*x) != place(*y))
		return place(*x) < place(*y) ? -1 : 1;
	return strcmp((*x)->name, (*y)->name);
}

const struct bench_scenario *const *bench_scenarios(void)
{
	static bool sorted;

	if (!sorted)
		qsort(all, N, sizeof(all[0]), in_order);
	sorted = true;
	return all;
}

const struct bench_scenario *bench_scenario_find(const char *name)
{
	for (size_t i = 0; i < N; i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
}

static const char *const *paths_of(const struct bench_scenario *s)
{
	static const char *const live[] = { "in_guest", NULL };

	return s->paths ? s->paths : live;
}

/* Is it among those of the scenarios before this one? */
static bool is_known(const char *path, const struct bench_scenario *const *before)
{
	for (size_t i = 0; bench_scenarios()[i] != *before; i++)
		for (const char *const *p = paths_of(bench_scenarios()[i]); *p; p++)
			if (!strcmp(*p, path))
				return true;
	return false;
}

const char *bench_path(size_t i)
{
	for (const struct bench_scenario *const *s = bench_scenarios(); *s; s++)
		for (const char *const *p = paths_of(*s); *p; p++)
			if (!is_known(*p, s) && !i--)
				return *p;
	return NULL;
}

void bench_options_init(struct bench_options *o)
{
	static const double rates[] = { 0, 1e3, 1e4, 1e5, 1e6 };

	*o = (struct bench_options){ .kicker_pu = -1,
				     .vcpu_pu = -1,
				     .kickers = { 1, 2 },
				     .n_kickers = 2,
				     .n_migrations = sizeof(rates) / sizeof(rates[0]),
				     .rate_per_s = 1e4,
				     .widen_ns = 10000,
				     .repetitions = 9,
				     .window_ns = 50000000,
				     .seed = 1 };
	memcpy(o->migrations, rates, sizeof(rates));
	for (size_t i = 0; i < bench_n_backends && o->n_backends < BENCH_MAX_LIST; i++)
		if (strncmp(bench_backends[i].name, "busted_", 7) &&
		    !strcmp(kick_world(bench_decl(&bench_backends[i])), "kvm"))
			o->backend[o->n_backends++] = &bench_backends[i];
	for (size_t i = 0; bench_scenarios()[i]; i++)
		if (!bench_scenarios()[i]->on_demand)
			o->scenario[o->n_scenarios++] = bench_scenarios()[i];
}
