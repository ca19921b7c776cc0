// SPDX-License-Identifier: GPL-2.0-or-later
/* Distances are symmetric and complete; pairs keep to the budget, the seed and the class. */
#include "test_topo.h"

#include <errno.h>

#include "topo/internal.h"

static void names_and_numbers_agree(void **state)
{
	(void)state;
	for (int i = 0; i < TOPO_N_DISTANCES; i++) {
		assert_non_null(topo_distance_name(i));
		assert_non_null(topo_distance_meaning(i));
	}
	assert_null(topo_distance_name(TOPO_N_DISTANCES));
	assert_null(topo_distance_meaning(-1));
}

static void distance_is_symmetric(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		topo_for_each_pu(topo, a)
			topo_for_each_pu(topo, b) {
				assert_int_equal(topo_distance(topo, a, b),
						 topo_distance(topo, b, a));
				assert_int_equal(topo_distance(topo, a, b) == TOPO_SAME, a == b);
			}
		topo_free(topo);
	}
}

/* The border of memory is nearer than the cache around it: sub-NUMA clusters below one L3. */
static void numa_beats_l3(void **state)
{
	struct topo *topo = load_shape("pack:2 l3:1 group:2 [numa] core:2 pu:2");

	(void)state;
	assert_int_equal(topo_distance(topo, 0, 1), TOPO_SMT);
	assert_int_equal(topo_distance(topo, 0, 2), TOPO_L3);
	assert_int_equal(topo_distance(topo, 0, 4), TOPO_NUMA);
	assert_int_equal(topo_distance(topo, 0, 8), TOPO_REMOTE);
	topo_free(topo);
}

static bool before(const struct topo_pair *a, const struct topo_pair *b)
{
	if (a->distance != b->distance)
		return a->distance < b->distance;
	return a->kicker != b->kicker ? a->kicker < b->kicker : a->vcpu < b->vcpu;
}

/* Sorted, hence distinct; labelled rightly; min(budget, all) of each class asked for. */
static void check_pairs(const struct topo *topo, unsigned int mask, size_t budget)
{
	uint64_t counts[TOPO_N_DISTANCES], got[TOPO_N_DISTANCES] = { 0 };
	struct topo_pair *pairs;
	size_t n;

	assert_int_equal(topo_pairs(topo, mask, budget, 7, &pairs, &n), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pairs[i].distance,
				 topo_distance(topo, pairs[i].kicker, pairs[i].vcpu));
		assert_true(!i || before(&pairs[i - 1], &pairs[i]));
		got[pairs[i].distance]++;
	}
	topo_count_pairs(topo, counts);
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		uint64_t want = mask & TOPO_BIT(d) ? counts[d] : 0;

		assert_int_equal(got[d], budget && want > budget ? budget : want);
	}
	free(pairs);
}

static void budget_and_mask_are_kept(void **state)
{
	static const size_t budgets[] = { 0, 1, 3, 100, 100000 };

	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		for (size_t b = 0; b < sizeof(budgets) / sizeof(budgets[0]); b++) {
			check_pairs(topo, TOPO_ALL_DISTANCES, budgets[b]);
			check_pairs(topo, TOPO_BIT(TOPO_SMT) | TOPO_BIT(TOPO_REMOTE), budgets[b]);
		}
		check_pairs(topo, 0, 1);
		topo_free(topo);
	}
}

static void the_seed_decides(void **state)
{
	struct topo *topo = load_shape("pack:4 die:4 [numa] l3:2 core:4 pu:2");
	struct topo_pair *a, *b, *c;
	size_t n, m;

	(void)state;
	assert_int_equal(topo_pairs(topo, TOPO_ALL_DISTANCES, 50, 1, &a, &n), 0);
	assert_int_equal(topo_pairs(topo, TOPO_ALL_DISTANCES, 50, 1, &b, &m), 0);
	assert_int_equal(n, m);
	assert_memory_equal(a, b, n * sizeof(*a));
	assert_int_equal(topo_pairs(topo, TOPO_ALL_DISTANCES, 50, 2, &c, &m), 0);
	assert_int_equal(n, m);
	assert_memory_not_equal(a, c, n * sizeof(*a));
	free(a);
	free(b);
	free(c);
	topo_free(topo);
}

/* --distance numa gives the numa rows of the whole plan, not others. */
static void a_mask_does_not_change_the_other_classes(void **state)
{
	struct topo *topo = load_shape("pack:4 die:4 [numa] l3:2 core:4 pu:2");
	struct topo_pair *all, *one;
	size_t n, m, at = 0;

	(void)state;
	assert_int_equal(topo_pairs(topo, TOPO_ALL_DISTANCES, 20, 1, &all, &n), 0);
	assert_int_equal(topo_pairs(topo, TOPO_BIT(TOPO_NUMA), 20, 1, &one, &m), 0);
	assert_int_equal(m, 20);
	while (at < n && all[at].distance != TOPO_NUMA)
		at++;
	assert_memory_equal(all + at, one, m * sizeof(*one));
	free(all);
	free(one);
	topo_free(topo);
}

/* 240 pairs, 24 of them drawn 2000 times: each is expected 200 times, standard deviation 13.4. */
static void sampling_is_uniform(void **state)
{
	struct topo *topo = load_shape("core:16 pu:1");
	int hits[16][16] = { 0 };

	(void)state;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct topo_pair *pairs;
		size_t n;

		assert_int_equal(topo_pairs(topo, TOPO_BIT(TOPO_PACKAGE), 24, seed, &pairs, &n), 0);
		for (size_t i = 0; i < n; i++)
			hits[pairs[i].kicker][pairs[i].vcpu]++;
		free(pairs);
	}
	for (int a = 0; a < 16; a++)
		for (int b = 0; b < 16; b++)
			assert_in_range(hits[a][b], a == b ? 0 : 130, a == b ? 0 : 270);
	topo_free(topo);
}

/* Four pairs between cores of two kinds: each kind kicks each; and over the seeds one pair does, too. */
static void each_kind_kicks_each(void **state)
{
	struct topo *topo = load_shape("hybrid.xml");
	int seen[2][2] = { 0 };

	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct topo_pair *four, *one;
		int hits[2][2] = { 0 };
		size_t n;

		assert_int_equal(topo_pairs(topo, TOPO_BIT(TOPO_L3), 4, seed, &four, &n), 0);
		assert_int_equal(n, 4);
		for (size_t i = 0; i < n; i++)
			hits[topo_pu(topo, four[i].kicker)->kind][topo_pu(topo, four[i].vcpu)->kind]++;
		assert_int_equal(hits[0][0] * hits[0][1] * hits[1][0] * hits[1][1], 1);
		assert_int_equal(topo_pairs(topo, TOPO_BIT(TOPO_L3), 1, seed, &one, &n), 0);
		seen[topo_pu(topo, one->kicker)->kind][topo_pu(topo, one->vcpu)->kind]++;
		free(four);
		free(one);
	}
	assert_in_range(seen[0][0], 20, 30);
	assert_in_range(seen[0][1], 20, 30);
	assert_in_range(seen[1][0], 20, 30);
	topo_free(topo);
}

/* A machine of one PU still has one pair: kicker and vCPU take turns. */
static void one_pu_has_one_pair(void **state)
{
	struct topo *topo = load_shape("pu:1");
	struct topo_pair *pairs;
	size_t n;

	(void)state;
	assert_int_equal(topo_pairs(topo, TOPO_ALL_DISTANCES, 4, 1, &pairs, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(pairs[0].kicker, 0);
	assert_int_equal(pairs[0].vcpu, 0);
	free(pairs);
	assert_int_equal(topo_pairs(topo, TOPO_BIT(TOPO_L3), 4, 1, &pairs, &n), 0);
	assert_int_equal(n, 0);
	free(pairs);
	topo_free(topo);
}

static void thousand_pus_do_not_blow_up(void **state)
{
	struct topo *topo = load_shape("pack:8 [numa] l3:4 core:16 pu:2");

	(void)state;
	check_pairs(topo, TOPO_ALL_DISTANCES, 10);
	check_pairs(topo, TOPO_ALL_DISTANCES, 0);
	topo_free(topo);
}

/* A machine whose nodes nobody knows: its PUs may be on several. */
static void unknown_nodes_are_not_the_same(void **state)
{
	struct topo *topo = load_shape("pack:1 l3:1 core:2 pu:2");

	(void)state;
	assert_true(topo_same_numa(topo, 0, 2));
	for (int pu = 0; pu < 4; pu++)
		topo->pu[pu].numa = -1;
	assert_true(topo_same_numa(topo, 2, 2));
	assert_false(topo_same_numa(topo, 0, 2));
	assert_int_equal(topo_distance(topo, 0, 2), TOPO_NUMA);
	assert_int_equal(topo_distance(topo, 0, 1), TOPO_SMT);
	topo_free(topo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_agree),
		cmocka_unit_test(distance_is_symmetric),
		cmocka_unit_test(numa_beats_l3),
		cmocka_unit_test(unknown_nodes_are_not_the_same),
		cmocka_unit_test(budget_and_mask_are_kept),
		cmocka_unit_test(the_seed_decides),
		cmocka_unit_test(a_mask_does_not_change_the_other_classes),
		cmocka_unit_test(sampling_is_uniform),
		cmocka_unit_test(each_kind_kicks_each),
		cmocka_unit_test(one_pu_has_one_pair),
		cmocka_unit_test(thousand_pus_do_not_blow_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
