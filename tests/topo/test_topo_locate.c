// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of PUs mean what hwloc-calc says they mean, and wrong ones get their own reason. */
#include "test_topo.h"

#include <errno.h>

/* 2 packages of 2 L3s of 2 cores of 2 PUs, a NUMA node per package. */
static const char sixteen[] = "pack:2 [numa] l3:2 core:2 pu:2";

static const struct {
	const char *text;
	const char *pus;
} meanings[] = {
	{ "0", "0" },
	{ "15", "15" },
	{ "0,12,8,4", "0,12,8,4" },
	{ "3,3", "3,3" },
	{ "2-5", "2,3,4,5" },
	{ "0-8:4", "0,4,8" },
	{ "0-9:4", "0,4,8" },
	{ "13-", "13,14,15" },
	{ "14:4", "14,15,0,1" },
	{ "odd", "1,3,5,7,9,11,13,15" },
	{ "all", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15" },
	{ "pu:3", "3" },
	{ "PU:3", "3" },
	{ "core:3", "6,7" },
	{ "core:even.pu:1", "1,5,9,13" },
	{ "package:1.core:0-1.pu:0", "8,10" },
	{ "Package:1.L3:0.Core:1.PU:1", "11" },
	{ "socket:1.pu:7", "15" },
	{ "numa:1.core:3", "14,15" },
	{ "numanode:0.pu:0-3:2", "0,2" },
	{ "l3:2", "8,9,10,11" },
	{ "machine:0.pu:5", "5" },
	{ "core:7,core:0.pu:1,4", "14,15,1,4" },
	{ "cpu:9", "9" },
	{ "cpu:1-5:2", "1,3,5" },
	{ "cpu:6:2", "6,7" },
};

static void as_text(const int *pus, size_t n, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < n && used < size; i++)
		used += snprintf(text + used, size - used, "%s%d", i ? "," : "", pus[i]);
}

static void check_meaning(const struct topo *topo, const char *text, const char *expected)
{
	char got[512], err[256] = "";
	size_t n;
	int *pus;

	if (topo_parse(topo, text, &pus, &n, err, sizeof(err)))
		fail_msg("%s: %s", text, err);
	as_text(pus, n, got, sizeof(got));
	free(pus);
	assert_string_equal(got, expected);
}

static void lists_keep_their_order(void **state)
{
	struct topo *topo = load_shape(sixteen);

	(void)state;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		check_meaning(topo, meanings[i].text, meanings[i].pus);
	topo_free(topo);
}

/* Where there are no cores a PU is one; where there are no packages the machine is one. */
static void missing_levels_are_bridged(void **state)
{
	struct topo *topo = load_shape("vm-no-cores.xml");

	(void)state;
	check_meaning(topo, "package:1.core:1.pu:0", "3");
	check_meaning(topo, "core:2", "2");
	topo_free(topo);
	topo = load_shape("pu:3");
	check_meaning(topo, "package:0.core:2.pu:0", "2");
	topo_free(topo);
	topo = load_shape("offline-uneven-smt.xml");
	check_meaning(topo, "core:0-3.pu:0", "0,2,3,5");
	check_meaning(topo, "cpu:16,cpu:8", "5,1");
	topo_free(topo);
}

static const struct {
	const char *shape;
	const char *text;
	int error;
	const char *word;
} refusals[] = {
	{ sixteen, "", -EINVAL, "empty" },
	{ sixteen, "1,", -EINVAL, "empty" },
	{ sixteen, ",1", -EINVAL, "empty" },
	{ sixteen, "1,,2", -EINVAL, "empty" },
	{ sixteen, "x", -EINVAL, "'x' is no PU" },
	{ sixteen, "-1", -EINVAL, "'-1' is no PU" },
	{ sixteen, " 1", -EINVAL, "' 1' is no PU" },
	{ sixteen, "+1", -EINVAL, "'+1' is no PU" },
	{ sixteen, "1x", -EINVAL, "'1x' is no PU" },
	{ sixteen, "0x3", -EINVAL, "'0x3' is no PU" },
	{ sixteen, "5-3", -EINVAL, "'5-3' is no PU" },
	{ sixteen, "0-4:0", -EINVAL, "'0-4:0' is no PU" },
	{ sixteen, "0:0", -EINVAL, "'0:0' is no PU" },
	{ sixteen, "99999999999999999999", -EINVAL, "is no PU" },
	{ sixteen, "core", -EINVAL, "'core' is no PU" },
	{ sixteen, "core:", -EINVAL, "'core:' is no PU" },
	{ sixteen, "core:0.", -EINVAL, "'core:0.' is no PU" },
	{ sixteen, "core:0.pu", -EINVAL, "'core:0.pu' is no PU" },
	{ sixteen, "core:0..pu:0", -EINVAL, "is no PU" },
	{ sixteen, ":0", -EINVAL, "is no PU" },
	{ sixteen, "cpu:all", -EINVAL, "is no PU" },
	{ sixteen, "cpu:3-", -EINVAL, "is no PU" },
	{ sixteen, "cpu:", -EINVAL, "is no PU" },
	{ sixteen, "foo:0", -EINVAL, "'foo'" },
	{ sixteen, "averyveryverylongnameofatypeofobject:0", -EINVAL, "is no PU" },
	{ sixteen, "pci:0", -ENOENT, "shows no" },
	{ sixteen, "16", -ENOENT, "there are 16 of type PU" },
	{ sixteen, "15-16", -ENOENT, "there are 16 of type PU" },
	{ sixteen, "0:17", -ENOENT, "there are 16 of type PU" },
	{ sixteen, "package:2.core:0", -ENOENT, "there are 2 of type Package" },
	{ sixteen, "package:1.core:4", -ENOENT, "there are 4 of type Core" },
	{ sixteen, "core:0.package:0", -ENOENT, "there are 0 of type Package" },
	{ sixteen, "die:0", -ENOENT, "shows no Die" },
	{ sixteen, "cpu:16", -ENOENT, "there is no cpu 16" },
	{ sixteen, "cpu:15-17", -ENOENT, "there is no cpu 16" },
	{ "pu:1", "odd", -ENOENT, "there is 1 of type PU" },
	{ "deep-groups.xml", "group:0", -EINVAL, "group0" },
	{ "offline-uneven-smt.xml", "cpu:3", -ENODEV, "offline" },
	{ "offline-uneven-smt.xml", "cpu:17", -ENODEV, "offline" },
	{ "offline-uneven-smt.xml", "cpu:4", -ENOENT, "there is no cpu 4" },
	{ "offline-uneven-smt.xml", "core:0-3.pu:1", -ENOENT, "there is 1 of type PU" },
	{ "two-memories.xml", "numa:3", -ENOENT, "no usable PU" },
	{ "disallowed.xml", "pu:2", -EACCES, "usable are PUs 0-1 (cpu 0,3)" },
	{ "disallowed.xml", "package:1.pu:1", -EACCES, "outside the cpuset" },
	{ "disallowed.xml", "cpu:1", -EACCES, "outside the cpuset" },
	{ "disallowed.xml", "pu:4", -ENOENT, "does not exist" },
	{ "disallowed.xml", "cpu:4", -ENOENT, "there is no cpu 4" },
};

static void refusals_say_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct topo *topo = load_shape(refusals[i].shape);
		char err[256] = "";
		int *pus;
		size_t n;
		int rc = topo_parse(topo, refusals[i].text, &pus, &n, err, sizeof(err));

		if (rc != refusals[i].error || !strstr(err, refusals[i].word) || strchr(err, '\n'))
			fail_msg("%s: %d '%s'", refusals[i].text, rc, err);
		assert_int_equal(topo_parse(topo, refusals[i].text, &pus, &n, NULL, 0), rc);
		topo_free(topo);
	}
}

static void one_is_one(void **state)
{
	struct topo *topo = load_shape(sixteen);
	char err[256] = "";
	int pu = -7;

	(void)state;
	assert_int_equal(topo_parse_one(topo, "l3:3.core:1.pu:0", &pu, err, sizeof(err)), 0);
	assert_int_equal(pu, 14);
	pu = -7;
	assert_int_equal(topo_parse_one(topo, "core:1", &pu, err, sizeof(err)), -EINVAL);
	assert_non_null(strstr(err, "2 PUs"));
	assert_int_equal(topo_parse_one(topo, "99", &pu, err, sizeof(err)), -ENOENT);
	assert_int_equal(pu, -7);
	topo_free(topo);
}

static void printed_names_are_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		topo_for_each_pu(topo, pu) {
			char name[TOPO_NAME_SIZE], err[256] = "";
			int back = -1;

			topo_pu_name(topo, pu, name, sizeof(name));
			assert_int_equal(topo_parse_one(topo, name, &back, err, sizeof(err)), 0);
			assert_int_equal(back, pu);
		}
		topo_free(topo);
	}
}

/* The first line that a hwloc tool prints about a shape, without its newline. */
static void ask_hwloc_calc(const char *shape, const char *arguments, char *line, size_t size)
{
	char path[512], command[1024];
	FILE *pipe;

	shape_path(shape, path, sizeof(path));
	snprintf(command, sizeof(command), "hwloc-calc -i '%s' -q %s 2>/dev/null",
		 is_xml(shape) ? path : shape, arguments);
	*line = '\0';
	pipe = popen(command, "r");
	assert_non_null(pipe);
	if (fgets(line, size, pipe))
		line[strcspn(line, "\n")] = '\0';
	pclose(pipe);
}

static void need_hwloc_calc(void)
{
	if (!system("command -v hwloc-calc >/dev/null"))
		return;
	print_message("skipped: hwloc-calc (package hwloc-nox) is not installed\n");
	skip();
}

static void locations_are_those_of_hwloc_calc(void **state)
{
	static const char *const texts[] = {
		"pu:0-2",   "core:1",	 "core:0-1.pu:0",      "package:1.core:0-1.pu:0",
		"numa:1",   "l3:0.pu:2", "package:0.core:2-",  "core:odd.pu:0",
		"core:3:2", "l2:1",	 "package:all.pu:1",   "die:1.core:1",
		"group0:1", "machine:0", "numa:0.core:0.pu:0", "package:1.pu:0:2",
	};

	int compared = 0;

	(void)state;
	need_hwloc_calc();
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
			char arguments[256], expected[4096], got[4096] = "";
			int *pus;
			size_t n;

			snprintf(arguments, sizeof(arguments), "-I pu '%s'", texts[t]);
			ask_hwloc_calc(shapes[i], arguments, expected, sizeof(expected));
			if (topo_parse(topo, texts[t], &pus, &n, NULL, 0))
				continue; /* we refuse what hwloc-calc takes in part */
			as_text(pus, n, got, sizeof(got));
			free(pus);
			if (!*expected)
				continue;
			assert_string_equal(got, expected);
			compared++;
		}
		topo_free(topo);
	}
	print_message("%d locations compared\n", compared);
	assert_true(compared > 100);
}

static void names_are_those_of_hwloc_calc(void **state)
{
	struct topo *topo, *uneven;
	char expected[256], name[TOPO_NAME_SIZE];

	(void)state;
	need_hwloc_calc();
	topo = load_shape(sixteen);
	uneven = load_shape("offline-uneven-smt.xml");
	ask_hwloc_calc(sixteen, "-H package.core.pu pu:13", expected, sizeof(expected));
	topo_pu_name(topo, 13, name, sizeof(name));
	assert_string_equal(name, expected);
	ask_hwloc_calc("offline-uneven-smt.xml", "-H package.core.pu pu:4", expected,
		       sizeof(expected));
	topo_pu_name(uneven, 4, name, sizeof(name));
	assert_string_equal(name, expected);
	topo_free(topo);
	topo_free(uneven);
}

/* Pieces of valid text in any order: every answer is PUs that exist, or an error with a message. */
static void nonsense_is_survived(void **state)
{
	static const char *const piece[] = { "0",    "7",  "-",	   ":",	  ".",	 ",",	  "pu",
					     "core", "l3", "numa", "all", "odd", "even",  "package",
					     "cpu",  "x",  "3-5",  "16",  "die", "group", "-1" };
	struct topo *topo = load_shape(sixteen);

	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		char text[128] = "", err[256] = "";
		int *pus;
		size_t n;

		for (int k = rand() % 8; k >= 0; k--)
			strcat(text, piece[rand() % (sizeof(piece) / sizeof(piece[0]))]);
		if (topo_parse(topo, text, &pus, &n, err, sizeof(err))) {
			assert_true(*err);
			continue;
		}
		assert_true(n > 0);
		for (size_t j = 0; j < n; j++)
			assert_in_range(pus[j], 0, 15);
		free(pus);
	}
	topo_free(topo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(missing_levels_are_bridged),
		cmocka_unit_test(refusals_say_why),
		cmocka_unit_test(one_is_one),
		cmocka_unit_test(printed_names_are_read_back),
		cmocka_unit_test(locations_are_those_of_hwloc_calc),
		cmocka_unit_test(names_are_those_of_hwloc_calc),
		cmocka_unit_test(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
