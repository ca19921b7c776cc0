// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads are put where the order says: neighbours first, or as hwloc-distrib would. */
#include "test_topo.h"

#include <errno.h>

#define MAX_THREADS 2100

static void orders_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < TOPO_N_ORDERS; i++)
		assert_non_null(topo_order_name(i));
	assert_null(topo_order_name(TOPO_N_ORDERS));
}

/* Every thread has a PU; none has two before all have one. */
static void check_balance(const struct topo *topo, enum topo_order order, int n)
{
	static int pus[MAX_THREADS];
	int load[1024] = { 0 }, most = 0, least = n;

	topo_place(topo, order, n, pus);
	for (int i = 0; i < n; i++) {
		assert_in_range(pus[i], 0, topo_n_pus(topo) - 1);
		load[pus[i]]++;
	}
	topo_for_each_pu(topo, pu) {
		most = load[pu] > most ? load[pu] : most;
		least = load[pu] < least ? load[pu] : least;
	}
	assert_in_range(most - least, 0, 1);
}

static void placements_are_balanced(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);
		int step = topo_n_pus(topo) > 64 ? 7 : 1;

		for (int n = 1; n <= 2 * topo_n_pus(topo) + 1; n += step) {
			check_balance(topo, TOPO_COMPACT, n);
			check_balance(topo, TOPO_SPREAD, n);
		}
		topo_free(topo);
	}
}

static void check_places(const char *shape, enum topo_order order, size_t n, const int *expected)
{
	struct topo *topo = load_shape(shape);
	int pus[16];

	topo_place(topo, order, n, pus);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pus[i], expected[i]);
	topo_free(topo);
}

#define ASSERT_PLACES(shape, order, ...)                                         \
	check_places(shape, order, sizeof((int[]){ __VA_ARGS__ }) / sizeof(int), \
		     (const int[]){ __VA_ARGS__ })

static void known_placements(void **state)
{
	(void)state;
	ASSERT_PLACES("pack:2 core:2 pu:2", TOPO_COMPACT, 0, 1, 2);
	ASSERT_PLACES("pack:2 core:2 pu:2", TOPO_SPREAD, 0, 4);
	ASSERT_PLACES("pack:2 core:2 pu:2", TOPO_SPREAD, 0, 2, 4, 6);
	ASSERT_PLACES("pack:2 core:2 pu:2", TOPO_SPREAD, 0, 1, 2, 4, 6);
	ASSERT_PLACES("pu:2", TOPO_SPREAD, 0, 1, 0, 1, 0);
	ASSERT_PLACES("pu:1", TOPO_COMPACT, 0, 0, 0);
	ASSERT_PLACES("two-memories.xml", TOPO_SPREAD, 0, 4);
}

/* hwloc-distrib would give the first package 2 of 2 threads, and core 0 two of the first 4. */
static void uneven_machines_fill_cores_first(void **state)
{
	(void)state;
	ASSERT_PLACES("offline-uneven-smt.xml", TOPO_SPREAD, 0, 5);
	ASSERT_PLACES("offline-uneven-smt.xml", TOPO_SPREAD, 0, 2, 5, 6);
	ASSERT_PLACES("offline-uneven-smt.xml", TOPO_SPREAD, 0, 2, 3, 5, 6);
	ASSERT_PLACES("offline-uneven-smt.xml", TOPO_SPREAD, 0, 1, 2, 3, 5, 6);
	ASSERT_PLACES("hybrid.xml", TOPO_SPREAD, 0, 2, 4, 6, 8, 10, 12, 16);
	ASSERT_PLACES("hybrid.xml", TOPO_SPREAD, 0, 2, 4, 6, 8, 10, 12, 13, 14, 15, 16, 17, 18, 19);
}

static bool is_even(const char *shape)
{
	return strncmp(shape, "offline-", 8) && strcmp(shape, "hybrid.xml");
}

/* hwloc-distrib prints one CPU mask per line; our OS number must be the one bit in it. */
static void compare_with_distrib(const char *shape, int n)
{
	struct topo *topo = load_shape(shape);
	char path[512], command[1024], line[512];
	int pus[64], i = 0;
	FILE *pipe;

	shape_path(shape, path, sizeof(path));
	snprintf(command, sizeof(command),
		 "hwloc-distrib -i '%s' --single --taskset %d 2>/dev/null",
		 is_xml(shape) ? path : shape, n);
	topo_place(topo, TOPO_SPREAD, n, pus);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (i < n && fgets(line, sizeof(line), pipe)) {
		const char *digits = line + strlen("0x");
		int cpu = topo_pu(topo, pus[i])->cpu;
		int expected =
			4 * ((int)strcspn(digits, "\n") - 1) + __builtin_ctz(digits[0] - '0');

		assert_int_equal(strspn(digits + 1, "0"), strcspn(digits + 1, "\n"));
		assert_int_equal(cpu, expected);
		i++;
	}
	assert_int_equal(i, n);
	assert_int_equal(pclose(pipe), 0);
	topo_free(topo);
}

static void even_machines_spread_as_hwloc_distrib(void **state)
{
	(void)state;
	if (system("command -v hwloc-distrib >/dev/null")) {
		print_message("skipped: hwloc-distrib (package hwloc-nox) is not installed\n");
		skip();
	}
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo;
		int most;

		if (!is_even(shapes[i]))
			continue;
		topo = load_shape(shapes[i]);
		most = topo_n_pus(topo) < 20 ? topo_n_pus(topo) : 20;

		topo_free(topo);
		for (int n = 1; n <= most; n++)
			compare_with_distrib(shapes[i], n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_have_names),
		cmocka_unit_test(placements_are_balanced),
		cmocka_unit_test(known_placements),
		cmocka_unit_test(uneven_machines_fill_cores_first),
		cmocka_unit_test(even_machines_spread_as_hwloc_distrib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
