// SPDX-License-Identifier: GPL-2.0-or-later
/* The comparison as a plot of ratios with their intervals, and as a table. */
#include "report/figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw/html.h"
#include "report/draw/svg.h"
#include "results/compare.h"
#include "results/provenance.h"
#include "results/schema.h"

enum { MAX_SHOWN = 24, NAME = 54, ROW = 30, TOP = 20, BOTTOM = 40 };

/* Colours of no backend. */
static const struct report_look faster = { 12, 5, 0 }, slower = { 13, 6, 0 };

static bool is_change(const struct compare_row *row)
{
	return row->verdict == COMPARE_FASTER || row->verdict == COMPARE_SLOWER;
}

/* The largest changes first. */
static int by_change(const void *a, const void *b)
{
	const struct compare_row *x = *(const struct compare_row *const *)a;
	const struct compare_row *y = *(const struct compare_row *const *)b;
	double dx = fabs(log(x->ratio)), dy = fabs(log(y->ratio));

	return dx > dy ? -1 : dx < dy;
}

static size_t changes(const struct compare_result *r, const struct compare_row **shown, size_t *all)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (is_change(&r->row[i]))
			shown[n++] = &r->row[i];
	qsort(shown, n, sizeof(*shown), by_change);
	*all = n;
	return n < MAX_SHOWN ? n : MAX_SHOWN;
}

static void draw_row(FILE *out, const struct compare_result *r, const struct compare_row *row,
		     const struct scale *x, double y)
{
	const struct report_look look = row->verdict == COMPARE_FASTER ? faster : slower;
	char name[256];

	compare_case_name(r, row->value, "pcpus", name, sizeof(name));
	svg_text(out, "tick", 0, y - 6, "%.*s%s", NAME, name, strlen(name) > NAME ? "\342\200\246" : "");
	svg_whisker(out, look, scale_at(x, row->interval.low), scale_at(x, row->interval.high), y + 4);
	svg_mark(out, look, scale_at(x, row->ratio), y + 4, "%s: %.3f [%.3f, %.3f], %s", name, row->ratio,
		 row->interval.low, row->interval.high, compare_verdict_name(row->verdict));
	svg_text(out, "tick end", SVG_WIDTH, y - 6, "%s %.2fx", compare_verdict_name(row->verdict),
		 row->ratio);
}

/* "fastpath self patched: 2.00x, slower; " */
static void say_changes(const struct compare_result *r, const struct compare_row *const *shown, size_t n,
			char *text, size_t size)
{
	char name[256];

	for (size_t i = 0; i < n; i++) {
		compare_case_name(r, shown[i]->value, "pcpus", name, sizeof(name));
		report_add(text, size, "%s: %.2fx, %s; ", name, shown[i]->ratio,
					 compare_verdict_name(shown[i]->verdict));
	}
}

static void draw_changes(FILE *out, const struct compare_result *r)
{
	const struct compare_row **shown = calloc(r->n + 1, sizeof(*shown));
	size_t all = 0, n = shown ? changes(r, shown, &all) : 0;
	char text[2048] = "";
	double low = 1, high = 1, bottom = TOP + (double)n * ROW;
	struct scale x;

	for (size_t i = 0; i < n; i++) {
		low = fmin(low, shown[i]->interval.low);
		high = fmax(high, shown[i]->interval.high);
	}
	if (n) {
		x = high < 2 * low ? scale_linear(low, high, 16, SVG_WIDTH - 16) :
				     scale_log(low, high, 16, SVG_WIDTH - 16);
		fputs("<div class=\"plots\">", out);
		say_changes(r, shown, n, text, sizeof(text));
		svg_plot_begin(out, (int)bottom + BOTTOM, "Largest changes",
			       "%sRatios of medians, 95 %% intervals.", text);
		svg_axis_x(out, &x, TOP - 8, bottom, "ratio of medians; above 1: slower");
		svg_line(out, "floor", scale_at(&x, 1), TOP - 8, scale_at(&x, 1), bottom);
		for (size_t i = 0; i < n; i++)
			draw_row(out, r, shown[i], &x, TOP + (double)i * ROW + 14);
		svg_plot_end(out, all - n, "changes");
		fputs("</div>\n", out);
	}
	free(shown);
}

static void write_table(FILE *out, const struct compare_result *r)
{
	struct html_table table = html_table_begin(out, "Every case that both have",
						   "case|A, median ns|B, median ns|ratio|low|high|p (Holm)"
						   "|verdict|reason");
	char name[256];

	for (size_t i = 0; i < r->n; i++) {
		const struct compare_row *row = &r->row[i];

		compare_case_name(r, row->value, "pcpus", name, sizeof(name));
		html_row_begin(&table);
		html_cell(&table, "%s", name);
		html_cell_number(&table, row->a);
		html_cell_number(&table, row->b);
		html_cell_number(&table, row->ratio);
		html_cell_number(&table, row->comparable ? row->interval.low : NAN);
		html_cell_number(&table, row->comparable ? row->interval.high : NAN);
		html_cell_number(&table, row->p_holm);
		html_cell(&table, "%s", compare_verdict_name(row->verdict));
		html_cell(&table, "%s", row->reason ? row->reason : "");
		html_row_end(&table);
	}
	html_table_end(&table);
}

static void write_differences(FILE *out, const struct report_run *a, const struct report_run *b)
{
	struct provenance p = { 0 };
	char what[1024];

	if (!a->run || !b->run || provenance_compare(a->run, b->run, &p)) {
		fputs("<p class=\"warning\">Whether machine and build are the same is unknown.</p>\n", out);
		return;
	}
	if (provenance_refuses(&p, 0, what, sizeof(what)))
		html_element(out, "p", "warning",
			     "These runs are of different machines or builds: a change below"
			     " may be theirs, and no protocol's.");
	if (p.n)
		fputs("<ul class=\"differences\">", out);
	for (size_t i = 0; i < p.n; i++) {
		fputs(p.difference[i].group != PROVENANCE_NOTE ? "<li class=\"fatal\">" : "<li>", out);
		html_printf(out, "%s: %s, then %s", p.difference[i].what, p.difference[i].a,
			    p.difference[i].b);
		fputs("</li>\n", out);
	}
	if (p.n)
		fputs("</ul>\n", out);
	provenance_fini(&p);
}

static void write_verdicts(FILE *out, const struct report_run *a, const struct report_run *b)
{
	struct compare_result r;
	char err[256];

	if (compare_tables(&a->table[REPORT_BENCH], &b->table[REPORT_BENCH], &compare_defaults, &r, err,
			   sizeof(err))) {
		html_missing(out, "%s", err);
		return;
	}
	html_element(out, "p", "verdict-counts",
		     "%zu faster, %zu slower, %zu same, %zu inconclusive; %zu cases"
		     " only in A, %zu only in %c. Margin %.0f %%, Holm's correction over all rows.",
		     r.n_verdict[COMPARE_FASTER], r.n_verdict[COMPARE_SLOWER], r.n_verdict[COMPARE_SAME],
		     r.n_verdict[COMPARE_INCONCLUSIVE], r.only_a.n, r.only_b.n, b->label,
		     100 * compare_defaults.margin);
	draw_changes(out, &r);
	write_table(out, &r);
	compare_result_fini(&r);
}

/* From the first run to each of the others. */
static void draw(FILE *out, const struct report_run *run)
{
	for (size_t i = 1; i < run->n_all; i++) {
		const struct report_run *other = &run->all[i];

		html_element(out, "p", "run-name", "A: %s, %c: %s", report_name(run), other->label,
			     report_name(other));
		write_differences(out, run, other);
		write_verdicts(out, run, other);
		fputs("<p class=\"repeat\">Repeat it: <code>", out);
		html_printf(out, "kickbench compare %s %s", run->dir, other->dir);
		fputs("</code></p>\n", out);
	}
}

const struct figure figure_changes = {
	.id = "compare",
	.title = "Compared",
	.asks = "What changed from A to each of the others, case by case?",
	.method =
		"faster and slower need an exact Mann-Whitney U test after Holm's correction and a change"
		" beyond the margin; same needs the whole bootstrap interval of the ratio within the margin;"
		" everything else is inconclusive.",
	.together = 2,
	.draw = draw,
	.needs = REPORT_BENCH,
	.always = true,
};
