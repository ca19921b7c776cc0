// SPDX-License-Identifier: GPL-2.0-or-later
/* What real kernels answered: kvm.csv of the running one, kernel-lab.csv of both orders side by side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"

enum { MAX_BARS = 40, LEFT = 168, ROW = 26, TOP = 36, BOTTOM = 40 };

/* Colours of no backend. */
static const struct {
	const char *p50, *p99, *title;
	struct report_look look;
} times[] = {
	{ "call_p50_ns", "call_p99_ns", "the system call", { 6, 1, 0 } },
	{ "exit_p50_ns", "exit_p99_ns", "until the exit shows", { 5, 2, 0 } },
	{ "handler_p50_ns", "handler_p99_ns", "until the guest's handler ran", { 8, 0, 0 } },
};
enum { N_TIMES = 3 };

static bool has_time(const struct csv_table *t, size_t row)
{
	return report_number(t, row, "call_p50_ns") > 0;
}

static struct scale time_scale(const struct csv_table *t)
{
	double low = INFINITY, high = 0;

	for (size_t row = 0; row < t->n_rows; row++)
		for (int i = 0; i < N_TIMES; i++) {
			low = fmin(low, report_number(t, row, times[i].p50));
			high = fmax(high, report_number(t, row, times[i].p99));
		}
	return scale_log(low, high, LEFT, SVG_WIDTH - 10);
}

/* "msi, guest, moving" */
static const char *kind_of(const struct csv_table *t, size_t row, char text[128])
{
	snprintf(text, 128, "%s, %s%s", report_cell(t, row, "kick"), report_cell(t, row, "state"),
		 report_number(t, row, "migrate") > 0 ? ", moving" : "");
	return text;
}

static void draw_time_row(FILE *out, const struct csv_table *t, size_t row, const struct scale *x, double y)
{
	char kind[128], tail[400]; /* a double has 309 digits at most */

	svg_text(out, "tick end", LEFT - 8, y + 4, "%s", kind_of(t, row, kind));
	for (int i = 0; i < N_TIMES; i++) {
		double p50 = report_number(t, row, times[i].p50), p99 = report_number(t, row, times[i].p99);

		if (!(p50 > 0))
			continue;
		svg_whisker(out, times[i].look, scale_at(x, p50), scale_at(x, p99 > 0 ? p99 : p50),
			    y + 6 * (i - 1));
		snprintf(tail, sizeof(tail), p99 > 0 ? ", p99 %.0f ns" : "", p99);
		svg_mark(out, times[i].look, scale_at(x, p50), y + 6 * (i - 1), "%s: p50 %.0f ns%s",
			 times[i].title, p50, tail);
	}
}

/* "msi, guest: until the guest's handler ran 14200 ns; " */
static void say_times(const struct csv_table *t, char *text, size_t size)
{
	char kind[128];

	*text = '\0';
	for (size_t row = 0; row < t->n_rows; row++) {
		int i = N_TIMES - 1;

		while (i && !(report_number(t, row, times[i].p50) > 0))
			i--;
		if (has_time(t, row))
			report_add(text, size, "%s: %s %.0f ns; ",
						 kind_of(t, row, kind), times[i].title,
						 report_number(t, row, times[i].p50));
	}
}

static void draw_keys(FILE *out)
{
	static const double x[N_TIMES] = { 8, 118, 262 };

	for (int i = 0; i < N_TIMES; i++) {
		svg_mark(out, times[i].look, x[i], 10, "%s", "");
		svg_text(out, "tick", x[i] + 10, 14, "%s", times[i].title);
	}
}

static void draw_times(FILE *out, const struct csv_table *t)
{
	struct scale x = time_scale(t);
	size_t n = 0, at = 0, shown;
	char text[2048];

	for (size_t row = 0; row < t->n_rows; row++)
		n += has_time(t, row);
	if (!n)
		return;
	shown = n < MAX_BARS ? n : MAX_BARS;
	say_times(t, text, sizeof(text));
	fputs("<div class=\"plots\">", out);
	svg_plot_begin(out, TOP + (int)shown * ROW + BOTTOM, "Kicks of a guest on the running kernel",
		       "%sMedian to 99th percentile of %zu kinds of kicks.", text, shown);
	draw_keys(out);
	svg_axis_x(out, &x, TOP - 8, TOP + (double)shown * ROW, "ns, median to 99th percentile");
	for (size_t row = 0; row < t->n_rows && at < shown; row++)
		if (has_time(t, row))
			draw_time_row(out, t, row, &x, TOP + (double)at++ * ROW + ROW / 2.0);
	svg_plot_end(out, n - shown, "kinds");
	fputs("</div>\n", out);
}

static void draw_kvm(FILE *out, const struct report_run *run)
{
	draw_times(out, &run->table[REPORT_KVM]);
	html_csv_file(out, "kvm.csv", &run->table[REPORT_KVM]);
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
	double silent = report_number(t, row, "lost");
	double lost = fmin(silent, fmin(report_number(t, row, "swallowed"),
					report_number(t, row, "poisoned")));

	write_count(out, lost, report_number(t, row, "rounds"), silent - lost);
}

struct kernel_lab {
	const struct csv_table *table;
	size_t *row; /* in the order in which they are shown */
};

static bool same_kicks(const struct csv_table *t, size_t a, size_t b)
{
	return !strcmp(report_cell(t, a, "first"), report_cell(t, b, "first")) &&
	       !strcmp(report_cell(t, a, "second"), report_cell(t, b, "second")) &&
	       !strcmp(report_cell(t, a, "migrate"), report_cell(t, b, "migrate"));
}

/* The same kicks of all the kernels stand together; of more rows than a lab writes the file's order stays. */
static bool order_lab(struct kernel_lab *lab)
{
	const struct csv_table *t = lab->table;
	size_t n = 0, k;

	lab->row = malloc((t->n_rows + 1) * sizeof(*lab->row));
	for (size_t i = 0; lab->row && i < t->n_rows; i++) {
		for (k = n; k && t->n_rows < 1000 && !same_kicks(t, lab->row[k - 1], i); k--)
			;
		k = k ? k : n;
		memmove(&lab->row[k + 1], &lab->row[k], (n++ - k) * sizeof(*lab->row));
		lab->row[k] = i;
	}
	return lab->row;
}

static void write_lab_rows(FILE *out, void *arg, size_t from, size_t to)
{
	const struct kernel_lab *lab = arg;
	const struct csv_table *t = lab->table;

	html_matrix_begin(out,
			  "The first kick is held in the window, the vCPU moved, then the second kick comes",
			  "kvm.ko|first kick|second kick|migrates|poisoned|second kick lost");
	for (size_t i = from; i < to; i++) {
		size_t row = lab->row[i];
		const char *variant = report_cell(t, row, "variant");

		fputs("<tr>", out);
		html_element(out, "th scope=\"row\"", NULL, "%s%s", variant,
			     strstr(variant, "_early") ? " (control: window before the claim)" : "");
		html_element(out, "td", NULL, "%s", report_cell(t, row, "first"));
		html_element(out, "td", NULL, "%s", report_cell(t, row, "second"));
		html_element(out, "td", NULL, "%s",
			     report_number(t, row, "migrate") > 0 ? "yes" : "no (control)");
		write_count(out, report_number(t, row, "poisoned"), report_number(t, row, "rounds"), 0);
		write_lost(out, t, row);
		fputs("</tr>\n", out);
	}
	html_matrix_end(out);
}

static void draw_lab(FILE *out, const struct report_run *run)
{
	struct kernel_lab lab = { .table = &run->table[REPORT_LAB] };

	if (order_lab(&lab))
		html_open_rows(out, lab.table->n_rows, "rows", write_lab_rows, &lab);
	free(lab.row);
	html_csv_file(out, "kernel-lab.csv", lab.table);
}

const struct figure figure_kvm = {
	.id = "kvm",
	.title = "The running kernel",
	.asks = "The same question put to KVM itself: what does a kick of a real guest take here?",
	.method =
		"Through /dev/kvm, on the kernel that run.json names: real interrupts, on an axis of their"
		" own that no emulated figure shares. Counts of IPIs are the kernel's own and include other"
		" causes.",
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
		" accesses held open on purpose: what can happen, never how often it does, and nothing that"
		" belongs beside the emulated figures.",
	.draw = draw_lab,
	.needs = REPORT_LAB,
	.optional = true,
};
