// SPDX-License-Identifier: GPL-2.0-or-later
/* The cost ladder: what a kick costs on each path, from old over patched to the locks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"
#include "report/draw/svg.h"
#include "results/stats.h"
#include "results/verdict.h"

/* One plot of it; NULL: any. */
struct ladder_facet {
	const char *title, *scenario, *form, *line, *loop, *metric, *unit;
};

static const char kick[] = "ns per kick";
static const struct ladder_facet facets[] = {
	{ "A kick that sends nothing", "fastpath", "kick", "hot", NULL, "ns_per_op", kick },
	{ "... with its request", "fastpath", "request_kick", "hot", NULL, "ns_per_op", kick },
	{ "... without the wake-up check", "fastpath", "claim", "hot", NULL, "ns_per_op", kick },
	{ "A kick, the vCPU's line stolen by another PU", "fastpath", "kick", "stolen", NULL, "ns_per_op",
	  kick },
	{ "... with its request, line stolen", "fastpath", "request_kick", "stolen", NULL, "ns_per_op",
	  kick },
	{ "... without the wake-up check, line stolen", "fastpath", "claim", "stolen", NULL, "ns_per_op",
	  kick },
	{ "A kick that ends a stint elsewhere: round trip, median", "roundtrip", NULL, NULL, "closed",
	  "p50_ns", kick },
	{ "The other side of the bill: one entry and exit, nobody kicks", "entry", NULL, NULL, NULL,
	  "ns_per_op", "ns per entry and exit" },
};
enum {
	N_FACETS = sizeof(facets) / sizeof(facets[0]),
	MAX_RUNGS = 48,
	MAX_MARKS = 1024,
	LANE = 12,
	LEFT = 138,
	RIGHT = 62,
	TOP = 34,
	BOTTOM = 40
};

/* The next of a facet's cases from *i on. */
static bool next_case(const struct cases *c, size_t *i, const struct ladder_facet *f)
{
	struct case_want want[5] = { { "scenario", f->scenario } };
	const struct case_want more[] = { { "form", f->form }, { "line", f->line }, { "loop", f->loop } };

	for (size_t k = 0, n = 1; k < 3; k++)
		if (more[k].value)
			want[n++] = more[k];
	return case_next(c, i, want);
}

/* Paths, and what tells two of a path apart. */
enum { PATH, PUT, DISTANCE, KICKER, VCPU, TRANSPORT, HOME, N_RUNG };

struct rung {
	const char *word[N_RUNG];
};

struct ladder_mark {
	size_t i, rung; /* which case, and where */
	const char *backend;
	struct case_figure figure;
};

/* What of a facet is drawn. */
struct ladder {
	const struct cases *cases;
	const struct ladder_facet *facet;
	const char *base, *subject[REPORT_MAX_BACKENDS], *lane[REPORT_MAX_BACKENDS];
	size_t n_subjects, n_lanes;
	struct rung rung[MAX_RUNGS];
	struct ladder_mark mark[MAX_MARKS];
	size_t n, n_marks, n_left_out;
	double high;
	struct scale x;
};

/* Where a case belongs; l->n: nowhere yet. */
static size_t find_rung(const struct ladder *l, size_t i, struct rung *r)
{
	static const char *const column[N_RUNG] = { "path",    "put",	    "distance", "kicker_pu",
						    "vcpu_pu", "transport", "home" };
	size_t at;
	int k = 0;

	for (; k < N_RUNG; k++)
		r->word[k] = case_text(l->cases, i, column[k]);
	if (strcmp(r->word[PATH], "outside"))
		r->word[PUT] = "";
	for (at = 0; at < l->n; at++) {
		for (k = 0; k < N_RUNG && !strcmp(r->word[k], l->rung[at].word[k]); k++)
			;
		if (k == N_RUNG)
			break;
	}
	return at;
}

/* Locks share a lane, and so do generations and what is broken: few of them are looked at at a time. */
static const char *lane_name(const char *backend)
{
	return !strncmp(backend, "locked_", 7) ? "locked_fas" :
	       !strncmp(backend, "busted_", 7) || !strncmp(backend, "kvm_", 4) ? "busted_" : backend;
}

static size_t lane_of(const struct ladder *l, const char *backend)
{
	size_t i = 0;

	while (i < l->n_lanes && strcmp(l->lane[i], lane_name(backend)))
		i++;
	return i;
}

static void collect(struct ladder *l)
{
	for (size_t i = 0; next_case(l->cases, &i, l->facet); i++) {
		struct ladder_mark m = { .i = i, .backend = case_text(l->cases, i, "backend") };
		struct rung rung;

		if (!case_figure(l->cases, i, l->facet->metric, &m.figure))
			continue;
		m.rung = find_rung(l, i, &rung);
		if (m.rung == MAX_RUNGS || l->n_marks == MAX_MARKS) {
			l->n_left_out++;
			continue;
		}
		if (m.rung == l->n)
			l->rung[l->n++] = rung;
		if (lane_of(l, m.backend) == l->n_lanes)
			l->lane[l->n_lanes++] = lane_name(m.backend);
		l->high = fmax(l->high, m.figure.ci.high);
		l->mark[l->n_marks++] = m;
	}
	qsort(l->lane, l->n_lanes, sizeof(*l->lane), report_by_backend);
}

static double rung_height(const struct ladder *l)
{
	return fmax((double)l->n_lanes * LANE, 36) + 12;
}

static double rung_top(const struct ladder *l, size_t rung)
{
	return TOP + (double)rung * rung_height(l);
}

static double lane_y(const struct ladder *l, const struct ladder_mark *m)
{
	return rung_top(l, m->rung) + (double)lane_of(l, m->backend) * LANE + LANE / 2.0 + 4;
}

static void draw_label(FILE *out, const struct ladder *l, size_t i)
{
	const char *const *word = l->rung[i].word;
	double y = rung_top(l, i) + rung_height(l) / 2 + 2;
	bool far = *word[VCPU] && strcmp(word[VCPU], word[KICKER]);

	if (i)
		svg_line(out, "rule", 0, rung_top(l, i), SVG_WIDTH, rung_top(l, i));
	svg_text(out, "label end", LEFT - 10, far ? y - 12 : *word[PUT] ? y - 6 : y, "%s", word[PATH]);
	if (*word[PUT])
		svg_text(out, "tick end", LEFT - 10, far ? y + 15 : y + 9, "put: %s", word[PUT]);
	if (far)
		svg_text(out, "tick end", LEFT - 10, y + 2, "%.8s, %s\342\206\222%s", word[DISTANCE],
			 word[KICKER], word[VCPU]);
}

/* The same rung's mark of the base.  False: there is none. */
static bool find_step(const struct ladder *l, const struct ladder_mark *to, const struct ladder_mark **from,
		      struct case_figure *step)
{
	bool is_subject = false;

	for (size_t k = 0; k < l->n_subjects; k++)
		is_subject |= !strcmp(l->subject[k], to->backend);
	for (*from = l->mark; is_subject && *from < l->mark + l->n_marks; ++*from)
		if ((*from)->rung == to->rung && !strcmp((*from)->backend, l->base))
			return case_difference(l->cases, (*from)->i, to->i, l->facet->metric, step);
	return false;
}

/* Under theft the loop runs ahead: that is throughput, and no difference of prices. */
static bool is_price(const struct ladder_facet *f)
{
	return !f->line || strcmp(f->line, "stolen") != 0;
}

/* The step from the base, and how far it is. */
static void draw_step(FILE *out, const struct ladder *l, const struct ladder_mark *to)
{
	const struct ladder_mark *from;
	struct case_figure step;
	char class[32];

	if (!find_step(l, to, &from, &step))
		return;
	svg_line(out, "step", scale_at(&l->x, from->figure.median), lane_y(l, from),
		 scale_at(&l->x, to->figure.median), lane_y(l, to));
	snprintf(class, sizeof(class), "delta%s own s%d",
		 (step.ci.low > 0 || step.ci.high < 0) && is_price(l->facet) ? "" : " faint",
		 report_look_of(to->backend).colour);
	svg_text(out, class, SVG_WIDTH - RIGHT + 8, lane_y(l, to) + 4,
		 fabs(step.median) < 100 ? "%+.2f" : "%+.0f", step.median);
}

static void draw_mark(FILE *out, const struct ladder *l, const struct ladder_mark *m)
{
	const struct case_figure *f = &m->figure;

	svg_whisker(out, palette_of(m->backend), scale_at(&l->x, f->ci.low), scale_at(&l->x, f->ci.high),
		    lane_y(l, m));
	svg_mark(out, palette_of(m->backend), scale_at(&l->x, f->median), lane_y(l, m),
		 "%s, %s: %.2f ns [%.2f, %.2f], %zu repetitions", m->backend, l->rung[m->rung].word[PATH],
		 f->median, f->ci.low, f->ci.high, f->n);
}

/* The dashed line, and its name: what the hardware takes for a cmpxchg, or for a kick's three transfers. */
static double floor_of(const struct ladder *l, const char **name)
{
	const struct case_want cas[] = { { "scenario", "floor" }, { "path", "cas_fail" }, { 0 } };
	size_t i = 0;
	bool has;

	*name = "a cmpxchg";
	if (strcmp(l->facet->scenario, "roundtrip")) {
		has = l->facet->line && is_price(l->facet) && case_next(l->cases, &i, cas);
	} else {
		has = case_trip_floor(l->cases, &i);
		if (has)
			*name = case_trip_floor_name(case_text(l->cases, i, "path"));
	}
	return has ? case_median(l->cases, i, l->facet->metric) : NAN;
}

/* "unloaded, patched against old: +5.27 ns [5.09, 5.41]; " */
static void say_steps(const struct ladder *l, char *text, size_t size)
{
	const struct ladder_mark *from;
	struct case_figure step;

	for (const struct ladder_mark *m = l->mark; m < l->mark + l->n_marks; m++) {
		const char *const *word = l->rung[m->rung].word;

		if (find_step(l, m, &from, &step))
			report_add(text, size, "%s%s%s, %s against %s: %+.2f ns [%.2f, %.2f]; ", word[PATH],
				   *word[PUT] ? " " : "", word[PUT], m->backend, l->base, step.median,
				   step.ci.low, step.ci.high);
	}
}

static void draw_plot(FILE *out, struct ladder *l)
{
	const char *name;
	double bottom = rung_top(l, l->n), floor = floor_of(l, &name);
	char text[2048] = "";

	say_steps(l, text, sizeof(text));
	l->x = scale_linear(0, fmax(l->high, floor), LEFT, SVG_WIDTH - RIGHT);
	svg_plot_begin(out, (int)bottom + BOTTOM, l->facet->title,
		       "%sMedian and 95 %% interval of each protocol on %zu paths%s.", text, l->n,
		       is_price(l->facet) ? "" : "; throughput, no price");
	svg_axis_x(out, &l->x, TOP - 4, bottom, l->facet->unit);
	if (*text)
		svg_text(out, "tick end", SVG_WIDTH, 12, "minus %s, ns", l->base);
	if (!is_price(l->facet))
		svg_text(out, "tick end", SVG_WIDTH, 25, "(throughput)");
	if (!isnan(floor)) {
		svg_line(out, "floor", scale_at(&l->x, floor), TOP - 8, scale_at(&l->x, floor), bottom);
		svg_text(out, "tick mid", scale_at(&l->x, floor), TOP - 12, "%s", name);
	}
	for (size_t i = 0; i < l->n; i++)
		draw_label(out, l, i);
	for (size_t i = 0; i < l->n_marks; i++)
		draw_step(out, l, &l->mark[i]);
	for (size_t i = 0; i < l->n_marks; i++)
		draw_mark(out, l, &l->mark[i]);
	svg_plot_end(out, l->n_left_out, "cases");
}

static void draw_facet(FILE *out, const struct report_run *run, const struct ladder_facet *facet)
{
	static struct ladder l, other;

	l = (struct ladder){ .cases = &run->bench, .facet = facet, .base = report_base(run) };
	l.n_subjects = report_subjects(run, l.subject);
	collect(&l);
	/* Runs that stand side by side have the same axis. */
	for (size_t k = 0; l.n && k < run->n_all; k++) {
		other = (struct ladder){ .cases = &run->all[k].bench, .facet = facet };
		collect(&other);
		l.high = fmax(l.high, other.high);
	}
	if (l.n)
		draw_plot(out, &l);
}

/* The hardware's counters beside a figure: the perf_ columns that a run has values in. */
enum { MAX_COUNTERS = 16 };

struct counters {
	const char *column[MAX_COUNTERS]; /* they point into the table */
	size_t n;
};

/* The kernel's own (task clock, switches) stay in the file: they are about the run, not the kick. */
static bool is_counter(const char *column)
{
	static const char software[] = "perf_status perf_task_clock perf_context_switches"
				       " perf_cpu_migrations perf_page_faults";
	size_t length = strlen(column);

	return !strncmp(column, "perf_", 5) && strcmp(column + length - 5, "_vcpu") &&
	       !strstr(software, column);
}

static struct counters counters_find(const struct csv_table *table)
{
	struct counters c = { .n = 0 };
	double value;

	for (size_t i = 0; i < table->n_columns && c.n < MAX_COUNTERS; i++)
		for (size_t row = 0; is_counter(table->header[i]) && row < table->n_rows; row++)
			if (csv_cell_double(table, row, (int)i, &value)) {
				c.column[c.n++] = table->header[i];
				break;
			}
	return c;
}

/* The median of the valid repetitions' count per op. */
static double counters_per_op(const struct cases *c, size_t i, const char *column)
{
	const struct csv_table *t = c->table;
	int count = csv_table_find(t, column), ops = csv_table_find(t, "ops");
	int verdict = csv_table_find(t, "verdict");
	static double x[CASE_MAX_SAMPLES];
	double value, n;
	size_t used = 0;

	for (size_t k = c->first[i]; k < c->first[i + 1] && used < CASE_MAX_SAMPLES; k++) {
		size_t row = c->row[k];

		if (verdict_of(csv_cell(t, row, verdict)) == VERDICT_OK &&
		    csv_cell_double(t, row, count, &value) && csv_cell_double(t, row, ops, &n) && n > 0)
			x[used++] = value / n;
	}
	return stats_median(x, used);
}

/* Why there are none; "" where there are. */
static const char *counters_missing(const struct counters *counters, const struct csv_table *table)
{
	int status = csv_table_find(table, "perf_status");

	if (counters->n)
		return "";
	for (size_t row = 0; status >= 0 && row < table->n_rows; row++)
		if (*csv_cell(table, row, status) && strcmp(csv_cell(table, row, status), "ok"))
			return csv_cell(table, row, status);
	return "bench.csv has no perf_ columns with values";
}

static void write_case(struct html_table *table, const struct cases *c, size_t i, const char *metric,
		       const struct counters *counters)
{
	static const char *const words[] = { "scenario", "path",     "put",    "line",
					     "form",	 "distance", "backend" };
	struct case_figure figure = { 0 };
	bool measured = case_figure(c, i, metric, &figure);
	char verdict[256];

	case_verdict(c, i, verdict, sizeof(verdict));
	html_row_begin(table);
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		html_cell(table, "%s", case_text(c, i, words[k]));
	html_cell(table, "%s", metric);
	html_cell_number(table, measured ? figure.median : NAN);
	html_cell_number(table, measured ? figure.ci.low : NAN);
	html_cell_number(table, measured ? figure.ci.high : NAN);
	html_cell_count(table, figure.n);
	html_cell_number(table, case_number(c, i, "locked_rmws_per_kick"));
	html_cell_number(table, case_number(c, i, "fences_per_kick"));
	html_cell(table, "%s", verdict);
	for (size_t k = 0; k < counters->n; k++)
		html_cell_number(table, counters_per_op(c, i, counters->column[k]));
	html_row_end(table);
}

static void write_table(FILE *out, const struct report_run *run)
{
	char columns[1024] = "scenario|path|put|line|form|distance|backend|column|median|low|high"
			     "|repetitions|locked RMWs|full barriers|verdict";
	const struct counters counters = counters_find(run->bench.table);
	struct html_table table;

	for (size_t i = 0; i < counters.n; i++)
		report_add(columns, sizeof(columns), "|%s per op", counters.column[i] + 5);
	table = html_table_begin(
		out, "Medians of the valid repetitions in bench.csv, with 95 % bootstrap intervals",
		columns);
	for (size_t f = 0; f < N_FACETS; f++)
		for (size_t i = 0; next_case(&run->bench, &i, &facets[f]); i++)
			write_case(&table, &run->bench, i, facets[f].metric, &counters);
	for (size_t i = 0;
	     case_next(&run->bench, &i, (const struct case_want[]){ { "scenario", "floor" }, { 0 } }); i++)
		write_case(&table, &run->bench, i,
			   isnan(case_median(&run->bench, i, "p50_ns")) ? "ns_per_op" : "p50_ns", &counters);
	html_table_end(&table);
	if (!counters.n)
		html_element(out, "p", "note", "No hardware counters beside these figures: %s",
			     counters_missing(&counters, run->bench.table));
}

static void draw(FILE *out, const struct report_run *run)
{
	size_t i = 0;

	if (!case_next(&run->bench, &i, (const struct case_want[]){ { "scenario", "fastpath" }, { 0 } })) {
		html_missing(out, "bench.csv has no rows of fastpath");
		return;
	}
	fputs("<div class=\"plots\">\n", out);
	for (size_t f = 0; f < N_FACETS; f++)
		draw_facet(out, run, &facets[f]);
	fputs("</div>\n", out);
	write_table(out, run);
}

const struct figure figure_ladder = {
	.id = "cost-ladder",
	.title = "What a kick costs",
	.asks = "From old to patched to the locks, on every path: what does the extra cmpxchg cost?",
	.method =
		"Medians of the valid repetitions with their 95 % bootstrap intervals. The number at the"
		" right is a protocol's difference to the one named above it, faint where its interval"
		" includes 0, and on a stolen line: that is throughput, no price. The dashed line is the"
		" floor: what the hardware takes for one cmpxchg, or for a kick's three transfers by hand."
		" The price is a difference in ns, the same in every form; a ratio depends on the form.",
	.repeat = "bench",
	.scenarios = "floor,fastpath,entry,roundtrip",
	.keys = PALETTE_MARKS,
	.draw = draw,
	.needs = REPORT_BENCH,
};
