// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits of control groups of both versions, found in a folder that looks like a machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/memory_room.h"
#include "tests/scratch.h"

#define MB (1ull << 20)

/* Writes a file of the machine, with the folders above it. */
static void put(const char *path, const char *text)
{
	char full[SCRATCH_SIZE];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", scratch(), path);
	for (char *s = full + strlen(scratch()) + 1; (s = strchr(s, '/')); s++) {
		*s = 0;
		mkdir(full, 0777);
		*s = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static uint64_t room(void)
{
	return xp_memory_room(scratch());
}

static void nobody_says(void **state)
{
	(void)state;
	assert_true(room() == UINT64_MAX);
	put("/proc/self/cgroup", "0::/a/b\n");
	assert_true(room() == UINT64_MAX);
	put("/sys/fs/cgroup/a/b/memory.max", "max\n");
	put("/sys/fs/cgroup/a/b/memory.current", "1000\n");
	assert_true(room() == UINT64_MAX);
	put("/sys/fs/cgroup/a/b/memory.max", "");
	assert_true(room() == UINT64_MAX);
}

static void version_2_counts_every_group(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/a/b\n");
	put("/sys/fs/cgroup/a/b/memory.max", "67108864\n");
	put("/sys/fs/cgroup/a/b/memory.current", "20971520\n");
	assert_true(room() == 44 * MB);
	put("/sys/fs/cgroup/a/b/memory.stat", "anon 1\ninactive_file 10485760\nactive_file 3\n");
	assert_true(room() == 54 * MB);
	put("/sys/fs/cgroup/a/b/memory.high", "50331648\n");
	assert_true(room() == 38 * MB);
	put("/sys/fs/cgroup/a/memory.max", "33554432\n");
	put("/sys/fs/cgroup/a/memory.current", "31457280\n");
	assert_true(room() == 2 * MB);
	put("/sys/fs/cgroup/a/memory.current", "41943040\n");
	assert_true(room() == 0);
	put("/sys/fs/cgroup/a/memory.max", "max\n");
	put("/sys/fs/cgroup/memory.high", "1048576\n");
	assert_true(room() == MB);
}

static void version_1_has_other_names(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "9:name=systemd:/\n5:cpu,memory:/job/one\n0::/\n");
	put("/sys/fs/cgroup/memory/job/one/memory.limit_in_bytes", "9223372036854771712\n");
	assert_true(room() == UINT64_MAX);
	put("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "104857600\n");
	put("/sys/fs/cgroup/memory/job/memory.usage_in_bytes", "94371840\n");
	put("/sys/fs/cgroup/memory/job/memory.stat", "inactive_file 1\ntotal_inactive_file 31457280\n");
	assert_true(room() == 40 * MB);
}

/* The path is the host's, and the mount shows the container's own group only. */
static void in_a_container_the_top_counts(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "4:memory:/docker/0123\n");
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "50331648\n");
	put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1048576\n");
	assert_true(room() == 47 * MB);
}

static void what_is_wanted_is_a_limit_too(void **state)
{
	(void)state;
	assert_int_equal(xp_memory_most(1, 1), 1);
	assert_int_equal(xp_memory_workers(1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nobody_says, scratch_empty),
		cmocka_unit_test_teardown(version_2_counts_every_group, scratch_empty),
		cmocka_unit_test_teardown(version_1_has_other_names, scratch_empty),
		cmocka_unit_test_teardown(in_a_container_the_top_counts, scratch_empty),
		cmocka_unit_test(what_is_wanted_is_a_limit_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
