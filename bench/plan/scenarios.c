// SPDX-License-Identifier: GPL-2.0-or-later
/* All scenarios, from the list that CMake makes of bench/scenario/, in their places. */
#include <stdlib.h>
#include <string.h>

#include "bench/scenario.h"

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
