// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of kickbench compare: a line per case, the reasons of the inconclusive ones below it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/text/text.h"
#include "results/compare.h"
#include "results/compare_gate.h"

enum { CASE_WIDTH = 30, MAX_REASONS = 8 };

/* What is the same everywhere is said once; then which columns the table's names are made of. */
static void print_columns(const struct compare_result *r)
{
	bool any = false;

	for (size_t i = 0; r->n && i < r->n_columns; i++) {
		if (r->varies[i] || !*r->row[0].value[i])
			continue;
		printf("%s %s=%s", any ? "" : "everywhere:", r->column[i], r->row[0].value[i]);
		any = true;
	}
	printf("%scase:", any ? "\n" : "");
	for (size_t i = 0; i < r->n_columns; i++)
		if (r->varies[i])
			printf(" %s", r->column[i]);
	printf("\n\n");
}

static void name_case(const struct compare_result *r, const char **value, char *name, size_t size)
{
	if (!compare_case_name(r, value, "", name, size))
		snprintf(name, size, "(the only case)");
}

/* Four digits of a figure, or '-' where there is none. */
static const char *figure(double value, const char *format, char *text, size_t size)
{
	if (isfinite(value))
		snprintf(text, size, format, value);
	else
		snprintf(text, size, "-");
	return text;
}

/* " a": the letter under which the reason is explained below the table. */
static const char *reason_mark(const char *reason, const char **reasons)
{
	static const char marks[MAX_REASONS][3] = {
		" a", " b", " c", " d", " e", " f", " g", " h"
	};
	int i;

	if (!reason)
		return "";
	for (i = 0; i < MAX_REASONS - 1 && reasons[i]; i++)
		if (!strcmp(reasons[i], reason))
			break;
	reasons[i] = reason;
	return marks[i];
}

static void print_row(const struct compare_result *r, const struct compare_row *row,
		      const char **reasons)
{
	char name[512], a[16], b[16], ratio[16], interval[32], p[16], shows[16];

	name_case(r, row->value, name, sizeof(name));
	if (strlen(name) > CASE_WIDTH)
		printf("%s\n%-*s", name, CASE_WIDTH, "");
	else
		printf("%-*s", CASE_WIDTH, name);
	snprintf(interval, sizeof(interval), "-");
	if (isfinite(row->interval.low))
		snprintf(interval, sizeof(interval), "%.3f..%.3f", row->interval.low,
			 row->interval.high);
	printf(" %8s %8s %6s %13s %8s %6s  %s%s\n", figure(row->a, "%.4g", a, sizeof(a)),
	       figure(row->b, "%.4g", b, sizeof(b)),
	       figure(row->ratio, "%.3f", ratio, sizeof(ratio)), interval,
	       figure(row->p_holm, "%.2g", p, sizeof(p)),
	       figure(row->detectable * 100, "%.1f %%", shows, sizeof(shows)),
	       compare_verdict_name(row->verdict), reason_mark(row->reason, reasons));
}

/* Cells of Markdown end at a bar. */
static void print_markdown_name(const char *name)
{
	for (; *name; name++)
		printf(*name == '|' ? "\\|" : "%c", *name);
}

static void print_markdown_row(const struct compare_result *r, const struct compare_row *row)
{
	char name[512], a[16], b[16], ratio[16], interval[32] = "-", p[16];
	bool bold = row->verdict == COMPARE_FASTER || row->verdict == COMPARE_SLOWER;

	name_case(r, row->value, name, sizeof(name));
	fputs("| ", stdout);
	print_markdown_name(name);
	if (isfinite(row->interval.low))
		snprintf(interval, sizeof(interval), "%.3f..%.3f", row->interval.low, row->interval.high);
	printf(" | %s | %s | %s | %s | %s | %s%s%s%s%s%s |\n", figure(row->a, "%.4g", a, sizeof(a)),
	       figure(row->b, "%.4g", b, sizeof(b)), figure(row->ratio, "%.3f", ratio, sizeof(ratio)),
	       interval, figure(row->p_holm, "%.2g", p, sizeof(p)), bold ? "**" : "",
	       compare_verdict_name(row->verdict), bold ? "**" : "", row->reason ? " (" : "",
	       row->reason ? row->reason : "", row->reason ? ")" : "");
}

/* Cases without a partner that have nothing in common: that is why they have none. */
static void print_apart(const struct compare_result *r)
{
	char a[96], b[96];

	for (size_t i = 0; i < r->n_columns; i++)
		if (compare_apart(r, i, a, b))
			printf("these differ in %s: A has '%s', B has '%s'\n", r->column[i], a, b);
}

static void print_lonely(const struct compare_result *r, const struct compare_lonely *lonely,
			 const char *side)
{
	char name[512];

	if (lonely->n)
		printf("only in %s (%zu):\n", side, lonely->n);
	for (size_t i = 0; i < lonely->n; i++) {
		name_case(r, lonely->value[i], name, sizeof(name));
		printf("  %s\n", name);
	}
}

/* "- mainline: 2 faster, 3 slower, 1 same, 0 inconclusive; geometric mean 1.204" */
static void print_one_other(const struct compare_result *r, const char *other)
{
	size_t n[COMPARE_INCONCLUSIVE + 1] = { 0 }, n_ratios = 0;
	double sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct compare_row *row = &r->row[i];

		if (strcmp(row->value[r->n_columns - 1], other))
			continue;
		n[row->verdict]++;
		if (!row->comparable || !(row->ratio > 0) || isinf(row->ratio))
			continue;
		sum += log(row->ratio);
		n_ratios++;
	}
	printf("- %s: %zu faster, %zu slower, %zu same, %zu inconclusive", other, n[COMPARE_FASTER],
	       n[COMPARE_SLOWER], n[COMPARE_SAME], n[COMPARE_INCONCLUSIVE]);
	if (n_ratios)
		printf("; geometric mean of B/A over %zu: %.3f", n_ratios, exp(sum / (double)n_ratios));
	printf("\n");
}

/* Where B is several backends, or whatever was asked for: a mean over all of them would be of nothing. */
static void print_others(const struct compare_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const char *other = r->row[i].value[r->n_columns - 1];
		size_t k = 0;

		while (k < i && strcmp(r->row[k].value[r->n_columns - 1], other))
			k++;
		if (k == i)
			print_one_other(r, other);
	}
}

static void print_summary(const struct compare_result *r, const struct compare_options *o)
{
	bool several = compare_has_several(r);

	printf("\n%zu cases matched: %zu faster, %zu slower, %zu same, %zu inconclusive", r->n,
	       r->n_verdict[COMPARE_FASTER], r->n_verdict[COMPARE_SLOWER],
	       r->n_verdict[COMPARE_SAME], r->n_verdict[COMPARE_INCONCLUSIVE]);
	if (r->n_comparable && !several)
		printf("; geometric mean of B/A over %zu: %.3f", r->n_comparable, r->geomean);
	printf("\n");
	if (several)
		print_others(r);
	if (r->n_skipped_a || r->n_skipped_b)
		printf("left out: %zu rows of A and %zu of B (verdict not ok, or no %s)\n",
		       r->n_skipped_a, r->n_skipped_b, o->metric);
	print_lonely(r, &r->only_a, "A");
	print_lonely(r, &r->only_b, "B");
	print_apart(r);
}

static void print_procedure(const struct compare_result *r, const struct compare_options *o)
{
	printf("%s: medians, margin %g %%, alpha %g over all rows, %g %% intervals per row\n",
	       o->metric, o->margin * 100, o->alpha, (1 - o->alpha) * 100);
	if (r->by_process)
		printf("a sample is the median of a process: %zu in A, %zu in B\n", r->n_processes_a,
		       r->n_processes_b);
	else
		printf("a sample is a repetition%s\n",
		       r->n_processes_a > 1 || r->n_processes_b > 1 ?
			       ", whatever its process: too few processes" :
			       ": what differs between processes is not covered (see --respawn)");
	print_columns(r);
}

void text_compare_markdown(const struct compare_result *r, const struct compare_options *o)
{
	print_procedure(r, o);
	if (r->n)
		puts("| case | A | B | B/A | interval | p (Holm) | verdict |\n"
		     "|---|---:|---:|---:|---:|---:|---|");
	for (size_t i = 0; i < r->n; i++)
		print_markdown_row(r, &r->row[i]);
	print_summary(r, o);
}

void text_compare_table(const struct compare_result *r, const struct compare_options *o)
{
	const char *reasons[MAX_REASONS] = { NULL };

	print_procedure(r, o);
	if (r->n)
		printf("%-*s %8s %8s %6s %13s %8s %6s  %s\n", CASE_WIDTH, "case", "A", "B", "B/A",
		       "interval", "p (Holm)", "shows", "verdict");
	for (size_t i = 0; i < r->n; i++)
		print_row(r, &r->row[i], reasons);
	for (int i = 0; i < MAX_REASONS && reasons[i]; i++)
		printf("  %c: %s\n", 'a' + i, reasons[i]);
	print_summary(r, o);
}

static int scenario_of(const struct compare_result *r)
{
	for (size_t i = 0; i < r->n_columns; i++)
		if (!strcmp(r->column[i], "scenario"))
			return (int)i;
	return -1;
}

static const char *group_of(const struct compare_result *r, size_t row, int column)
{
	return column < 0 ? "all" : r->row[row].value[column];
}

void text_compare_gate(const struct compare_result *r, const struct compare_options *o)
{
	int column = scenario_of(r);

	printf("gate: %s: %zu of %zu cases slower than A/A could have said; every case sees changes from:",
	       r->n_verdict[COMPARE_SLOWER] ? "closed" : "open", r->n_verdict[COMPARE_SLOWER],
	       r->n_comparable);
	for (size_t i = 0; i < r->n; i++) {
		double sees = 0;
		size_t k = 0;

		while (k < i && strcmp(group_of(r, k, column), group_of(r, i, column)))
			k++;
		if (k < i)
			continue;
		for (; k < r->n; k++)
			if (r->row[k].comparable && !strcmp(group_of(r, k, column), group_of(r, i, column)))
				sees = fmax(sees, compare_gate_sees(&r->row[k], o));
		printf(" %s %.1f %%", group_of(r, i, column), sees * 100);
	}
	putchar('\n');
}

void text_compare_aa(const struct compare_result *r, const struct compare_options *o)
{
	size_t n_false = r->n_verdict[COMPARE_FASTER] + r->n_verdict[COMPARE_SLOWER], n_raw = 0;

	for (size_t i = 0; i < r->n; i++)
		n_raw += r->row[i].comparable && r->row[i].p <= o->alpha;
	printf("\nA/A: %zu of %zu rows called faster or slower", n_false, r->n_comparable);
	if (r->n_comparable)
		printf(" (%.1f %%)", 100 * (double)n_false / (double)r->n_comparable);
	printf("; p <= %g before Holm and margin in %zu (%.1f expected)\n", o->alpha, n_raw,
	       o->alpha * (double)r->n_comparable);
}
