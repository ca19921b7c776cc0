// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What qsort() costs per element, at several lengths: a benchmark in plain C, with a reporter of its
 * own beside the library's JSON.
 *	./sort [--benchmark_...] [OUT.json]
 */
#include <gbench.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const unsigned int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void shuffle(unsigned int *v, size_t n)
{
	unsigned int x = 1;

	for (size_t i = 0; i < n; i++)
		v[i] = x = x * 1664525 + 1013904223;
}

/* `shuffled` is what every iteration starts from. */
static void sort_body(struct gbench_state *state, void *arg)
{
	const unsigned int *shuffled = arg;
	unsigned int *v;
	int64_t length;
	uint64_t n;

	gbench_range_value(state, 0, &length);
	v = malloc((size_t)length * sizeof(*v));
	if (!v) {
		gbench_skip_with_error(state, strerror(ENOMEM));
		return;
	}
	while (gbench_next(state, &n))
		for (; n; n--) {
			memcpy(v, shuffled, (size_t)length * sizeof(*v));
			qsort(v, (size_t)length, sizeof(*v), compare);
		}
	gbench_set_counter(state, "elements", (double)length,
			   GBENCH_COUNTER_RATE | GBENCH_COUNTER_TIMES_ITERATIONS);
	free(v);
}

static void print(void *arg, const struct gbench_run_result *run)
{
	(void)arg;
	if (run->error)
		printf("%s: %s\n", run->name, run->error);
	else
		printf("%s: %.4g ns, %.3g elements/s\n", run->name, 1e9 * run->cpu_time_s,
		       run->counters[0].value);
}

int main(int argc, char **argv)
{
	const struct gbench_reporter reporter = { .run = print };
	static unsigned int shuffled[4096];
	struct gbench_case *c;
	int n;

	if (gbench_init(&argc, argv)) {
		fprintf(stderr, "sort: %s\n", gbench_error());
		return EXIT_FAILURE;
	}
	shuffle(shuffled, 4096);
	c = gbench_register("sort", sort_body, shuffled);
	gbench_range_multiplier(c, 8);
	gbench_range(c, 8, 4096);
	if (gbench_unit(c, GBENCH_US)) {
		fprintf(stderr, "sort: %s\n", gbench_error());
		return EXIT_FAILURE;
	}
	n = gbench_run(NULL, &reporter, argc > 1 ? argv[1] : NULL);
	if (n < 0)
		fprintf(stderr, "sort: %s\n", gbench_error());
	gbench_shutdown();
	return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
