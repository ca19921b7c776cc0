// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal's tables are made of a folder's files and nothing else: those of the reference run are the
 * ones that the run itself printed.  With a folder as argument: prints its tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/text/text.h"

static void print_tables(FILE *out, const struct report_run *run)
{
	text_floors(out, run);
	text_price_table(out, run);
	text_protocol_table(out, run);
	text_migration_table(out, run);
	text_broadcast_table(out, run);
}

static void load(struct report_run *run, const char *dir)
{
	char err[512];

	if (report_run_load(run, dir, err, sizeof(err)))
		fail_msg("%s", err);
}

static char *read_all(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	fclose(in);
	return text;
}

static void tables_of_the_reference(void **state)
{
	static struct report_run run;
	char path[4096], *want, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	snprintf(path, sizeof(path), "%s/results/reference", getenv("SRC"));
	load(&run, path);
	print_tables(out, &run);
	fclose(out);
	snprintf(path, sizeof(path), "%s/tests/report/reference_tables.txt", getenv("SRC"));
	want = read_all(path);
	assert_string_equal(text, want);
	free(want);
	free(text);
	report_run_fini(&run);
}

static int print_folder(const char *dir)
{
	static struct report_run run;
	char *json;
	cJSON *all;

	load(&run, dir);
	print_tables(stdout, &run);
	puts("\n---");
	text_case_table(stdout, &run);
	puts("---");
	all = text_cases_json(&run);
	json = cJSON_Print(all);
	puts(json);
	free(json);
	cJSON_Delete(all);
	report_run_fini(&run);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tables_of_the_reference) };

	return argc > 1 ? print_folder(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
