// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIGKILL at random moments while rows are being written: every row that csv_write() had returned
 * from is in the file, in order, none is torn but the last; and an append goes on after it.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "results/csv.h"
#include "results/stats.h"
#include "tests/scratch.h"

enum { ROUNDS = 40, MAX_DELAY_US = 2500 };

static const struct csv_column columns[] = {
	{ "n", CSV_U64, CSV_RUN, "", "" },
	{ "text", CSV_STRING, CSV_CASE, "", "" },
	{ "again", CSV_U64, CSV_RUN, "", "" },
};
static const struct csv_schema schema = { "test", "", columns, 3 };

/* Row n: its number twice, around a text of a length that varies up to two pages. */
static void fill(struct csv_row *row, uint64_t n)
{
	static char text[8192];
	size_t length = n * 2654435761u % (sizeof(text) - 1);

	memset(text, 'a' + (int)(n % 26), length);
	text[length] = '\0';
	csv_set_u64(row, "n", n);
	csv_set_string(row, "text", text);
	csv_set_u64(row, "again", n);
}

static void write_until_killed(const char *path, uint64_t first, volatile uint64_t *done)
{
	struct csv_writer writer;
	struct csv_row row;

	if (csv_writer_open(&writer, path, &schema, CSV_APPEND, NULL, 0) ||
	    csv_row_init(&row, &schema))
		_exit(1);
	for (uint64_t n = first;; n++) {
		fill(&row, n);
		if (csv_write(&writer, &row))
			_exit(1);
		usleep(400);*done = n + 1;
	}
}

/* However long that takes on a busy machine; the child writes, or has ended. */
static void wait_for_a_row(pid_t child, uint64_t first, const volatile uint64_t *done)
{
	const struct timespec moment = { .tv_nsec = 100000 };

	while (*done == first) {
		assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
		nanosleep(&moment, NULL);
	}
}

static void kill_after(pid_t child, uint64_t us)
{
	struct timespec delay = { .tv_nsec = (long)us * 1000 };
	int status;

	nanosleep(&delay, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/*
 * -> how many rows are whole: `done`, or one more, whose writer was killed before it could count it.
 * Before the first row there may be no file yet, or no whole header in it.
 */
static uint64_t check(const char *path, uint64_t done)
{
	char err[256] = "";
	struct csv_table table;
	struct csv_row row;
	int ret = csv_read(path, &table, err, sizeof(err));

	if (!done && (ret == -ENOENT || ret == -ENODATA))
		return 0;
	if (ret)
		fail_msg("%s", err);
	assert_int_equal(csv_row_init(&row, &schema), 0);
	assert_in_range(table.n_rows, done, done + 1);
	for (size_t i = 0; i < table.n_rows; i++) {
		fill(&row, i);
		for (int c = 0; c < 3; c++)
			assert_string_equal(csv_cell(&table, i, c), row.text[c] ? row.text[c] : "");
	}
	done = table.n_rows;
	csv_row_fini(&row);
	csv_table_fini(&table);
	return done;
}

static void no_row_is_lost_or_torn(void **state)
{
	volatile uint64_t *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char path[SCRATCH_SIZE];
	struct stats_random random;
	int n_checked = 0;

	(void)state;
	assert_true(done != MAP_FAILED);
	scratch_path(path, "test.csv");
	stats_random_init(&random, 20);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t delay_us = stats_random_below(&random, MAX_DELAY_US);
		uint64_t first;
		pid_t child;

		if (*done > 2000) {
			assert_int_equal(truncate(path, 0), 0);
			*done = 0;
		}
		first = *done;
		child = fork();
		assert_true(child >= 0);
		if (!child)
			write_until_killed(path, first, done);
		/* In half of the rounds it may be killed before it has begun. */
		if (i % 2)
			wait_for_a_row(child, first, done);
		kill_after(child, delay_us);
		*done = check(path, *done);
		n_checked += *done > 0;
	}
	assert_true(n_checked >= ROUNDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_row_is_lost_or_torn) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
