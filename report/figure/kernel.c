// SPDX-License-Identifier: GPL-2.0-or-later
/* What real kernels answered: kvm.csv of the running one, kernel-lab.csv of both orders side by side. */
#include <math.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"

enum { MAX_BARS = 40, LEFT = 152, ROW = 26, TOP = 24, BOTTOM = 40 };

static const char *cell(const struct csv_table *t, size_t row, const char *column)
{
	return csv_cell(t, row, csv_table_find(t, column));
}

static double number(const struct csv_table *t, size_t row, const char *column)
{
	double value;

	return csv_cell_double(t, row, csv_table_find(t, column), &value) ? value : NAN;
}

/* A whole file as its table. */
static void write_all(FILE *out, const struct csv_table *t, const char *caption)
{
	char titles[4096] = "";

	for (size_t i = 0; i < t->n_columns; i++)
		snprintf(titles + strlen(titles), sizeof(titles) - strlen(titles), "%s%s", i ? "|" : "",
			 t->header[i]);
	html_csv_table(out, caption, titles, t, (const char *const *)t->header, t->n_columns);
}

static const struct {
	const char *p50, *p99, *title;
	struct svg_look look;
} times[] = {
	{ "call_p50_ns", "call_p99_ns", "the system call", { 1, 1, 0 } },
	{ "exit_p50_ns", "exit_p99_ns", "until the exit shows", { 2, 2, 0 } },
	{ "handler_p50_ns", "handler_p99_ns", "until the guest's handler ran", { 0, 0, 0 } },
};
enum { N_TIMES = 3 };

static bool has_time(const struct csv_table *t, size_t row)
{
	return number(t, row, "call_p50_ns") > 0;
}

static struct scale time_scale(const struct csv_table *t)
{
	double low = INFINITY, high = 0;

	for (size_t row = 0; row < t->n_rows; row++)
		for (int i = 0; i < N_TIMES; i++) {
			low = fmin(low, number(t, row, times[i].p50));
			high = fmax(high, number(t, row, times[i].p99));
		}
	return scale_log(low, high, LEFT, SVG_WIDTH - 10);
}

static void draw_time_row(FILE *out, const struct csv_table *t, size_t row, const struct scale *x, double y)
{
	svg_text(out, "tick end", LEFT - 8, y + 4, "%s, %s%s", cell(t, row, "kick"), cell(t, row, "state"),
		 number(t, row, "migrate") > 0 ? ", moving" : "");
	for (int i = 0; i < N_TIMES; i++) {
		double p50 = number(t, row, times[i].p50), p99 = number(t, row, times[i].p99);

		if (!(p50 > 0))
			continue;
		svg_whisker(out, times[i].look, scale_at(x, p50), scale_at(x, p99 > 0 ? p99 : p50),
			    y + 6 * (i - 1));
		svg_mark(out, times[i].look, scale_at(x, p50), y + 6 * (i - 1),
			 "%s: p50 %.0f ns, p99 %.0f ns", times[i].title, p50, p99);
	}
}

static void draw_times(FILE *out, const struct csv_table *t)
{
	struct scale x = time_scale(t);
	size_t n = 0, at = 0;

	for (size_t row = 0; row < t->n_rows && n < MAX_BARS; row++)
		n += has_time(t, row);
	if (!n)
		return;
	html_element(out, "p", "note",
		     "Blue squares: the system call that kicks. Green diamonds: until the exit"
		     " shows. Orange circles: until the guest's handler ran. Median to 99th percentile.");
	fputs("<div class=\"plots\"><div class=\"plot\">", out);
	svg_begin(out, SVG_WIDTH, TOP + (int)n * ROW + BOTTOM, "Kicks of a guest on the running kernel",
		  "Medians and 99th percentiles of %zu kinds of kicks", n);
	svg_axis_x(out, &x, TOP - 8, TOP + (double)n * ROW, "ns");
	for (size_t row = 0; row < t->n_rows && at < n; row++)
		if (has_time(t, row))
			draw_time_row(out, t, row, &x, TOP + (double)at++ * ROW + ROW / 2.0);
	svg_end(out);
	fputs("</div></div>\n", out);
}

static void draw_kvm(FILE *out, const struct report_run *run)
{
	draw_times(out, &run->table[REPORT_KVM]);
	write_all(out, &run->table[REPORT_KVM], "kvm.csv");
}

/* "200 in 200" as a fault, "0 in 200" as an observation. */
static void write_count(FILE *out, double count, double rounds, double unseen)
{
	char more[64] = "";

	if (unseen > 0)
		snprintf(more, sizeof(more), ", %.0f unseen", unseen);
	if (isnan(count))
		fputs("<td></td>", out);
	else
		html_element(out, "td", count > 0 ? "v v-bad" : "v v-zero", "%.0f in %.0f%s", count, rounds,
			     more);
}

/* A second kick that nothing followed is lost if it trusted the claim of a poisoned stint, else unseen. */
static void write_lost(FILE *out, const struct csv_table *t, size_t row)
{
	double silent = number(t, row, "lost");
	double lost = fmin(silent, fmin(number(t, row, "swallowed"), number(t, row, "poisoned")));

	write_count(out, lost, number(t, row, "rounds"), silent - lost);
}

static void draw_lab(FILE *out, const struct report_run *run)
{
	const struct csv_table *t = &run->table[REPORT_LAB];

	fputs("<div class=\"scroll\"><table class=\"verdicts\"><caption>The first kick is held in the window,"
	      " the vCPU moved, then the second kick comes</caption><thead><tr>"
	      "<th scope=\"col\">kvm.ko</th><th scope=\"col\">first kick</th>"
	      "<th scope=\"col\">second kick</th><th scope=\"col\">migrates</th>"
	      "<th scope=\"col\">poisoned</th><th scope=\"col\">second kick lost</th>"
	      "</tr></thead>\n<tbody>\n",
	      out);
	for (size_t row = 0; row < t->n_rows; row++) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, cell(t, row, "variant"));
		if (!strcmp(cell(t, row, "variant"), "patched_early"))
			html_text(out, " (control: window before the claim)");
		fputs("</th>", out);
		html_element(out, "td", NULL, "%s", cell(t, row, "first"));
		html_element(out, "td", NULL, "%s", cell(t, row, "second"));
		html_element(out, "td", NULL, "%s", number(t, row, "migrate") > 0 ? "yes" : "no (control)");
		write_count(out, number(t, row, "poisoned"), number(t, row, "rounds"), 0);
		write_lost(out, t, row);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
	write_all(out, t, "kernel-lab.csv");
}

const struct figure figure_kvm = {
	.id = "kvm",
	.title = "The running kernel",
	.asks = "The same question put to KVM itself: what does a kick of a real guest take here?",
	.method =
		"Through /dev/kvm, on the kernel that run.json names. Counts of IPIs are the kernel's own and"
		" include other causes.",
	.repeat = "kvm",
	.draw = draw_kvm,
	.needs = REPORT_KVM,
	.optional = true,
};

const struct figure figure_lab = {
	.id = "lab",
	.title = "Both orders on a real kernel",
	.asks = "On one kernel with the old and the patched order of the same lines: is the next kick lost?",
	.method =
		"The KVM of a packaged Debian kernel under an emulator, the window between the two racing"
		" accesses held open on purpose: what can happen, never how often it does.",
	.repeat = "",
	.draw = draw_lab,
	.needs = REPORT_LAB,
	.optional = true,
};
