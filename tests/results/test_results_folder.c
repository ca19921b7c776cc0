// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The results folder: where it goes, that it overwrites nothing, and what run.json says and when.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results/folder.h"
#include "results/provenance.h"
#include "results/schema.h"
#include "results/sink.h"
#include "tests/scratch.h"

static char err[512];
static struct folder folder;

static const struct folder_library libraries[] = { { "hwloc", "2.9.0" },
						   { "cjson", "1.7.15" },
						   { 0 } };
static const struct folder_build build = { "0.1", "abc123",  "gcc 12.2.0",
					   "-O2", "Release", libraries, NULL };
static char *command[] = { "kickbench", "bench", "--backend", "a \"b\"" };

static int open_at(const char *out)
{
	struct folder_options options = { .out = out,
					  .argc = 4,
					  .argv = command,
					  .seed = UINT64_MAX,
					  .build = &build,
					  .topology_hash = "t0" };

	return folder_open(&folder, &options, err, sizeof(err));
}

static struct cJSON *read_run(void)
{
	struct cJSON *run;

	assert_int_equal(provenance_read(folder.path, &run, err, sizeof(err)), 0);
	return run;
}

static const char *text_of(const struct cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void parents_are_made_and_nothing_is_overwritten(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(open_at("a/b//c/"), 0);
	assert_int_equal(stat("a/b/c/run.json", &st), 0);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
	assert_int_equal(open_at("a/b/c"), -EEXIST);
	assert_non_null(strstr(err, "a/b/c"));
	assert_int_equal(mkdir("empty", 0777), 0);
	assert_int_equal(open_at("empty"), 0);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
}

static void a_place_that_cannot_be_made_is_named(void **state)
{
	FILE *file = fopen("file", "we");

	(void)state;
	assert_non_null(file);
	fclose(file);
	assert_int_equal(open_at("file/x"), -ENOTDIR);
	assert_non_null(strstr(err, "file/x"));
	assert_int_equal(open_at("file"), -ENOTDIR);
	assert_int_equal(open_at(""), -ENOENT);
	assert_true(open_at("/proc/x/y") < 0);
}

static void default_places_are_unique(void **state)
{
	char first[PATH_MAX];

	(void)state;
	assert_int_equal(open_at(NULL), 0);
	strcpy(first, folder.path);
	assert_int_equal(strncmp(first, "results/runs/20", 15), 0);
	assert_string_equal(first + strlen("results/runs/"), folder.run_id);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
	assert_int_equal(open_at(NULL), 0);
	assert_string_not_equal(first, folder.path);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
	/* Names, too, wherever they are: two nodes may begin in one second. */
	strcpy(first, folder.run_id);
	for (int i = 0; i < 20; i++) {
		char out[16];

		snprintf(out, sizeof(out), "id%d", i);
		assert_int_equal(open_at(out), 0);
		assert_string_not_equal(first, folder.run_id);
		strcpy(first, folder.run_id);
		assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
	}
}

static void run_json_is_there_from_the_start(void **state)
{
	struct cJSON *run, *machine, *argv;

	(void)state;
	assert_int_equal(open_at("r"), 0);
	run = read_run();
	assert_string_equal(text_of(run, "state"), "running");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(run, "finished")));
	assert_string_equal(text_of(cJSON_GetObjectItem(run, "build"), "revision"), "abc123");
	assert_string_equal(text_of(cJSON_GetObjectItem(run, "libraries"), "hwloc"), "2.9.0");
	argv = cJSON_GetObjectItem(run, "command");
	assert_int_equal(cJSON_GetArraySize(argv), 4);
	assert_string_equal(cJSON_GetArrayItem(argv, 3)->valuestring, "a \"b\"");
	machine = cJSON_GetObjectItem(run, "machine");
	assert_string_equal(text_of(machine, "topology_hash"), "t0");
	assert_non_null(text_of(machine, "kernel"));
	cJSON_Delete(run);
	assert_int_equal(folder_close(&folder, "interrupted", err, sizeof(err)), 0);
	run = read_run();
	assert_string_equal(text_of(run, "state"), "interrupted");
	assert_non_null(text_of(run, "finished"));
	assert_true(cJSON_IsObject(cJSON_GetObjectItem(run, "noise")));
	cJSON_Delete(run);
	assert_int_equal(access("r/.run.json.new", F_OK), -1);
}

/* cJSON keeps numbers as doubles: a 64-bit seed must not go through one. */
static void the_seed_keeps_all_its_digits(void **state)
{
	char text[65536] = "";
	FILE *in;

	(void)state;
	assert_int_equal(open_at("r"), 0);
	in = fopen("r/run.json", "re");
	assert_non_null(in);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	fclose(in);
	assert_non_null(strstr(text, "18446744073709551615"));
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
}

static void members_can_be_added_and_replaced(void **state)
{
	struct cJSON *run;

	(void)state;
	assert_int_equal(open_at("r"), 0);
	assert_int_equal(folder_set(&folder, "extra", cJSON_CreateNumber(1)), 0);
	assert_int_equal(folder_set(&folder, "extra", cJSON_CreateNumber(2)), 0);
	assert_int_equal(folder_set(&folder, "extra", NULL), -ENOMEM);
	assert_int_equal(folder_save(&folder, err, sizeof(err)), 0);
	run = read_run();
	assert_true(cJSON_GetObjectItem(run, "extra")->valuedouble == 2);
	cJSON_Delete(run);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
}

static void latency_rows_carry_their_case(void **state)
{
	static struct histogram h;
	struct sink_folder to;
	struct csv_table table;
	struct csv_row row;

	(void)state;
	assert_int_equal(open_at("r"), 0);
	sink_folder_init(&to, &folder);
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	csv_set_string(&row, "backend", "old");
	csv_set_u64(&row, "repetition", 3);
	csv_set_double(&row, "ns_per_op", 1.5);
	histogram_init(&h);
	histogram_record(&h, 7);
	histogram_record(&h, 7);
	histogram_record(&h, 1000);
	assert_int_equal(sink_latency(&to.sink, &row, "roundtrip", &h), 0);
	assert_int_equal(sink_folder_close(&to), 0);
	csv_row_fini(&row);
	assert_int_equal(csv_read("r/latency.csv", &table, err, sizeof(err)), 0);
	assert_int_equal(table.n_rows, 2);
	assert_string_equal(csv_cell(&table, 0, csv_table_find(&table, "backend")), "old");
	assert_string_equal(csv_cell(&table, 1, csv_table_find(&table, "repetition")), "3");
	assert_string_equal(csv_cell(&table, 0, csv_table_find(&table, "count")), "2");
	assert_string_equal(csv_cell(&table, 1, csv_table_find(&table, "bucket_low_ns")), "1000");
	assert_string_equal(csv_cell(&table, 1, csv_table_find(&table, "bucket_high_ns")), "1004");
	csv_table_fini(&table);
	assert_int_equal(folder_close(&folder, "complete", err, sizeof(err)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(parents_are_made_and_nothing_is_overwritten, scratch_empty),
		cmocka_unit_test_teardown(a_place_that_cannot_be_made_is_named, scratch_empty),
		cmocka_unit_test_teardown(default_places_are_unique, scratch_empty),
		cmocka_unit_test_teardown(run_json_is_there_from_the_start, scratch_empty),
		cmocka_unit_test_teardown(the_seed_keeps_all_its_digits, scratch_empty),
		cmocka_unit_test_teardown(members_can_be_added_and_replaced, scratch_empty),
		cmocka_unit_test_teardown(latency_rows_carry_their_case, scratch_empty),
	};

	return chdir(scratch()) || cmocka_run_group_tests(tests, NULL, NULL);
}
