// SPDX-License-Identifier: GPL-2.0-or-later
/* A cgroup's cpuset limits what is discovered, and one that shrinks under us is noticed. */
#include "test_topo.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_SKIP 4

static char group[128];

static bool group_write(const char *file, const char *text)
{
	char path[192];
	FILE *out;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", group, file);
	out = fopen(path, "w");
	if (!out)
		return false;
	ok = fputs(text, out) >= 0;
	return !fclose(out) && ok;
}

static bool group_cpu(int cpu, int other)
{
	char text[32];

	snprintf(text, sizeof(text), other < 0 ? "%d\n" : "%d,%d\n", cpu, other);
	return group_write("cpuset.cpus", text);
}

/* cgroup v1, or v2 where the controller is on for children; both need root. */
static bool make_group(void)
{
	static const char *const root[] = { "/sys/fs/cgroup/cpuset", "/sys/fs/cgroup" };

	for (int i = 0; i < 2; i++) {
		snprintf(group, sizeof(group), "%s/kickbench-test-%d", root[i], (int)getpid());
		if (mkdir(group, 0755))
			continue;
		if (group_write("cpuset.mems", "0\n"))
			return true;
		rmdir(group);
	}
	return false;
}

static bool join_group(void)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	return group_write("cgroup.procs", pid);
}

/* In a child, since whoever joins the group cannot remove it. */
static void in_group(int (*check)(int first, int second))
{
	struct topo *topo = load_machine();
	int first = topo_pu(topo, 0)->cpu, second = topo_pu(topo, 1)->cpu, status;
	pid_t child;

	topo_free(topo);
	assert_true(group_cpu(first, second));
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(check(first, second));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static int check_discovery(int first, int second)
{
	struct topo *topo;
	char text[32], err[256];
	int pu;

	EXPECT(group_cpu(second, -1));
	EXPECT(join_group());
	topo = load_machine();
	EXPECT(topo_n_pus(topo) == 1);
	EXPECT(topo_pu(topo, 0)->cpu == second);
	EXPECT(topo_pin_self(topo, 0) == 0);
	snprintf(text, sizeof(text), "cpu:%d", first);
	EXPECT(topo_parse_one(topo, text, &pu, err, sizeof(err)) == -EACCES);
	EXPECT(strstr(err, "outside the cpuset"));
	topo_free(topo);
	return 0;
}

static void discovery_stays_inside(void **state)
{
	(void)state;
	in_group(check_discovery);
}

static int check_shrink(int first, int second)
{
	struct topo *topo;

	EXPECT(join_group());
	topo = load_machine();
	EXPECT(topo_n_pus(topo) == 2);
	EXPECT(topo_pin_self(topo, 1) == 0);
	EXPECT(topo_verify_self(topo, 1) == 0);
	EXPECT(topo_pu(topo, 1)->cpu == second);
	EXPECT(group_cpu(first, -1));
	EXPECT(topo_verify_self(topo, 1) == -ESTALE);
	EXPECT(topo_pin_self(topo, 1) == -EACCES);
	EXPECT(topo_pin_self(topo, 0) == 0);
	EXPECT(topo_unpin_self(topo) == -ESTALE);
	topo_free(topo);
	return 0;
}

static void a_cpuset_that_shrinks_is_noticed(void **state)
{
	(void)state;
	in_group(check_shrink);
}

static int why_not(void)
{
	struct topo *topo = load_machine();
	int n_pus = topo_n_pus(topo);

	topo_free(topo);
	if (n_pus < 2)
		return printf("skipped: needs two PUs\n");
	if (!make_group())
		return printf("skipped: cannot make a cpuset cgroup (needs root)\n");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discovery_stays_inside),
		cmocka_unit_test(a_cpuset_that_shrinks_is_noticed),
	};
	int failed;

	if (why_not())
		return EXIT_SKIP;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(group);
	return failed != 0;
}
