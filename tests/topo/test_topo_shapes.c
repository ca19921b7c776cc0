// SPDX-License-Identifier: GPL-2.0-or-later
/* Machines of every shape are described as they are: counts, identities, kinds, names, the hash. */
#include "test_topo.h"
#include "results/file.h"
#include "tests/scratch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct expected {
	const char *shape;
	/* pus cores l2s l3s dies packages numas kinds max_smt groups boards */
	struct topo_counts counts;
	uint64_t pairs[TOPO_N_DISTANCES]; /* same smt l2 group l3 die package numa board remote */
};

static const struct expected expected[] = {
	{ "pu:1", { 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0 }, { 1 } },
	{ "pu:3", { 3, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0 }, { 3, 0, 0, 0, 0, 0, 6 } },
	{ "numa:2 core:4 pu:2", { 16, 8, 0, 0, 0, 0, 2, 0, 2, 0, 0 }, { 16, 16, 0, 0, 0, 0, 96, 128 } },
	{ "pack:2 l3:12 core:16 pu:1", /* 384 PUs, no word about NUMA */
	  { 384, 384, 0, 24, 0, 2, 1, 0, 1, 0, 0 },
	  { 384, 0, 0, 0, 384 * 15, 0, 384 * 176, 0, 0, 384 * 192 } },
	{ "pack:4 die:2 [numa] group:2 [numa] core:4 pu:2", /* the nearest memory counts: 16 nodes */
	  { 128, 64, 0, 0, 8, 4, 16, 0, 2, 0, 0 },
	  { 128, 128, 0, 0, 0, 128 * 6, 0, 128 * 24, 0, 128 * 96 } },
	{ "pack:4 die:4 [numa] l3:2 core:4 pu:2", /* 16 NUMA nodes in 4 packages with dies */
	  { 256, 128, 0, 32, 16, 4, 16, 0, 2, 0, 0 },
	  { 256, 256, 0, 0, 256 * 6, 256 * 8, 0, 256 * 48, 0, 256 * 192 } },
	{ "core:64 pu:4", { 256, 64, 0, 0, 0, 0, 1, 0, 4, 0, 0 }, { 256, 256 * 3, 0, 0, 0, 0, 256 * 252 } },
	{ "pack:2 [numa] l3:1 group:16 core:4 pu:1", /* Arm: clusters that share no cache */
	  { 128, 128, 0, 2, 0, 2, 2, 0, 1, 32, 0 },
	  { 128, 0, 0, 128 * 3, 128 * 60, 0, 0, 0, 0, 128 * 64 } },
	{ "group:2 pack:2 core:2 pu:1", /* two boards */
	  { 8, 8, 0, 0, 0, 4, 1, 0, 1, 0, 2 },
	  { 8, 0, 0, 0, 0, 0, 8, 0, 8 * 2, 8 * 4 } },
	{ "vm-no-cores.xml", { 4, 0, 0, 0, 0, 2, 1, 0, 1, 0, 0 }, { 4, 0, 0, 0, 0, 0, 4, 0, 0, 8 } },
	{ "disallowed.xml", { 2, 0, 0, 0, 0, 2, 1, 0, 1, 0, 0 }, { 2, 0, 0, 0, 0, 0, 0, 0, 0, 2 } },
	{ "offline-uneven-smt.xml", { 7, 5, 5, 2, 0, 2, 2, 0, 2, 0, 0 }, { 7, 4, 0, 0, 18, 0, 0, 0, 0, 20 } },
	{ "offline-two-levels.xml", { 6, 4, 4, 2, 0, 2, 2, 0, 2, 0, 0 }, { 6, 4, 0, 0, 8, 0, 0, 0, 0, 18 } },
	{ "hybrid.xml", { 20, 14, 8, 1, 0, 1, 1, 2, 2, 0, 0 }, { 20, 12, 24, 0, 20 * 20 - 56 } },
	{ "five-kinds.xml", { 8, 8, 8, 1, 0, 1, 1, 5, 1, 0, 0 }, { 8, 0, 0, 0, 56 } },
	{ "deep-groups.xml",
	  { 128, 32, 0, 0, 0, 2, 4, 0, 4, 8, 0 },
	  { 128, 128 * 3, 0, 128 * 12, 0, 0, 128 * 16, 128 * 32, 0, 128 * 64 } },
	{ "two-memories.xml", { 8, 8, 0, 2, 0, 1, 2, 0, 1, 0, 0 }, { 8, 0, 0, 0, 24, 0, 0, 32 } },
	{ "pack:8 [numa] l3:4 core:16 pu:2",
	  { 1024, 512, 0, 32, 0, 8, 8, 0, 2, 0, 0 },
	  { 1024, 1024, 0, 0, 1024 * 30, 0, 1024 * 96, 0, 0, 1024 * 896 } },
};

static void check_counts(const struct expected *e, const struct topo *topo)
{
	struct topo_counts c;

	topo_count(topo, &c);
	assert_int_equal(c.pus, e->counts.pus);
	assert_int_equal(c.cores, e->counts.cores);
	assert_int_equal(c.l2s, e->counts.l2s);
	assert_int_equal(c.l3s, e->counts.l3s);
	assert_int_equal(c.dies, e->counts.dies);
	assert_int_equal(c.packages, e->counts.packages);
	assert_int_equal(c.numas, e->counts.numas);
	assert_int_equal(c.kinds, e->counts.kinds);
	assert_int_equal(c.max_smt, e->counts.max_smt);
	assert_int_equal(c.groups, e->counts.groups);
	assert_int_equal(c.boards, e->counts.boards);
}

static void every_shape_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct topo *topo = load_shape(expected[i].shape);
		uint64_t pairs[TOPO_N_DISTANCES];

		print_message("%s\n", expected[i].shape);
		check_counts(&expected[i], topo);
		topo_count_pairs(topo, pairs);
		for (int d = 0; d < TOPO_N_DISTANCES; d++) {
			if (pairs[d] != expected[i].pairs[d])
				fail_msg("%s: %ju pairs, expected %ju", topo_distance_name(d),
					 (uintmax_t)pairs[d], (uintmax_t)expected[i].pairs[d]);
		}
		topo_free(topo);
	}
}

static void imported_machines_are_for_planning(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		assert_false(topo_is_this_system(topo));
		assert_non_null(strstr(topo_source(topo), shapes[i]));
		assert_null(topo_pu(topo, -1));
		assert_null(topo_pu(topo, topo_n_pus(topo)));
		topo_free(topo);
	}
}

static void sparse_numbers_are_kept(void **state)
{
	static const int cpus[] = { 0, 8, 1, 2, 10, 16, 18 };
	static const int smt[] = { 0, 1, 0, 0, 1, 0, 0 };
	struct topo *topo = load_shape("offline-uneven-smt.xml");

	(void)state;
	topo_for_each_pu(topo, pu) {
		assert_int_equal(topo_pu(topo, pu)->cpu, cpus[pu]);
		assert_int_equal(topo_pu(topo, pu)->smt, smt[pu]);
		assert_int_equal(topo_pu_of_cpu(topo, cpus[pu]), pu);
	}
	assert_int_equal(topo_pu_of_cpu(topo, 3), -1);
	assert_int_equal(topo_pu_of_cpu(topo, -1), -1);
	topo_free(topo);
}

static void kinds_rise_with_efficiency(void **state)
{
	struct topo *topo = load_shape("hybrid.xml");

	(void)state;
	topo_for_each_pu(topo, pu) {
		const struct topo_pu *p = topo_pu(topo, pu);

		assert_int_equal(p->kind, pu < 12);
		assert_int_equal(p->efficiency, pu < 12);
		assert_string_equal(topo_kind_name(topo, p->kind),
				    pu < 12 ? "IntelCore" : "IntelAtom");
	}
	assert_string_equal(topo_kind_name(topo, -1), "");
	assert_string_equal(topo_kind_name(topo, 2), "");
	topo_free(topo);
}

static void assert_name(const char *shape, int pu, const char *expected_name)
{
	struct topo *topo = load_shape(shape);
	char name[TOPO_NAME_SIZE];

	topo_pu_name(topo, pu, name, sizeof(name));
	assert_string_equal(name, expected_name);
	topo_free(topo);
}

static void names_skip_what_is_not_there(void **state)
{
	(void)state;
	assert_name("pu:3", 2, "PU:2");
	assert_name("core:64 pu:4", 255, "Core:63.PU:3");
	assert_name("vm-no-cores.xml", 3, "Package:1.PU:1");
	assert_name("offline-uneven-smt.xml", 4, "Package:0.Core:2.PU:1");
	assert_name("offline-uneven-smt.xml", 6, "Package:1.Core:1.PU:0");
	assert_name("deep-groups.xml", 127, "Package:1.Core:15.PU:3");
	assert_name("pu:1", 7, "");
}

static void a_short_buffer_cuts_the_name(void **state)
{
	struct topo *topo = load_shape("pack:2 core:2 pu:2");
	char name[] = "123456789";

	(void)state;
	topo_pu_name(topo, 7, name, 8);
	assert_string_equal(name, "Package");
	assert_int_equal(name[8], '9');
	topo_free(topo);
}

static void hashes_differ_by_shape(void **state)
{
	uint64_t hash[N_SHAPES];

	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		hash[i] = topo_hash(topo);
		topo_free(topo);
		for (size_t j = 0; j < i; j++)
			assert_true(hash[i] != hash[j]);
	}
}

static uint64_t hash_of(const char *shape)
{
	struct topo *topo = load_shape(shape);
	uint64_t hash = topo_hash(topo);

	topo_free(topo);
	return hash;
}

/* Another cache is another machine; more memory is the same one. */
static void hashes_know_caches_and_not_memory(void **state)
{
	(void)state;
	assert_true(hash_of("l3:2(size=32MB) core:2 pu:1") !=
		    hash_of("l3:2(size=16MB) core:2 pu:1"));
	assert_true(hash_of("l2:2(size=2MB) core:2 pu:1") != hash_of("l2:2(size=1MB) core:2 pu:1"));
	assert_true(hash_of("numa:2(memory=9GB) core:2 pu:1") == hash_of("numa:2 core:2 pu:1"));
}

/* Through XML and back: what a results folder holds is the machine it was measured on. */
static void export_keeps_the_hash(struct topo *topo)
{
	char path[SCRATCH_SIZE], err[256] = "", *xml;
	struct topo *again;

	scratch_path(path, "topology.xml");
	xml = topo_xml(topo);
	assert_int_equal(results_file_write(path, xml, strlen(xml)), 0);
	free(xml);
	assert_int_equal(topo_load_xml(&again, path, err, sizeof(err)), 0);
	assert_int_equal(topo_n_pus(again), topo_n_pus(topo));
	assert_true(topo_hash(again) == topo_hash(topo));
	topo_free(again);
	topo_free(topo);
}

static void xml_keeps_the_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++)
		export_keeps_the_hash(load_shape(shapes[i]));
	export_keeps_the_hash(load_machine());
}

static void the_hash_is_stable(void **state)
{
	struct topo *topo = load_shape("numa:2 core:4 pu:2");
	struct topo *here = load_machine(), *again = load_machine();

	(void)state;
	assert_true(topo_hash(topo) == 0xef1cc08e20accc65); /* of all versions, on all machines */
	assert_true(topo_hash(here) == topo_hash(again));
	topo_free(topo);
	topo_free(here);
	topo_free(again);
}

static void refused(int rc, int expected_rc, const char *err, const char *word)
{
	assert_int_equal(rc, expected_rc);
	assert_non_null(strstr(err, word));
	assert_null(strchr(err, '\n'));
}

static void bad_input_is_refused(void **state)
{
	static const char *const huge[] = {
		"core:0x7fffffff pu:1", "core:010000000 pu:1", "0x4000", "core:-1 pu:1",
		"core: 0x7fffffff pu:1",
		"core:+0x7fffffff pu:1", "core:2pu:0x7fffffff", "core:2[numa]0x7fffffff",
		"(memory=1) core:0x7fffffff", "pack:2(memory=1GB) [numa(memory=1GB)] core:0x1000 pu:2",
		"core:4294967297 pu:1", "core:18446744073709551617 pu:1", "pack:64 core:64 pu:0x3",
	};
	char err[1024] = "", path[512], missing[SCRATCH_SIZE];
	struct topo *topo;

	(void)state;
	refused(topo_load_xml(&topo, scratch_path(missing, "missing"), err, sizeof(err)), -ENOENT, err,
		missing);
	refused(topo_load_xml(&topo, "/", err, sizeof(err)), -EISDIR, err, "'/'");
	refused(topo_load_xml(&topo, "/dev/null", err, sizeof(err)), -EINVAL, err, "/dev/null");
	shape_path("make.py", path, sizeof(path));
	refused(topo_load_xml(&topo, path, err, sizeof(err)), -EINVAL, err, "not an hwloc XML");
	refused(topo_load_synthetic(&topo, "", err, sizeof(err)), -EINVAL, err, "''");
	refused(topo_load_synthetic(&topo, "foo", err, sizeof(err)), -EINVAL, err, "'foo'");
	refused(topo_load_synthetic(&topo, "pu:0", err, sizeof(err)), -EINVAL, err, "'pu:0'");
	refused(topo_load_synthetic(&topo, "pack:99999 pu:99999", err, sizeof(err)), -E2BIG, err,
		"8192");
	refused(topo_load_synthetic(&topo, "9000", err, sizeof(err)), -E2BIG, err, "8192");
	refused(topo_load_synthetic(&topo, "pu:99999999999999999999", err, sizeof(err)), -E2BIG,
		err, "8192");
	/* Numbers as hwloc reads them, wherever it reads them. */
	for (size_t i = 0; i < sizeof(huge) / sizeof(huge[0]); i++)
		refused(topo_load_synthetic(&topo, huge[i], err, sizeof(err)), -E2BIG, err, "8192");
	topo = load_shape("(memory=0xffffffffff) node:0x2(memory=99999999) core:010 pu:2(indexes=2*16:1*2)");
	assert_int_equal(topo_n_pus(topo), 32);
	topo_free(topo);
	assert_int_equal(topo_load_synthetic(&topo, "foo", NULL, 0), -EINVAL);
	topo_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape_is_counted),
		cmocka_unit_test(imported_machines_are_for_planning),
		cmocka_unit_test(sparse_numbers_are_kept),
		cmocka_unit_test(kinds_rise_with_efficiency),
		cmocka_unit_test(names_skip_what_is_not_there),
		cmocka_unit_test(a_short_buffer_cuts_the_name),
		cmocka_unit_test(hashes_differ_by_shape),
		cmocka_unit_test(hashes_know_caches_and_not_memory),
		cmocka_unit_test(xml_keeps_the_hash),
		cmocka_unit_test(the_hash_is_stable),
		cmocka_unit_test(bad_input_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
