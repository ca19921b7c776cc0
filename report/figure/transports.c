// SPDX-License-Identifier: GPL-2.0-or-later
/* Protocols by several carriers: emulated IPIs, the kernel's own, each kind on an axis of its own. */
#include <math.h>
#include <string.h>

#include "report/data/trips.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"
#include "report/figure/figure.h"

enum { LEFT = 132, ROW = 18, TOP = 36, BOTTOM = 40 };

static const struct report_look looks[TRIP_TRANSPORTS] = {
	{ 6, 1, 0 }, { 5, 2, 0 }, { 8, 0, 0 }, { 6, 1, 0 }, { 5, 2, 0 }
};

/* One of the two kinds of carriers. */
struct panel {
	const struct report_run *run;
	const char *title;
	int first, end; /* transports */
	const char *backend[REPORT_MAX_BACKENDS];
	size_t n;
	double low, high;
};

static bool has_any(const struct panel *p, const char *backend)
{
	for (int t = p->first; t < p->end; t++)
		if (!isnan(trip_ns(&p->run->bench, backend, trip_transport[t])))
			return true;
	return false;
}

static void find(struct panel *p)
{
	size_t all = report_all_backends(p->run, p->backend);

	p->low = INFINITY;
	p->high = 0;
	for (size_t b = 0; b < all; b++) {
		if (!has_any(p, p->backend[b]))
			continue;
		p->backend[p->n++] = p->backend[b];
		for (int t = p->first; t < p->end; t++) {
			double ns = trip_ns(&p->run->bench, p->backend[b], trip_transport[t]);

			p->low = fmin(p->low, ns);
			p->high = fmax(p->high, ns);
		}
	}
}

static void draw_panel(FILE *out, struct panel *p)
{
	struct scale x;

	find(p);
	if (!p->n)
		return;
	x = scale_log(p->low, p->high, LEFT, SVG_WIDTH - 10);
	svg_plot_begin(out, TOP + (int)p->n * ROW + BOTTOM, p->title,
		       "Median round trips of %zu protocols, %.0f to %.0f ns.", p->n, p->low, p->high);
	for (int t = p->first; t < p->end; t++) {
		double at = 8 + 110 * (t - p->first);

		svg_mark(out, looks[t], at, 10, "%s", "");
		svg_text(out, "tick", at + 10, 14, "%s", trip_transport[t]);
	}
	svg_axis_x(out, &x, TOP - 8, TOP + (double)p->n * ROW, "ns, median of the rows' p50");
	for (size_t b = 0; b < p->n; b++) {
		double y = TOP + (double)b * ROW + ROW / 2.0;

		svg_text(out, "tick end", LEFT - 8, y + 4, "%s", p->backend[b]);
		for (int t = p->first; t < p->end; t++) {
			double ns = trip_ns(&p->run->bench, p->backend[b], trip_transport[t]);

			if (!isnan(ns))
				svg_mark(out, looks[t], scale_at(&x, ns), y, "%s, %s: %.0f ns", p->backend[b],
					 trip_transport[t], ns);
		}
	}
	svg_plot_end(out, 0, "protocols");
}

static void write_table(FILE *out, const struct report_run *run)
{
	static const char *const count[] = { "ipis_sent", "kernel_resched_ipis", "kernel_call_ipis",
					     "ipis_double", "kernel_foreign_ipis" };
	struct html_table table = html_table_begin(
		out, "Closed round trips, valid rows",
		"backend|transport|p50 ns|kicks|IPIs sent|RES moved|calls run|merged|not ours");
	const char *backend[REPORT_MAX_BACKENDS];
	size_t n = report_all_backends(run, backend), i;

	for (size_t b = 0; b < n; b++)
		for (int t = 0; t < TRIP_TRANSPORTS; t++) {
			if (!trip_case(&run->bench, backend[b], trip_transport[t], &i))
				continue;
			html_row_begin(&table);
			html_cell(&table, "%s", backend[b]);
			html_cell(&table, "%s", trip_transport[t]);
			html_cell_number(&table, case_median(&run->bench, i, "p50_ns"));
			html_cell_count(&table, case_sum(&run->bench, i, "kicks"));
			for (size_t k = 0; k < sizeof(count) / sizeof(count[0]); k++)
				if (case_has(&run->bench, i, count[k]))
					html_cell_count(&table, case_sum(&run->bench, i, count[k]));
				else
					html_cell(&table, "%s", "");
			html_row_end(&table);
		}
	html_table_end(&table);
}

static void draw(FILE *out, const struct report_run *run)
{
	struct panel in_kernel = { .run = run, .title = "The kernel's IPIs, between its own threads",
				   .first = TRIP_FIRST_IN_KERNEL, .end = TRIP_TRANSPORTS };
	struct panel emulated = { .run = run, .title = "Emulated IPIs, between a program's threads",
				  .first = 0, .end = TRIP_FIRST_IN_KERNEL };

	fputs("<div class=\"plots\">", out);
	draw_panel(out, &in_kernel);
	draw_panel(out, &emulated);
	fputs("</div>\n", out);
	if (*report_text(run, "kick_judge.release"))
		html_element(out, "p", NULL, "The module kick_judge on kernel %s.",
			     report_text(run, "kick_judge.release"));
	write_table(out, run);
}

const struct figure figure_transports = {
	.id = "transports",
	.title = "Real reschedule IPIs",
	.asks = "The same protocols with the kernel's own IPIs, and with those that stand for them: what"
		" does a round trip take?",
	.method = "Transports reschedule and call are IPIs of the kernel between its threads, counted by"
		  " the kernel itself; the others are a program's. The axes differ: compare protocols"
		  " within one. KVM's own kicks are in the figure of kvm.csv.",
	.repeat = "bench",
	.scenarios = "roundtrip",
	.draw = draw,
	.needs = REPORT_BENCH,
	.optional = true,
	.is_there = trip_any_in_kernel,
};
