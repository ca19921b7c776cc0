// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads stay where they were put, and every way in which they do not is reported. */
#include "test_topo.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

static void need_two_pus(void)
{
	struct topo *topo = load_machine();
	int n_pus = topo_n_pus(topo);

	topo_free(topo);
	if (n_pus > 1)
		return;
	print_message("skipped: needs two PUs\n");
	skip();
}

/* Masks are changed in a child, which must not return into cmocka: it says what failed. */
static void in_child(int (*check)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(check());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* The whole process, as taskset -a does it: a sanitizer has a thread of its own. */
static void bind_to(int cpu)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	while ((task = readdir(tasks)))
		if (atoi(task->d_name))
			sched_setaffinity(atoi(task->d_name), sizeof(set), &set);
	closedir(tasks);
}

static void pins_are_read_back(void **state)
{
	struct topo *topo = load_machine();
	cpu_set_t set;

	(void)state;
	assert_true(topo_is_this_system(topo));
	topo_for_each_pu(topo, pu) {
		assert_int_equal(topo_pin_self(topo, pu), 0);
		assert_int_equal(sched_getcpu(), topo_pu(topo, pu)->cpu);
		assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
		assert_int_equal(CPU_COUNT(&set), 1);
		assert_int_equal(topo_verify_self(topo, pu), 0);
		assert_int_equal(topo_verify_self(topo, (pu + 1) % topo_n_pus(topo)),
				 topo_n_pus(topo) > 1 ? -ESTALE : 0);
	}
	assert_int_equal(topo_unpin_self(topo), 0);
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	assert_int_equal(CPU_COUNT(&set), topo_n_pus(topo));
	topo_free(topo);
}

static void a_pu_that_is_not_there_is_refused(void **state)
{
	struct topo *topo = load_machine();

	(void)state;
	assert_int_equal(topo_pin_self(topo, topo_n_pus(topo)), -EINVAL);
	assert_int_equal(topo_pin_self(topo, -1), -EINVAL);
	assert_int_equal(topo_verify_self(topo, -1), -EINVAL);
	topo_free(topo);
}

/* hwloc itself would return 0 here and bind nothing. */
static void described_machines_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct topo *topo = load_shape(shapes[i]);

		assert_int_equal(topo_pin_self(topo, 0), -EOPNOTSUPP);
		assert_int_equal(topo_verify_self(topo, 0), -EOPNOTSUPP);
		assert_int_equal(topo_unpin_self(topo), -EOPNOTSUPP);
		topo_free(topo);
	}
}

static void explanations_name_the_pu(void **state)
{
	struct topo *topo = load_machine();
	char line[160];

	(void)state;
	topo_pin_explain(topo, 0, -ESTALE, line, sizeof(line));
	assert_non_null(strstr(line, "PU 0 (cpu "));
	topo_pin_explain(topo, 9999, -EINVAL, line, sizeof(line));
	assert_non_null(strstr(line, "PU 9999 failed: there is no such PU"));
	topo_pin_explain(topo, -1, -EACCES, line, sizeof(line));
	assert_non_null(strstr(line, "lifting the pin"));
	topo_pin_explain(topo, 0, -EOPNOTSUPP, line, sizeof(line));
	assert_non_null(strstr(line, "planning only"));
	topo_free(topo);
}

static void *pin_often(void *arg)
{
	const struct topo *topo = arg;

	for (int i = 0; i < 50; i++) {
		int pu = i % topo_n_pus(topo);

		if (topo_pin_self(topo, pu) || topo_verify_self(topo, pu))
			return arg;
	}
	return NULL;
}

static void threads_share_one_topology(void **state)
{
	struct topo *topo = load_machine();
	pthread_t thread[4];
	void *failed;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, pin_often, topo), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(thread[i], &failed), 0);
		assert_null(failed);
	}
	topo_free(topo);
}

/* As taskset and Slurm do it: the mask was there before the program. */
static int check_mask(void)
{
	struct topo *all = load_machine(), *topo;
	int last = topo_n_pus(all) - 1, cpu = topo_pu(all, last)->cpu, pu, rc;
	char text[32], err[256];

	bind_to(cpu);
	topo = load_machine();
	EXPECT(topo_n_pus(topo) == 1);
	EXPECT(topo_pu(topo, 0)->cpu == cpu);
	EXPECT(topo_pin_self(topo, 0) == 0);
	rc = topo_parse_one(topo, "pu:1", &pu, err, sizeof(err));
	EXPECT(rc == -EACCES && strstr(err, "affinity mask"));
	snprintf(text, sizeof(text), "cpu:%d", topo_pu(all, 0)->cpu);
	EXPECT(topo_parse_one(topo, text, &pu, err, sizeof(err)) == -EACCES);
	EXPECT(topo_parse_one(topo, "cpu:8000", &pu, err, sizeof(err)) == -ENOENT);
	EXPECT(topo_unpin_self(topo) == 0);
	EXPECT(topo_hash(topo) != topo_hash(all));
	return 0;
}

static void the_mask_is_honoured(void **state)
{
	(void)state;
	need_two_pus();
	in_child(check_mask);
}

static int check_moved(void)
{
	struct topo *topo = load_machine();

	EXPECT(topo_pin_self(topo, 1) == 0);
	bind_to(topo_pu(topo, 0)->cpu); /* somebody's taskset -p */
	EXPECT(topo_verify_self(topo, 1) == -ESTALE);
	EXPECT(topo_unpin_self(topo) == 0);
	return 0;
}

static void a_thread_moved_by_others_is_noticed(void **state)
{
	(void)state;
	need_two_pus();
	in_child(check_moved);
}

/* A mask that was widened does not move the thread, and is a broken pin all the same. */
static int check_widened(void)
{
	struct topo *topo = load_machine();

	EXPECT(topo_pin_self(topo, 1) == 0);
	EXPECT(topo_unpin_self(topo) == 0);
	EXPECT(topo_verify_self(topo, 1) == -ESTALE);
	return 0;
}

static void a_widened_mask_is_noticed(void **state)
{
	(void)state;
	need_two_pus();
	in_child(check_widened);
}

/* hwloc's variables put another machine in the place of this one: nothing may be pinned by it. */
static int check_environment(void)
{
	struct topo *topo;

	setenv("HWLOC_SYNTHETIC", "pack:2 core:2 pu:2", 1);
	topo = load_machine();
	EXPECT(topo_n_pus(topo) == 8);
	EXPECT(!topo_is_this_system(topo));
	EXPECT(topo_pin_self(topo, 0) == -EOPNOTSUPP);
	return 0;
}

static void another_machine_from_the_environment(void **state)
{
	(void)state;
	in_child(check_environment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_are_read_back),
		cmocka_unit_test(a_pu_that_is_not_there_is_refused),
		cmocka_unit_test(described_machines_are_refused),
		cmocka_unit_test(explanations_name_the_pu),
		cmocka_unit_test(threads_share_one_topology),
		cmocka_unit_test(the_mask_is_honoured),
		cmocka_unit_test(a_thread_moved_by_others_is_noticed),
		cmocka_unit_test(a_widened_mask_is_noticed),
		cmocka_unit_test(another_machine_from_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
