// SPDX-License-Identifier: GPL-2.0-or-later
/* The comparison as a plot of ratios with their intervals, and as a table. */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw/html.h"
#include "report/draw/svg.h"
#include "results/compare.h"
#include "results/provenance.h"
#include "results/schema.h"

enum { MAX_SHOWN = 24, ROW = 30, TOP = 20, BOTTOM = 40 };

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

static size_t changes(const struct compare_result *r, const struct compare_row **shown)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (is_change(&r->row[i]))
			shown[n++] = &r->row[i];
	qsort(shown, n, sizeof(*shown), by_change);
	return n < MAX_SHOWN ? n : MAX_SHOWN;
}

static void draw_row(FILE *out, const struct compare_result *r, const struct compare_row *row,
		     const struct scale *x, double y)
{
	const struct svg_look look = { row->verdict == COMPARE_FASTER ? 2 : 0,
				       row->verdict == COMPARE_FASTER ? 5 : 6, 0 };
	char name[256];

	compare_case_name(r, row->value, "pcpus", name, sizeof(name));
	svg_text(out, "tick", 0, y - 6, "%s", name);
	svg_whisker(out, look, scale_at(x, row->interval.low), scale_at(x, row->interval.high), y + 4);
	svg_mark(out, look, scale_at(x, row->ratio), y + 4, "%s: %.3f [%.3f, %.3f], %s", name, row->ratio,
		 row->interval.low, row->interval.high, compare_verdict_name(row->verdict));
	svg_text(out, "tick end", SVG_WIDTH, y - 6, "%s %.2fx", compare_verdict_name(row->verdict),
		 row->ratio);
}

static void draw(FILE *out, const struct compare_result *r)
{
	const struct compare_row **shown = calloc(r->n + 1, sizeof(*shown));
	size_t n = shown ? changes(r, shown) : 0;
	double low = 1, high = 1, bottom = TOP + (double)n * ROW;
	struct scale x;

	for (size_t i = 0; i < n; i++) {
		low = fmin(low, shown[i]->interval.low);
		high = fmax(high, shown[i]->interval.high);
	}
	if (n) {
		x = scale_log(low, high, 8, SVG_WIDTH - 8);
		fputs("<div class=\"plots\"><div class=\"plot\">", out);
		svg_begin(out, SVG_WIDTH, (int)bottom + BOTTOM, "Largest changes",
			  "Ratios of medians with 95 %% intervals of the %zu largest shown changes", n);
		svg_axis_x(out, &x, TOP - 8, bottom, "ratio of medians; above 1: slower");
		svg_line(out, "floor", scale_at(&x, 1), TOP - 8, scale_at(&x, 1), bottom);
		for (size_t i = 0; i < n; i++)
			draw_row(out, r, shown[i], &x, TOP + (double)i * ROW + 14);
		svg_end(out);
		fputs("</div></div>\n", out);
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
	draw(out, &r);
	write_table(out, &r);
	compare_result_fini(&r);
}

void report_changes(FILE *out, const struct report_run *run, size_t n)
{
	fputs("<figure id=\"compare\">\n", out);
	html_element(out, "h2", NULL, "Compared");
	html_element(out, "p", "asks", "What changed from A to %s, case by case?",
		     n > 2 ? "each of the others" : "B");
	for (size_t i = 1; i < n; i++) {
		fputs("<section class=\"panel\">\n", out);
		html_element(out, "p", "run-name", "A: %s, %c: %s", report_name(&run[0]), run[i].label,
			     report_name(&run[i]));
		write_differences(out, &run[0], &run[i]);
		write_verdicts(out, &run[0], &run[i]);
		fputs("<p class=\"repeat\">Repeat it: <code>", out);
		html_printf(out, "kickbench compare %s %s", run[0].dir, run[i].dir);
		fputs("</code></p></section>\n", out);
	}
	html_element(
		out, "figcaption", NULL,
		"faster and slower need an exact Mann-Whitney U test after Holm's"
		" correction and a change beyond the margin; same needs the whole bootstrap interval of the"
		" ratio within the margin; everything else is inconclusive.");
	fputs("</figure>\n", out);
}
