// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The columns: the promised ones first and in their order, unique, documented, and in
 * results/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "results/schema.h"

#define BEGIN "<!-- columns: written by UPDATE_DOCS=1 test_results_schema -->\n"
#define END   "<!-- end of columns -->\n"

/* Users' scripts depend on these names and on their order. */
static const char promised[] =
	"run_id backend scenario path line form put transport distance kicker_pu vcpu_pu kickers vcpus "
	"pcpus migrations_per_s widen loop repetition window_ns ops ns_per_op min_ns p50_ns p90_ns "
	"p99_ns p999_ns max_ns kicks ipis_sent ipis_useful ipis_stale ipis_misdirected ipis_spurious "
	"ipis_double ipis_dropped coalesced stints exits poisoned lost locked_rmws_per_kick "
	"fences_per_kick overlap fairness nivcsw verdict ";

static void bench_begins_with_the_promised_columns(void **state)
{
	const char *at = promised;

	(void)state;
	for (size_t i = 0; *at; i++) {
		size_t n = strcspn(at, " ");

		assert_true(i < schema_bench.n);
		assert_int_equal(strlen(schema_bench.column[i].name), n);
		assert_memory_equal(schema_bench.column[i].name, at, n);
		at += n + 1;
	}
}

static void names_are_unique_and_plain(void **state)
{
	(void)state;
	for (size_t s = 0; schema_all[s]; s++) {
		for (size_t i = 0; i < schema_all[s]->n; i++) {
			const char *name = schema_all[s]->column[i].name;

			assert_int_equal(csv_schema_find(schema_all[s], name), i);
			assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
					 strlen(name));
		}
	}
}

static void every_bench_column_is_documented(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema_bench.n; i++)
		assert_true(schema_bench.column[i].doc[0] != '\0');
}

/* Else a bucket could not be traced to its row. */
static void latency_has_every_case_column_of_bench(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema_bench.n; i++) {
		const struct csv_column *c = &schema_bench.column[i];
		int there = csv_schema_find(&schema_latency, c->name);

		if (c->role != CSV_CASE)
			continue;
		assert_true(there >= 0);
		assert_int_equal(schema_latency.column[there].type, c->type);
	}
}

static const char *const type_names[] = { "u64", "double", "string" };
static const char *const role_names[] = { "run", "case", "lower", "higher", "" };

static void print_schema(FILE *out, const struct csv_schema *schema)
{
	fprintf(out, "\n### %s.csv\n\n%s\n\n", schema->name, schema->doc);
	fprintf(out, "| column | type | unit | role | meaning |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < schema->n; i++) {
		const struct csv_column *c = &schema->column[i];

		fprintf(out, "| %s | %s | %s | %s | %s |\n", c->name, type_names[c->type], c->unit,
			role_names[c->role], c->doc);
	}
}

/* The tables of results/README.md, to be freed. */
static char *schema_markdown(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; schema_all[i]; i++)
		print_schema(out, schema_all[i]);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *slurp(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "re");

	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	fclose(in);
	return text;
}

static void update(const char *path, const char *text, const char *columns)
{
	const char *begin = strstr(text, BEGIN) + strlen(BEGIN);
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fprintf(out, "%.*s%s\n%s", (int)(begin - text), text, columns, strstr(text, END));
	fclose(out);
}

static void readme_shows_the_columns(void **state)
{
	const char *source = getenv("SRC");
	char path[4096], *text, *columns, *begin;

	(void)state;
	if (!source)
		skip();
	columns = schema_markdown();
	snprintf(path, sizeof(path), "%s/results/README.md", source);
	text = slurp(path);
	if (getenv("UPDATE_DOCS"))
		update(path, text, columns);
	free(text);
	text = slurp(path);
	begin = strstr(text, BEGIN);
	assert_non_null(begin);
	begin += strlen(BEGIN);
	assert_non_null(strstr(begin, END));
	strstr(begin, END)[-1] = '\0'; /* with the empty line before it */
	if (strcmp(begin, columns))
		fail_msg("README.md is out of date: SRC=%s UPDATE_DOCS=1 test_results_schema",
			 source);
	free(columns);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_begins_with_the_promised_columns),
		cmocka_unit_test(names_are_unique_and_plain),
		cmocka_unit_test(every_bench_column_is_documented),
		cmocka_unit_test(latency_has_every_case_column_of_bench),
		cmocka_unit_test(readme_shows_the_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
