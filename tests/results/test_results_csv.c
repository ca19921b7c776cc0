// SPDX-License-Identifier: GPL-2.0-or-later
/* CSV: what goes in comes out, mistakes do not go unnoticed, and a torn file costs one row. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results/csv.h"
#include "results/stats.h"
#include "tests/scratch.h"

static const struct csv_column columns[] = {
	{ "name", CSV_STRING, CSV_CASE, "", "" },
	{ "n", CSV_U64, CSV_COUNT, "", "" },
	{ "x", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "note", CSV_STRING, CSV_COUNT, "", "" },
};
static const struct csv_schema schema = { "test", "", columns, 4 };

static char path[SCRATCH_SIZE];
static char err[1024];

static void put_file(const char *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void assert_file(const char *text)
{
	char got[4096] = "";
	FILE *in = fopen(path, "re");

	assert_non_null(in);
	got[fread(got, 1, sizeof(got) - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(got, text);
}

static void write_row(struct csv_writer *writer, const char *name, uint64_t n)
{
	struct csv_row row;

	assert_int_equal(csv_row_init(&row, &schema), 0);
	assert_int_equal(csv_set_string(&row, "name", name), 0);
	assert_int_equal(csv_set_u64(&row, "n", n), 0);
	assert_int_equal(csv_write(writer, &row), 0);
	csv_row_fini(&row);
}

static void unset_cells_are_empty(void **state)
{
	struct csv_writer writer;

	(void)state;
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_CREATE, err, sizeof(err)), 0);
	write_row(&writer, "a", 0);
	write_row(&writer, "", 18446744073709551615u);
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_file("name,n,x,note\na,0,,\n,18446744073709551615,,\n");
}

static void awkward_text_survives(void **state)
{
	static const char *const texts[] = {
		"plain", "a,b", "say \"hi\"", "two\nlines", "crlf\r\nend",     "\"",
		" pad ", ",",	"\n",	      "tab\there",  "umlaut \xc3\xa4", "lone \r cr"
	};
	struct csv_writer writer;
	struct csv_table table;

	(void)state;
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_CREATE, err, sizeof(err)), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		write_row(&writer, texts[i], i);
	csv_writer_close(&writer);
	assert_int_equal(csv_read(path, &table, err, sizeof(err)), 0);
	assert_int_equal(table.n_rows, sizeof(texts) / sizeof(texts[0]));
	assert_int_equal(table.torn_line, 0);
	for (size_t i = 0; i < table.n_rows; i++)
		assert_string_equal(csv_cell(&table, i, 0), texts[i]);
	csv_table_fini(&table);
}

static void doubles_come_back_bit_by_bit(void **state)
{
	struct stats_random random;
	struct csv_row row;

	(void)state;
	stats_random_init(&random, 3);
	assert_int_equal(csv_row_init(&row, &schema), 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = stats_random_next(&random);
		double x, back;

		memcpy(&x, &bits, sizeof(x));
		assert_int_equal(csv_set_double(&row, "x", x), 0);
		if (!isfinite(x)) {
			assert_null(csv_get(&row, "x"));
			continue;
		}
		back = strtod(csv_get(&row, "x"), NULL);
		assert_memory_equal(&back, &x, sizeof(x));
	}
	csv_set_double(&row, "x", 0.1);
	assert_string_equal(csv_get(&row, "x"), "0.1");
	csv_set_double(&row, "x", 2.0);
	assert_string_equal(csv_get(&row, "x"), "2");
	csv_set_double(&row, "x", 0.0);
	assert_string_equal(csv_get(&row, "x"), "0");
	csv_row_fini(&row);
}

static void wrong_names_and_types_stick(void **state)
{
	struct csv_writer writer;
	struct csv_row row;

	(void)state;
	assert_int_equal(csv_row_init(&row, &schema), 0);
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_CREATE, err, sizeof(err)), 0);
	assert_int_equal(csv_set_u64(&row, "nn", 1), -EINVAL);
	assert_int_equal(csv_set_u64(&row, "n", 1), 0);
	assert_int_equal(csv_write(&writer, &row), -EINVAL);
	assert_string_equal(row.bad, "nn");
	csv_row_clear(&row);
	assert_int_equal(csv_set_double(&row, "n", 1.0), -EINVAL);
	assert_int_equal(csv_set_string(&row, "x", "1"), -EINVAL);
	assert_int_equal(csv_set_u64(&row, "name", 1), -EINVAL);
	assert_int_equal(csv_write(&writer, &row), -EINVAL);
	csv_row_clear(&row);
	assert_int_equal(csv_set_u64(&row, "x", 7), 0);
	assert_int_equal(csv_write(&writer, &row), 0);
	csv_writer_close(&writer);
	csv_row_fini(&row);
	assert_file("name,n,x,note\n,,7,\n");
}

static void rows_copy_by_name_and_turn_into_json(void **state)
{
	static const struct csv_column other_columns[] = {
		{ "note", CSV_STRING, CSV_COUNT, "", "" },
		{ "n", CSV_U64, CSV_COUNT, "", "" },
	};
	static const struct csv_schema other = { "other", "", other_columns, 2 };
	struct csv_row from, to;
	struct cJSON *json;
	char *text;

	(void)state;
	assert_int_equal(csv_row_init(&from, &schema) | csv_row_init(&to, &other), 0);
	csv_set_string(&from, "name", "a\"b");
	csv_set_u64(&from, "n", 18446744073709551615u);
	assert_int_equal(csv_row_copy(&to, &from), 0);
	assert_string_equal(csv_get(&to, "n"), "18446744073709551615");
	assert_null(csv_get(&to, "note"));
	json = csv_row_json(&from);
	text = cJSON_PrintUnformatted(json);
	assert_string_equal(text, "{\"name\":\"a\\\"b\",\"n\":18446744073709551615}");
	free(text);
	cJSON_Delete(json);
	csv_row_fini(&from);
	csv_row_fini(&to);
}

static void an_old_file_is_not_overwritten(void **state)
{
	struct csv_writer writer;

	(void)state;
	put_file("name,n,x,note\na,1,,\n");
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_CREATE, err, sizeof(err)),
			 -EEXIST);
	assert_non_null(strstr(err, path));
	assert_file("name,n,x,note\na,1,,\n");
}

static void append_goes_on_after_a_torn_line(void **state)
{
	static const char *const torn[] = { "", "b", "b,2,", "\"b\nc", "b,2,,\"x\"\"" };
	struct csv_writer writer;
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
		snprintf(text, sizeof(text), "name,n,x,note\n\"a\nb\",1,,\n%s", torn[i]);
		put_file(text);
		assert_int_equal(
			csv_writer_open(&writer, path, &schema, CSV_APPEND, err, sizeof(err)), 0);
		write_row(&writer, "c", 3);
		csv_writer_close(&writer);
		assert_file("name,n,x,note\n\"a\nb\",1,,\nc,3,,\n");
	}
}

static void append_begins_anew_after_a_torn_header(void **state)
{
	struct csv_writer writer;

	(void)state;
	put_file("name,n");
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_APPEND, err, sizeof(err)), 0);
	csv_writer_close(&writer);
	assert_file("name,n,x,note\n");
}

static void append_refuses_other_columns(void **state)
{
	struct csv_writer writer;

	(void)state;
	put_file("name,n,y,note\na,1,,\n");
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_APPEND, err, sizeof(err)),
			 -EINVAL);
	assert_file("name,n,y,note\na,1,,\n");
	put_file("name,n,x,note,more\na,1,,,\n");
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_APPEND, err, sizeof(err)),
			 -EINVAL);
}

/* A full disk in the middle of a row: the row is taken back, the ones before it stay. */
static void a_short_write_is_taken_back(void **state)
{
	struct rlimit limit, old;
	struct csv_writer writer;
	struct csv_row row;

	(void)state;
	assert_int_equal(csv_writer_open(&writer, path, &schema, CSV_CREATE, err, sizeof(err)), 0);
	write_row(&writer, "a", 1);
	assert_int_equal(csv_row_init(&row, &schema), 0);
	csv_set_string(&row, "name", "a name that does not fit into the file any more");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = (struct rlimit){ 30, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(csv_write(&writer, &row), -ENOSPC);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_file("name,n,x,note\na,1,,\n");
	assert_int_equal(csv_write(&writer, &row), 0);
	csv_writer_close(&writer);
	csv_row_fini(&row);
}

static void unwritable_is_an_error_with_a_path(void **state)
{
	struct csv_writer writer;
	char missing[SCRATCH_SIZE];

	(void)state;
	scratch_path(missing, "missing/x.csv");
	assert_int_equal(csv_writer_open(&writer, missing, &schema, CSV_CREATE, err, sizeof(err)),
			 -ENOENT);
	assert_non_null(strstr(err, missing));
	assert_int_equal(csv_writer_close(&writer), 0);
}

static int parse(const char *text, struct csv_table *table)
{
	return csv_parse(text, strlen(text), "T", table, err, sizeof(err));
}

static void foreign_files_are_read(void **state)
{
	struct csv_table table;
	double x;

	(void)state;
	assert_int_equal(parse("\xef\xbb\xbf"
			       "a,b\r\n1,\"x \"\"y\"\"\"\r\n\r\n\"\",2.5\r\n",
			       &table),
			 0);
	assert_int_equal(table.n_rows, 2);
	assert_int_equal(csv_table_find(&table, "a"), 0);
	assert_int_equal(csv_table_find(&table, "c"), -ENOENT);
	assert_string_equal(csv_cell(&table, 0, 1), "x \"y\"");
	assert_string_equal(csv_cell(&table, 1, 0), "");
	assert_string_equal(csv_cell(&table, 1, -ENOENT), "");
	assert_false(csv_cell_double(&table, 1, 0, &x));
	assert_false(csv_cell_double(&table, 0, 1, &x));
	assert_true(csv_cell_double(&table, 1, 1, &x));
	assert_true(x == 2.5);
	csv_table_fini(&table);
}

static void a_torn_last_line_is_left_out_and_told(void **state)
{
	static const char *const torn[] = {
		"2", "2,", "2,3", "\"2", "2,\"3\"", "2,3,4,5", "2,3\r"
	};
	struct csv_table table;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
		snprintf(text, sizeof(text), "a,b\n0,1\n%s", torn[i]);
		assert_int_equal(parse(text, &table), 0);
		assert_int_equal(table.n_rows, 1);
		assert_int_equal(table.torn_line, 3);
		csv_table_fini(&table);
	}
}

static void broken_files_are_told_by_line(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *says;
	} cases[] = {
		{ "", -ENODATA, "no header" },
		{ "a,b", -ENODATA, "no header" },
		{ "\n", -ENODATA, "no header" },
		{ "a,a\n", -EBADMSG, "two columns named a" },
		{ "a,b\n1,2\n3\n4,5\n", -EBADMSG, "line 3: 1 fields under 2 columns" },
		{ "a,b\n\"x\ny\",2\n1,2,3\n", -EBADMSG, "line 4: 3 fields under 2 columns" },
		{ "a,b\n1,\"2\n3,4\n", -EBADMSG, "line 2: the quote is never closed" },
		{ "a,b\n1,\"2\"3\n", -EBADMSG, "line 2: text after a closing quote" },
		{ "a,b\n1,2\"3\n", -EBADMSG, "line 2: quote inside a bare field" },
	};
	struct csv_table table;
	char missing[SCRATCH_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].text, &table), cases[i].code);
		assert_non_null(strstr(err, cases[i].says));
		assert_null(table.text);
	}
	assert_int_equal(csv_parse("a\n\0\n", 4, "T", &table, err, sizeof(err)), -EBADMSG);
	assert_int_equal(csv_read(scratch_path(missing, "missing"), &table, err, sizeof(err)), -ENOENT);
	assert_int_equal(csv_read(scratch(), &table, err, sizeof(err)), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(unset_cells_are_empty, scratch_empty),
		cmocka_unit_test_teardown(awkward_text_survives, scratch_empty),
		cmocka_unit_test(doubles_come_back_bit_by_bit),
		cmocka_unit_test_teardown(wrong_names_and_types_stick, scratch_empty),
		cmocka_unit_test(rows_copy_by_name_and_turn_into_json),
		cmocka_unit_test_teardown(an_old_file_is_not_overwritten, scratch_empty),
		cmocka_unit_test_teardown(append_goes_on_after_a_torn_line, scratch_empty),
		cmocka_unit_test_teardown(append_begins_anew_after_a_torn_header, scratch_empty),
		cmocka_unit_test_teardown(append_refuses_other_columns, scratch_empty),
		cmocka_unit_test_teardown(a_short_write_is_taken_back, scratch_empty),
		cmocka_unit_test(unwritable_is_an_error_with_a_path),
		cmocka_unit_test(foreign_files_are_read),
		cmocka_unit_test(a_torn_last_line_is_left_out_and_told),
		cmocka_unit_test(broken_files_are_told_by_line),
	};

	scratch_path(path, "test.csv");
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
