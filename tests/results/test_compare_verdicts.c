// SPDX-License-Identifier: GPL-2.0-or-later
/* Golden comparisons: made-up runs whose verdicts are known. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "results/compare.h"
#include "results/stats.h"

#define HEADER "run_id,backend,path,repetition,ns_per_op,ops,verdict\n"

static struct csv_table a, b;
static struct compare_result result;
static char err[256];

/* n repetitions around `level`, evenly spread by +- `spread`, in an order that is not sorted. */
static void put_case(FILE *out, const char *name, size_t n, double level, double spread)
{
	for (size_t i = 0; i < n; i++) {
		double place = n > 1 ? (double)(i * 5 % n) / (double)(n - 1) : 0.5;
		double x = level * (1 + spread * (2 * place - 1));

		fprintf(out, "r,%s,self,%zu,%.6g,%.0f,ok\n", name, i, x, 1e9 / x);
	}
}

/* Closing the stream is what sets *text. */
static void parse(FILE *out, char **text, struct csv_table *table)
{
	fclose(out);
	assert_int_equal(csv_parse(*text, strlen(*text), "T", table, err, sizeof(err)), 0);
	free(*text);
}

/* One case "x" on both sides. */
static void make_pair(size_t n_a, double level_a, size_t n_b, double level_b, double spread)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs(HEADER, out);
	put_case(out, "x", n_a, level_a, spread);
	parse(out, &text, &a);
	out = open_memstream(&text, &size);
	fputs(HEADER, out);
	put_case(out, "x", n_b, level_b, spread);
	parse(out, &text, &b);
}

static void make_tables(const char *text_a, const char *text_b)
{
	assert_int_equal(csv_parse(text_a, strlen(text_a), "A", &a, err, sizeof(err)), 0);
	assert_int_equal(csv_parse(text_b, strlen(text_b), "B", &b, err, sizeof(err)), 0);
}

static void compare(const struct compare_options *options)
{
	if (compare_tables(&a, &b, options, &result, err, sizeof(err)))
		fail_msg("%s", err);
}

static int forget(void **state)
{
	(void)state;
	compare_result_fini(&result);
	csv_table_fini(&a);
	csv_table_fini(&b);
	return 0;
}

static const struct compare_row *only_row(enum compare_verdict verdict)
{
	assert_int_equal(result.n, 1);
	if (result.row[0].verdict != verdict)
		fail_msg("%s (ratio %g, %g..%g, p %g), expected %s",
			 compare_verdict_name(result.row[0].verdict), result.row[0].ratio,
			 result.row[0].interval.low, result.row[0].interval.high,
			 result.row[0].p_holm, compare_verdict_name(verdict));
	assert_int_equal(result.n_verdict[verdict], 1);
	assert_true((verdict == COMPARE_INCONCLUSIVE) == (result.row[0].reason != NULL));
	return &result.row[0];
}

static void a_fifth_more_is_slower(void **state)
{
	const struct compare_row *row;

	(void)state;
	make_pair(9, 10, 9, 12, 0.02);
	compare(&compare_defaults);
	row = only_row(COMPARE_SLOWER);
	assert_true(fabs(row->ratio - 1.2) < 1e-9 && fabs(row->p - 2.0 / 48620) < 1e-12);
	assert_true(row->interval.low > 1.15 && row->interval.high < 1.25);
	assert_true(fabs(result.geomean - 1.2) < 1e-9);
}

static void a_fifth_less_is_faster(void **state)
{
	(void)state;
	make_pair(9, 12, 9, 10, 0.02);
	compare(&compare_defaults);
	only_row(COMPARE_FASTER);
}

static void more_ops_are_faster(void **state)
{
	struct compare_options options = compare_defaults;

	(void)state;
	options.metric = "ops";
	make_pair(9, 12, 9, 10, 0.02);
	compare(&options);
	only_row(COMPARE_FASTER);
}

static void equal_levels_are_the_same(void **state)
{
	(void)state;
	make_pair(9, 10, 12, 10.05, 0.02);
	compare(&compare_defaults);
	only_row(COMPARE_SAME);
}

/* Significant, but too small to matter. */
static void a_shift_inside_the_margin_is_the_same(void **state)
{
	const struct compare_row *row;

	(void)state;
	make_pair(9, 10, 9, 10.2, 0.002);
	compare(&compare_defaults);
	row = only_row(COMPARE_SAME);
	assert_true(row->p_holm < 0.001);
}

/* Significant, and it cannot be told on which side of the margin. */
static void a_shift_about_the_margin_is_inconclusive(void **state)
{
	(void)state;
	make_pair(9, 10, 9, 10.45, 0.015);
	compare(&compare_defaults);
	assert_string_equal(only_row(COMPARE_INCONCLUSIVE)->reason, "differs, by about the margin");
}

static void noise_is_inconclusive(void **state)
{
	(void)state;
	make_pair(9, 10, 9, 10.5, 0.4);
	compare(&compare_defaults);
	assert_string_equal(only_row(COMPARE_INCONCLUSIVE)->reason,
			    "interval wider than the margin");
}

static void three_repetitions_prove_nothing(void **state)
{
	const struct compare_row *row;

	(void)state;
	make_pair(3, 10, 9, 20, 0.001);
	compare(&compare_defaults);
	row = only_row(COMPARE_INCONCLUSIVE);
	assert_false(row->comparable);
	assert_true(isnan(row->ratio) && isnan(result.geomean));
	assert_int_equal(result.n_comparable, 0);
}

static void zeros_have_no_ratio_but_a_verdict(void **state)
{
	(void)state;
	make_pair(9, 0, 9, 10, 0.01);
	compare(&compare_defaults);
	assert_true(isnan(only_row(COMPARE_SLOWER)->ratio));
	forget(state);
	make_pair(9, 10, 9, 0, 0.01);
	compare(&compare_defaults);
	only_row(COMPARE_FASTER);
	forget(state);
	make_pair(9, 0, 9, 0, 0);
	compare(&compare_defaults);
	only_row(COMPARE_SAME);
	assert_true(isnan(result.geomean));
	forget(state);
	make_pair(3, 0, 9, 10, 0);
	compare(&compare_defaults);
	assert_false(only_row(COMPARE_INCONCLUSIVE)->comparable);
}

static void constant_figures_are_judged_too(void **state)
{
	(void)state;
	make_pair(9, 4, 9, 4, 0);
	compare(&compare_defaults);
	only_row(COMPARE_SAME);
	forget(state);
	make_pair(9, 4, 9, 5, 0);
	compare(&compare_defaults);
	only_row(COMPARE_SLOWER);
}

/* Six against six can reach .0022: not enough once thirty rows were looked at. */
static void holm_makes_many_rows_harder(void **state)
{
	char *text[2];
	size_t size;

	(void)state;
	for (int side = 0; side < 2; side++) {
		FILE *out = open_memstream(&text[side], &size);

		fputs(HEADER, out);
		for (int i = 0; i < 30; i++) {
			char name[8];

			snprintf(name, sizeof(name), "b%d", i);
			put_case(out, name, 6, side && !i ? 12 : 10, 0.01);
		}
		parse(out, &text[side], side ? &b : &a);
	}
	compare(&compare_defaults);
	assert_int_equal(result.n_verdict[COMPARE_SLOWER], 0);
	assert_int_equal(result.n_verdict[COMPARE_SAME], 29);
	assert_string_equal(result.row[0].reason, "not significant over so many rows");
	assert_true(fabs(result.row[0].p_holm - 30 * 2.0 / 924) < 1e-9);
	assert_true(isinf(result.row[0].detectable));
}

static void rows_without_a_verdict_ok_do_not_count(void **state)
{
	(void)state;
	make_tables(HEADER "r,x,self,0,1,1,ok\nr,x,self,1,9,1,inconclusive\nr,x,self,2,,1,ok\n"
			   "r,y,self,0,1,1,ok\nr,z,self,0,,,na\n",
		    HEADER "r,x,self,0,1,1,ok\nr,y,self,0,,1,violated\nr,z,self,0,,,na\n");
	compare(&compare_defaults);
	assert_int_equal(result.n, 2);
	assert_int_equal(result.row[0].n_a, 1);
	assert_int_equal(result.n_skipped_a, 3);
	assert_int_equal(result.n_skipped_b, 2);
	assert_string_equal(result.row[1].reason, "no ok repetition in B");
}

static void cases_without_a_partner_are_named(void **state)
{
	(void)state;
	make_tables(HEADER "r,x,self,0,1,1,ok\nr,y,self,0,1,1,ok\n",
		    HEADER "r,y,self,0,1,1,ok\nr,y,outside,0,1,1,ok\n");
	compare(&compare_defaults);
	assert_int_equal(result.n, 1);
	assert_int_equal(result.only_a.n, 1);
	assert_int_equal(result.only_b.n, 1);
	assert_int_equal(result.n_columns, 2);
	assert_string_equal(result.only_a.value[0][0], "x");
	assert_string_equal(result.only_b.value[0][1], "outside");
	assert_true(result.varies[0] && result.varies[1]);
}

static void rows_come_in_the_order_of_a(void **state)
{
	(void)state;
	make_tables(HEADER "r,z,self,0,1,1,ok\nr,a,self,0,1,1,ok\nr,m,self,0,1,1,ok\n",
		    HEADER "r,a,self,0,1,1,ok\nr,m,self,0,1,1,ok\nr,z,self,0,1,1,ok\n");
	compare(&compare_defaults);
	assert_int_equal(result.n, 3);
	assert_string_equal(result.row[0].value[0], "z");
	assert_string_equal(result.row[1].value[0], "a");
	assert_string_equal(result.row[2].value[0], "m");
	assert_false(result.varies[1]);
}

static void columns_that_one_side_lacks_or_we_ignore_name_no_case(void **state)
{
	static const char *const ignore[] = { "path" };
	struct compare_options options = compare_defaults;

	(void)state;
	options.ignore = ignore;
	options.n_ignore = 1;
	make_tables(HEADER "r,x,self,0,1,1,ok\nr,x,outside,0,1,1,ok\n",
		    "backend,ns_per_op,placement\nx,1,exclusive\n");
	compare(&compare_defaults);
	assert_int_equal(result.n, 1);
	assert_int_equal(result.row[0].n_a, 2);
	compare_result_fini(&result);
	compare(&options);
	assert_int_equal(result.n_columns, 1);
}

static void what_cannot_be_compared_is_an_error(void **state)
{
	struct compare_options options = compare_defaults;

	(void)state;
	make_tables("ns_per_op\n1\n", "ns_per_op\n1\n");
	assert_int_equal(compare_tables(&a, &b, &options, &result, err, sizeof(err)), -ENOENT);
	options.metric = "p50_ns";
	assert_int_equal(compare_tables(&a, &b, &options, &result, err, sizeof(err)), -ENOENT);
	assert_non_null(strstr(err, "p50_ns"));
	options.metric = "backend";
	assert_int_equal(compare_tables(&a, &b, &options, &result, err, sizeof(err)), -EINVAL);
}

static void tables_without_rows_match_nothing(void **state)
{
	(void)state;
	make_tables(HEADER, HEADER);
	compare(&compare_defaults);
	assert_int_equal(result.n + result.only_a.n + result.only_b.n, 0);
}

static void halves_of_a_run_are_the_same(void **state)
{
	(void)state;
	make_pair(11, 10, 1, 1, 0.02);
	assert_int_equal(compare_halves(&a, &compare_defaults, &result, err, sizeof(err)), 0);
	assert_int_equal(result.row[0].n_a, 5);
	assert_int_equal(result.row[0].n_b, 6);
	only_row(COMPARE_SAME);
}

/* Processes that lie apart by up to 11 %, within which repetitions agree to 0.1 %. */
static void put_processes(FILE *out, size_t n, double level)
{
	fputs("run_id,process,backend,repetition,ns_per_op,verdict\n", out);
	for (size_t p = 0; p < n; p++)
		for (int i = 0; i < 9; i++)
			fprintf(out, "r,%zu,x,%d,%.6g,ok\n", p, i,
				(level + (double)(p * 5 % n)) * (1 + 0.0001 * i));
}

static void make_processes(size_t n_a, size_t n_b)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	put_processes(out, n_a, 100);
	parse(out, &text, &a);
	out = open_memstream(&text, &size);
	put_processes(out, n_b, 102.5);
	parse(out, &text, &b);
}

static void a_process_is_one_sample(void **state)
{
	struct compare_options o = compare_defaults;

	(void)state;
	make_processes(12, 12);
	o.margin = 0.005;
	compare(&o);
	assert_true(result.by_process);
	assert_int_equal(only_row(COMPARE_INCONCLUSIVE)->n_a, 12);
	compare_result_fini(&result);
	/* The same figures as 108 independent repetitions: too sure of itself. */
	o.samples = COMPARE_REPETITIONS;
	compare(&o);
	assert_int_equal(only_row(COMPARE_SLOWER)->n_a, 108);
}

static void few_processes_are_no_samples_unless_asked_for(void **state)
{
	struct compare_options o = compare_defaults;

	(void)state;
	make_processes(3, 12);
	compare(&o);
	assert_false(result.by_process);
	assert_int_equal(result.row[0].n_a, 27);
	compare_result_fini(&result);
	o.samples = COMPARE_PROCESSES;
	compare(&o);
	assert_string_equal(only_row(COMPARE_INCONCLUSIVE)->reason, "fewer than 4 processes");
	compare_result_fini(&result);
	assert_int_equal(compare_halves(&b, &compare_defaults, &result, err, sizeof(err)), 0);
	assert_true(result.by_process);
	assert_int_equal(result.row[0].n_a, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_fifth_more_is_slower, forget),
		cmocka_unit_test_teardown(a_fifth_less_is_faster, forget),
		cmocka_unit_test_teardown(more_ops_are_faster, forget),
		cmocka_unit_test_teardown(equal_levels_are_the_same, forget),
		cmocka_unit_test_teardown(a_shift_inside_the_margin_is_the_same, forget),
		cmocka_unit_test_teardown(a_shift_about_the_margin_is_inconclusive, forget),
		cmocka_unit_test_teardown(noise_is_inconclusive, forget),
		cmocka_unit_test_teardown(three_repetitions_prove_nothing, forget),
		cmocka_unit_test_teardown(zeros_have_no_ratio_but_a_verdict, forget),
		cmocka_unit_test_teardown(constant_figures_are_judged_too, forget),
		cmocka_unit_test_teardown(holm_makes_many_rows_harder, forget),
		cmocka_unit_test_teardown(rows_without_a_verdict_ok_do_not_count, forget),
		cmocka_unit_test_teardown(cases_without_a_partner_are_named, forget),
		cmocka_unit_test_teardown(rows_come_in_the_order_of_a, forget),
		cmocka_unit_test_teardown(columns_that_one_side_lacks_or_we_ignore_name_no_case,
					  forget),
		cmocka_unit_test_teardown(what_cannot_be_compared_is_an_error, forget),
		cmocka_unit_test_teardown(tables_without_rows_match_nothing, forget),
		cmocka_unit_test_teardown(halves_of_a_run_are_the_same, forget),
		cmocka_unit_test_teardown(a_process_is_one_sample, forget),
		cmocka_unit_test_teardown(few_processes_are_no_samples_unless_asked_for, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
