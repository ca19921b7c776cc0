// SPDX-License-Identifier: GPL-2.0-or-later
/* Several runs in the order in which they were started: what moved, and by how much. */
#include "report/figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/data/losses.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"

enum { HEIGHT = 250, LEFT = 50, RIGHT = 14, TOP = 24, BOTTOM = 48, FEW = 6 };

struct trend {
	const struct report_run *run[REPORT_MAX_RUNS];
	size_t n, n_backends;
	const char *backend[1 + REPORT_MAX_BACKENDS]; /* the base first */
};

static int by_start(const void *a, const void *b)
{
	const struct report_run *x = *(const struct report_run *const *)a;
	const struct report_run *y = *(const struct report_run *const *)b;
	const char *at = report_text(x, "started"), *bt = report_text(y, "started");
	int order = *at && *bt ? strcmp(at, bt) : !*at - !*bt;

	return order ? order : x->label - y->label;
}

static bool find_kick(const struct report_run *run, const char *backend, size_t *i)
{
	const struct case_want want[] = { { "backend", backend }, { "scenario", "fastpath" },
					  { "path", "self" },	  { "line", "hot" },
					  { "form", "kick" },	  { 0 } };

	*i = 0;
	return case_next(&run->bench, i, want);
}

static bool price(const struct report_run *run, const char *base, const char *backend, struct case_figure *f)
{
	size_t a, b;

	return strcmp(base, backend) && find_kick(run, base, &a) && find_kick(run, backend, &b) &&
	       case_difference(&run->bench, a, b, "ns_per_op", f);
}

static bool cost(const struct report_run *run, const char *base, const char *backend, struct case_figure *f)
{
	size_t i;

	(void)base;
	return find_kick(run, backend, &i) && case_figure(&run->bench, i, "ns_per_op", f);
}

static bool losses(const struct report_run *run, const char *backend, bool held, struct case_figure *f)
{
	struct report_loss l = report_losses_of(run, backend, held);

	f->median = f->ci.low = f->ci.high = (double)l.lost / (double)l.kicks * 1e6;
	return l.kicks > 0;
}

static bool lost(const struct report_run *run, const char *base, const char *backend, struct case_figure *f)
{
	(void)base;
	return losses(run, backend, false, f);
}

static bool lost_held(const struct report_run *run, const char *base, const char *backend,
		      struct case_figure *f)
{
	(void)base;
	return losses(run, backend, true, f);
}

static const struct trend_plot {
	const char *title, *unit;
	bool (*value)(const struct report_run *run, const char *base, const char *backend,
		      struct case_figure *figure);
} plots[] = {
	{ "The price: difference per kick, form kick, path self, hot line", "ns", price },
	{ "One kick, form kick, path self, hot line", "ns", cost },
	{ "Kicks lost as it is", "per million kicks", lost },
	{ "Kicks lost with the window held open", "per million kicks", lost_held },
};
enum { N_PLOTS = sizeof(plots) / sizeof(plots[0]) };

static double x_of(const struct trend *t, size_t i)
{
	return LEFT + 24 + (SVG_WIDTH - RIGHT - LEFT - 48) * (double)i / (double)(t->n - 1);
}

/* "patched: +5.26 in A, +5.31 in B; " and the ends of the axis.  False: no run has it. */
static bool survey(const struct trend *t, const struct trend_plot *p, char *text, size_t size, double *low,
		   double *high)
{
	struct case_figure f;

	*low = 0;
	*high = -INFINITY;
	for (size_t k = 0; k < t->n_backends; k++)
		for (size_t i = 0, any = 0; i < t->n; i++) {
			if (!p->value(t->run[i], t->backend[0], t->backend[k], &f))
				continue;
			*low = fmin(*low, f.ci.low);
			*high = fmax(*high, f.ci.high);
			report_add(text, size, "%s%s %.2f in %c",
						 any ? "," : *text ? "; " : "", any ? "" : t->backend[k],
						 f.median, t->run[i]->label);
			any = 1;
		}
	return *high > -INFINITY;
}

static void draw_series(FILE *out, const struct trend *t, const struct trend_plot *p, const char *backend,
			const struct scale *y)
{
	struct case_figure f;
	bool any = false;

	for (int marks = 0; marks < 2; marks++) {
		for (size_t i = 0; i < t->n; i++) {
			double x = x_of(t, i);

			if (!p->value(t->run[i], t->backend[0], backend, &f))
				continue;
			if (marks) {
				svg_bar(out, palette_of(backend), x, scale_at(y, f.ci.low),
					scale_at(y, f.ci.high));
				svg_mark(out, palette_of(backend), x, scale_at(y, f.median),
					 "%s in %c: %.2f [%.2f, %.2f]", backend, t->run[i]->label, f.median,
					 f.ci.low, f.ci.high);
				continue;
			}
			if (!any)
				svg_path_begin(out, palette_of(backend));
			any = true;
			svg_path_point(out, x, scale_at(y, f.median));
		}
		if (!marks && any)
			svg_path_end(out, "%s", backend);
	}
}

static void draw_plot(FILE *out, const struct trend *t, const struct trend_plot *p)
{
	char text[2048] = "";
	double low, high;
	struct scale y;

	if (!survey(t, p, text, sizeof(text), &low, &high))
		return;
	y = scale_linear(low, high, HEIGHT - BOTTOM, TOP);
	svg_plot_begin(out, HEIGHT, p->title, "In the order of time: %s.", text);
	svg_axis_y(out, &y, LEFT, SVG_WIDTH - RIGHT, p->unit);
	for (size_t i = 0; i < t->n; i++) {
		svg_text(out, "tick mid", x_of(t, i), HEIGHT - BOTTOM + 18, "%c", t->run[i]->label);
		if (t->n <= FEW)
			svg_text(out, "tick mid", x_of(t, i), HEIGHT - BOTTOM + 34, "%.10s",
				 report_text(t->run[i], "started"));
	}
	for (size_t k = 0; k < t->n_backends; k++)
		draw_series(out, t, p, t->backend[k], &y);
	svg_plot_end(out, 0, NULL);
}

static void write_table(FILE *out, const struct trend *t)
{
	struct html_table table = html_table_begin(out, "The runs in the order of time",
						   "run|started|name|backend|difference, ns|low|high|kick, ns"
						   "|lost per million|lost per million, window held");
	struct case_figure f[N_PLOTS];

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->n_backends; k++) {
			html_row_begin(&table);
			html_cell(&table, "%c", t->run[i]->label);
			html_cell(&table, "%s", report_text(t->run[i], "started"));
			html_cell(&table, "%s", report_name(t->run[i]));
			html_cell(&table, "%s", t->backend[k]);
			for (int p = 0; p < N_PLOTS; p++) {
				bool has = plots[p].value(t->run[i], t->backend[0], t->backend[k], &f[p]);

				html_cell_number(&table, has ? f[p].median : NAN);
				if (!p)
					html_cell_number(&table, has ? f[p].ci.low : NAN);
				if (!p)
					html_cell_number(&table, has ? f[p].ci.high : NAN);
			}
			html_row_end(&table);
		}
	html_table_end(&table);
}

static void draw(FILE *out, const struct report_run *run)
{
	static struct trend t;

	t = (struct trend){ .n = run->n_all, .n_backends = 1, .backend[0] = report_base(run) };
	for (size_t i = 0; i < t.n; i++)
		t.run[i] = &run->all[i];
	qsort(t.run, t.n, sizeof(*t.run), by_start);
	t.n_backends += report_subjects(run, t.backend + 1);
	fputs("<div class=\"plots\">\n", out);
	for (int p = 0; p < N_PLOTS; p++)
		draw_plot(out, &t, &plots[p]);
	fputs("</div>\n", out);
	write_table(out, &t);
}

const struct figure figure_trend = {
	.id = "trend",
	.title = "Over time",
	.asks = "The runs in the order in which they were started: what moved?",
	.method =
		"Medians with their 95 % bootstrap intervals; losses are sums. Steps to the right are runs,"
		" not hours. A change may be the machine's or the build's: see what differs above.",
	.keys = PALETTE_BOTH,
	.together = 3,
	.draw = draw,
	.needs = REPORT_BENCH,
	.always = true,
};
