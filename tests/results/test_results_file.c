// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that are whole or as they were: through links, into what is no file, on a full disk, after a kill;
 * and JSON that any reader takes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results/error.h"
#include "results/file.h"
#include "results/json.h"
#include "tests/scratch.h"

static int put(const char *path, const char *text)
{
	return results_file_write(path, text, strlen(text));
}

static void holds(const char *path, const char *text)
{
	char *is;
	size_t size;

	assert_int_equal(results_read(path, &is, &size), 0);
	assert_string_equal(is, text);
	assert_int_equal(size, strlen(text));
	free(is);
}

/* Names in the folder, those with a dot before them, too. */
static int n_files(void)
{
	DIR *dir = opendir(scratch());
	int n = -2;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void a_file_is_replaced(void **state)
{
	char path[SCRATCH_SIZE];
	struct stat st;

	(void)state;
	scratch_path(path, "new");
	assert_int_equal(put(path, "one"), 0);
	holds(path, "one");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(put(path, ""), 0);
	holds(path, "");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(n_files(), 1);
	assert_int_equal(put(scratch_path(path, "no/such/folder"), "x"), -ENOENT);
	assert_int_equal(put(scratch(), "x"), -EISDIR);
	assert_int_equal(n_files(), 1);
}

static void a_file_of_another_kind_is_somebodys(void **state)
{
	char path[SCRATCH_SIZE];

	(void)state;
	scratch_path(path, "page");
	assert_int_equal(results_file_check(path, "<svg "), 0);
	assert_int_equal(put(path, ""), 0);
	assert_int_equal(results_file_check(path, "<svg "), 0);
	assert_int_equal(put(path, "<svg x=\"1\">"), 0);
	assert_int_equal(results_file_check(path, "<svg "), 0);
	assert_int_equal(put(path, "<sv"), 0);
	assert_int_equal(results_file_check(path, "<svg "), -EEXIST);
	assert_int_equal(put(path, "backend,kicks"), 0);
	assert_int_equal(results_file_check(path, "<svg "), -EEXIST);
	assert_int_equal(results_file_check(path, NULL), 0);
	assert_int_equal(results_file_check("/dev/null", "<svg "), 0);
}

static void links_stay_links(void **state)
{
	char file[SCRATCH_SIZE], near[SCRATCH_SIZE], far[SCRATCH_SIZE], loop[SCRATCH_SIZE];
	char folder[SCRATCH_SIZE];
	struct stat st;

	(void)state;
	mkdir(scratch_path(folder, "folder"), 0777);
	scratch_path(file, "folder/file");
	assert_int_equal(symlink("folder/file", scratch_path(near, "near")), 0);
	assert_int_equal(symlink(near, scratch_path(far, "far")), 0);
	assert_int_equal(put(far, "where there was nothing"), 0);
	holds(file, "where there was nothing");
	assert_int_equal(put(near, "again"), 0);
	holds(far, "again");
	assert_int_equal(lstat(near, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(far, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(symlink("loop", scratch_path(loop, "loop")), 0);
	assert_int_equal(put(loop, "x"), -ELOOP);
	assert_int_equal(n_files(), 4);
}

static void no_file_is_written_into(void **state)
{
	char fifo[SCRATCH_SIZE], link[SCRATCH_SIZE], got[8] = "";
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(scratch_path(fifo, "fifo"), 0600), 0);
	fd = open(fifo, O_RDWR); /* or nobody would read */
	assert_int_equal(put(fifo, "told"), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 4);
	assert_string_equal(got, "told");
	close(fd);
	assert_int_equal(lstat(fifo, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(put("/dev/null", "x"), 0);
	assert_true(!stat("/dev/null", &st) && S_ISCHR(st.st_mode));
	if (!have_dev_full())
		return;
	assert_int_equal(put("/dev/full", "x"), -ENOSPC);
	assert_true(have_dev_full());
	assert_int_equal(symlink("/dev/full", scratch_path(link, "link")), 0);
	assert_int_equal(put(link, "x"), -ENOSPC);
	assert_true(have_dev_full());
	assert_int_equal(n_files(), 2);
}

/* /dev/stdout, with stdout going to a file: what the program prints besides is not to be lost. */
static void stdout_is_itself(void **state)
{
	char path[SCRATCH_SIZE];
	pid_t child;
	int status;

	(void)state;
	scratch_path(path, "out");
	child = fork();
	if (!child) {
		if (!freopen(path, "w", stdout))
			_exit(1);
		printf("before ");
		if (put("/dev/stdout", "page "))
			_exit(1);
		printf("after");
		fflush(stdout);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	holds(path, "before page after");
}

static bool no_links; /* where there is no /proc, or a sandbox forbids it */

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	if (!no_links)
		return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
	errno = EPERM;
	return -1;
}

static void a_file_that_gets_no_name_has_one_from_the_start(void **state)
{
	char path[SCRATCH_SIZE];

	(void)state;
	no_links = true;
	assert_int_equal(put(scratch_path(path, "new"), "one"), 0);
	assert_int_equal(put(path, "two"), 0);
	no_links = false;
	holds(path, "two");
	assert_int_equal(n_files(), 1);
}

/* A limit of file size stands for a full disk. */
static void a_full_disk_keeps_the_old(void **state)
{
	struct rlimit limit, small = { 0 };
	static char large[100000];
	char path[SCRATCH_SIZE];
	int failed;

	(void)state;
	assert_int_equal(put(scratch_path(path, "kept"), "the old one"), 0);
	memset(large, 'x', sizeof(large));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){ 4096, limit.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	failed = results_file_write(path, large, sizeof(large));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(failed, -EFBIG);
	holds(path, "the old one");
	assert_int_equal(n_files(), 1);
}

/* Where a kill could leave something, the next writer takes it over. */
static void what_a_kill_leaves_goes(void **state)
{
	static char large[1 << 20];
	char path[SCRATCH_SIZE], stale[SCRATCH_SIZE];

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	scratch_path(path, "file");
	assert_int_equal(put(scratch_path(stale, ".file.new"), "left by an older kill"), 0);
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		if (!child)
			for (;;)
				put(path, large);
		usleep((useconds_t)(i * 300));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		assert_true(n_files() <= 2);
	}
	assert_int_equal(put(path, "whole"), 0);
	holds(path, "whole");
	assert_int_equal(n_files(), 1);
}

static void printed(const char *text, const char *expected)
{
	cJSON *json = cJSON_CreateObject();
	char *is;

	cJSON_AddStringToObject(json, "t", text);
	is = results_json_print(json, false);
	assert_string_equal(is, expected);
	free(is);
	cJSON_Delete(json);
}

static void bytes_become_text(void **state)
{
	(void)state;
	printed("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7",
		"{\"t\":\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7\"}");
	printed("h\xff", "{\"t\":\"h\xef\xbf\xbd\"}");
	printed("\xc3", "{\"t\":\"\xef\xbf\xbd\"}");
	printed("\xe2\x82/", "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd/\"}");
	printed("\xc0\xaf", "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\"}");	       /* too long */
	printed("\xed\xa0\x80", "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}"); /* a surrogate */
}

static void again(const char *text)
{
	cJSON *json = results_json_parse(text);
	char *is = results_json_print(json, false);

	assert_non_null(is);
	assert_string_equal(is, text);
	free(is);
	cJSON_Delete(json);
}

static void numbers_stay_whole(void **state)
{
	cJSON *json = cJSON_CreateObject();
	char *is;

	(void)state;
	results_json_add_u64(json, "seed", UINT64_MAX);
	is = results_json_print(json, false);
	assert_string_equal(is, "{\"seed\":18446744073709551615}");
	again(is);
	free(is);
	cJSON_Delete(json);
	again("{\"a\":[9007199254740993,-9007199254740993,0.5,1e-05]}");
	again("{\"9007199254740993\":\"9007199254740993\"}");
	again("{\"t\":\"a \\\"9007199254740993 \\\\\"}");
	again("0.12345678901234566");
	assert_null(results_json_parse("{\"seed\":18446744073709551615"));
	assert_null(results_json_parse(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_file_is_replaced, scratch_empty),
		cmocka_unit_test_teardown(a_file_of_another_kind_is_somebodys, scratch_empty),
		cmocka_unit_test_teardown(links_stay_links, scratch_empty),
		cmocka_unit_test_teardown(no_file_is_written_into, scratch_empty),
		cmocka_unit_test_teardown(stdout_is_itself, scratch_empty),
		cmocka_unit_test_teardown(a_full_disk_keeps_the_old, scratch_empty),
		cmocka_unit_test_teardown(a_file_that_gets_no_name_has_one_from_the_start, scratch_empty),
		cmocka_unit_test_teardown(what_a_kill_leaves_goes, scratch_empty),
		cmocka_unit_test(bytes_become_text),
		cmocka_unit_test(numbers_stay_whole),
	};

	return cmocka_run_group_tests_name("files and JSON", tests, NULL, NULL) != 0;
}
