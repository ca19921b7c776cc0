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
	const char *title, *scenario, *form, *line, *loop, *metric;
	const char *floor, *floor_name; /* the reference line */
};

static const struct ladder_facet facets[] = {
	{ "A kick that sends nothing", "fastpath", "kick", "hot", NULL, "ns_per_op", "cas_fail",
	  "a cmpxchg" },
	{ "... with its request", "fastpath", "request_kick", "hot", NULL, "ns_per_op", "cas_fail",
	  "a cmpxchg" },
	{ "... without the wake-up check", "fastpath", "claim", "hot", NULL, "ns_per_op", "cas_fail",
	  "a cmpxchg" },
	{ "A kick, the vCPU's line stolen by another PU", "fastpath", "kick", "stolen", NULL, "ns_per_op",
	  NULL, NULL },
	{ "... with its request, line stolen", "fastpath", "request_kick", "stolen", NULL, "ns_per_op",
	  NULL, NULL },
	{ "... without the wake-up check, line stolen", "fastpath", "claim", "stolen", NULL, "ns_per_op",
	  NULL, NULL },
	{ "A kick that ends a stint elsewhere: round trip, median", "roundtrip", NULL, NULL, "closed",
	  "p50_ns", "pingpong", "ping-pong" },
	{ "The other side of the bill: one entry and exit, nobody kicks", "entry", NULL, NULL, NULL,
	  "ns_per_op", NULL, NULL },
};
enum {
	N_FACETS = sizeof(facets) / sizeof(facets[0]),
	MAX_RUNGS = 48,
	LANE = 12,
	LEFT = 138,
	RIGHT = 62,
	TOP = 34,
	BOTTOM = 40
};

static const struct case_want *wanted(const struct ladder_facet *f, struct case_want want[6])
{
	size_t n = 0;

	want[n++] = (struct case_want){ "scenario", f->scenario };
	if (f->form)
		want[n++] = (struct case_want){ "form", f->form };
	if (f->line)
		want[n++] = (struct case_want){ "line", f->line };
	if (f->loop)
		want[n++] = (struct case_want){ "loop", f->loop };
	want[n] = (struct case_want){ NULL, NULL };
	return want;
}

/* Paths, and what tells two of a path apart. */
enum { PATH, PUT, DISTANCE, KICKER, VCPU, TRANSPORT, HOME, N_RUNG };

struct rung {
	const char *word[N_RUNG];
};

static struct rung rung_of(const struct cases *c, size_t i)
{
	static const char *const column[N_RUNG] = { "path",    "put",	    "distance", "kicker_pu",
						    "vcpu_pu", "transport", "home" };
	struct rung r;

	for (int k = 0; k < N_RUNG; k++)
		r.word[k] = case_text(c, i, column[k]);
	if (strcmp(r.word[PATH], "outside"))
		r.word[PUT] = "";
	return r;
}

static bool same_rung(const struct rung *a, const struct rung *b)
{
	for (int k = 0; k < N_RUNG; k++)
		if (strcmp(a->word[k], b->word[k]))
			return false;
	return true;
}

/* What of a facet is drawn. */
struct ladder {
	const struct cases *cases;
	const struct ladder_facet *facet;
	const char *base, *subject[REPORT_MAX_BACKENDS], *lane[REPORT_MAX_BACKENDS];
	size_t n_subjects, n_lanes;
	struct rung rung[MAX_RUNGS];
	size_t n, n_left_out;
	double high;
	struct scale x;
};

static size_t find_rung(const struct ladder *l, const struct rung *rung)
{
	size_t i = 0;

	while (i < l->n && !same_rung(&l->rung[i], rung))
		i++;
	return i;
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

static int by_order(const void *a, const void *b)
{
	return report_backend_order(*(const char *const *)a, *(const char *const *)b);
}

static void collect(struct ladder *l)
{
	struct case_want want[6];
	struct case_figure figure;

	wanted(l->facet, want);
	for (size_t i = 0; case_next(l->cases, &i, want); i++) {
		const char *backend = case_text(l->cases, i, "backend");
		struct rung rung = rung_of(l->cases, i);

		if (!case_figure(l->cases, i, l->facet->metric, &figure))
			continue;
		if (find_rung(l, &rung) == l->n && l->n < MAX_RUNGS)
			l->rung[l->n++] = rung;
		l->n_left_out += find_rung(l, &rung) == l->n;
		if (lane_of(l, backend) == l->n_lanes)
			l->lane[l->n_lanes++] = lane_name(backend);
		l->high = fmax(l->high, figure.ci.high);
	}
	qsort(l->lane, l->n_lanes, sizeof(*l->lane), by_order);
}

static double rung_height(const struct ladder *l)
{
	return fmax((double)l->n_lanes * LANE, 36) + 12;
}

static double rung_top(const struct ladder *l, size_t rung)
{
	return TOP + (double)rung * rung_height(l);
}

static double lane_y(const struct ladder *l, size_t rung, const char *backend)
{
	return rung_top(l, rung) + (double)lane_of(l, backend) * LANE + LANE / 2.0 + 4;
}

static void draw_label(FILE *out, const struct ladder *l, size_t i)
{
	const char *const *word = l->rung[i].word;
	double y = rung_top(l, i) + rung_height(l) / 2 + 2;
	bool far = *word[VCPU] && strcmp(word[VCPU], word[KICKER]);

	svg_text(out, "label end", LEFT - 10, far ? y - 12 : *word[PUT] ? y - 6 : y, "%s", word[PATH]);
	if (*word[PUT])
		svg_text(out, "tick end", LEFT - 10, far ? y + 15 : y + 9, "put: %s", word[PUT]);
	if (far)
		svg_text(out, "tick end", LEFT - 10, y + 2, "%.8s, %s\342\206\222%s", word[DISTANCE],
			 word[KICKER], word[VCPU]);
}

/* From the base to a subject.  False: there is none. */
static bool find_step(const struct ladder *l, size_t base, const char *subject, size_t *to,
		      struct case_figure *step)
{
	return case_is(l->cases, base, "backend", l->base) &&
	       case_of_backend(l->cases, base, subject, to) &&
	       case_difference(l->cases, base, *to, l->facet->metric, step);
}

/* Under theft the loop runs ahead: that is throughput, and no difference of prices. */
static bool is_price(const struct ladder_facet *f)
{
	return !f->line || strcmp(f->line, "stolen") != 0;
}

static void draw_step(FILE *out, const struct ladder *l, size_t base, const char *subject)
{
	struct rung rung = rung_of(l->cases, base);
	size_t to, at = find_rung(l, &rung);
	struct case_figure step;
	char class[32];

	if (!find_step(l, base, subject, &to, &step))
		return;
	svg_line(out, "step", scale_at(&l->x, case_median(l->cases, base, l->facet->metric)),
		 lane_y(l, at, l->base), scale_at(&l->x, case_median(l->cases, to, l->facet->metric)),
		 lane_y(l, at, subject));
	snprintf(class, sizeof(class), "delta%s own s%d",
		 (step.ci.low > 0 || step.ci.high < 0) && is_price(l->facet) ? "" : " faint",
		 report_look_of(subject).colour);
	svg_text(out, class, SVG_WIDTH - RIGHT + 8, lane_y(l, at, subject) + 4,
		 fabs(step.median) < 100 ? "%+.2f" : "%+.0f", step.median);
}

static void draw_marks(FILE *out, const struct ladder *l)
{
	struct case_want want[6];
	struct case_figure figure;

	wanted(l->facet, want);
	for (size_t i = 0; case_next(l->cases, &i, want); i++) {
		struct rung rung = rung_of(l->cases, i);
		const char *backend = case_text(l->cases, i, "backend");
		size_t at = find_rung(l, &rung);
		double y = lane_y(l, at, backend);

		if (at == l->n || !case_figure(l->cases, i, l->facet->metric, &figure))
			continue;
		for (size_t k = 0; k < l->n_subjects; k++)
			draw_step(out, l, i, l->subject[k]);
		svg_whisker(out, palette_of(backend), scale_at(&l->x, figure.ci.low),
			    scale_at(&l->x, figure.ci.high), y);
		svg_mark(out, palette_of(backend), scale_at(&l->x, figure.median), y,
			 "%s, %s: %.2f ns [%.2f, %.2f], %zu repetitions", backend, rung.word[PATH],
			 figure.median, figure.ci.low, figure.ci.high, figure.n);
	}
}

static bool find_floor(const struct ladder *l, double *ns)
{
	const struct case_want want[] = { { "scenario", "floor" }, { "path", l->facet->floor }, { 0 } };
	size_t i = 0;

	if (!l->facet->floor || !case_next(l->cases, &i, want))
		return false;
	*ns = case_median(l->cases, i, l->facet->metric);
	return isfinite(*ns);
}

/* Runs that stand side by side have the same axis. */
static double highest(const struct report_run *run, const struct ladder_facet *facet)
{
	struct case_figure figure;
	struct case_want want[6];
	double high = 0;

	wanted(facet, want);
	for (size_t k = 0; k < run->n_all; k++)
		for (size_t i = 0; &run->all[k] != run && case_next(&run->all[k].bench, &i, want); i++)
			if (case_figure(&run->all[k].bench, i, facet->metric, &figure))
				high = fmax(high, figure.ci.high);
	return high;
}

/* "patched against old: unloaded +5.27 [5.09, 5.41], self ..." */
static void say_steps(const struct ladder *l, char *text, size_t size)
{
	size_t used = 0, to;
	struct case_want want[6];
	struct case_figure step;

	wanted(l->facet, want);
	*text = '\0';
	for (size_t k = 0; k < l->n_subjects; k++)
		for (size_t i = 0, any = 0; case_next(l->cases, &i, want) && used < size; i++) {
			struct rung rung = rung_of(l->cases, i);

			if (!find_step(l, i, l->subject[k], &to, &step))
				continue;
			if (!any++)
				used += (size_t)snprintf(text + used, size - used, "%s against %s, in ns: ",
							 l->subject[k], l->base);
			used += (size_t)snprintf(text + used, size - used, "%s%s%s %+.2f [%.2f, %.2f]; ",
						 rung.word[PATH], *rung.word[PUT] ? " " : "", rung.word[PUT],
						 step.median, step.ci.low, step.ci.high);
		}
}

static void draw_plot(FILE *out, const struct ladder *l, bool has_floor, double floor)
{
	double bottom = rung_top(l, l->n);
	char text[2048];

	say_steps(l, text, sizeof(text));
	svg_plot_begin(out, (int)bottom + BOTTOM, l->facet->title,
		       "%sMedian and 95 %% interval of each protocol on %zu paths%s.", text, l->n,
		       is_price(l->facet) ? "" : "; throughput, no price");
	svg_axis_x(out, &l->x, TOP - 4, bottom,
		   strcmp(l->facet->scenario, "entry") ? "ns per kick" : "ns per entry and exit");
	if (*text) {
		svg_text(out, "tick end", SVG_WIDTH, 12, "minus %s, ns", l->base);
		svg_text(out, "tick end", SVG_WIDTH, 25, "%s", is_price(l->facet) ? "" : "(throughput)");
	}
	if (has_floor) {
		svg_line(out, "floor", scale_at(&l->x, floor), TOP - 8, scale_at(&l->x, floor), bottom);
		svg_text(out, "tick mid", scale_at(&l->x, floor), TOP - 12, "%s", l->facet->floor_name);
	}
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			svg_line(out, "rule", 0, rung_top(l, i), SVG_WIDTH, rung_top(l, i));
		draw_label(out, l, i);
	}
	draw_marks(out, l);
	svg_plot_end(out);
	if (l->n_left_out)
		html_element(out, "p", "note", "%zu more cases are in the table.", l->n_left_out);
}

static void draw_facet(FILE *out, const struct report_run *run, const struct ladder_facet *facet)
{
	static struct ladder l;
	double floor = NAN;
	bool has_floor;

	l = (struct ladder){ .cases = &run->bench, .facet = facet, .base = report_base(run) };
	l.n_subjects = report_subjects(run, l.subject);
	collect(&l);
	if (!l.n)
		return;
	has_floor = find_floor(&l, &floor);
	l.x = scale_linear(0, fmax(fmax(l.high, highest(run, facet)), floor), LEFT, SVG_WIDTH - RIGHT);
	draw_plot(out, &l, has_floor, floor);
}

/* The hardware's counters beside a figure: the perf_ columns that a run has values in. */
enum { MAX_COUNTERS = 16 };

struct counters {
	const char *column[MAX_COUNTERS]; /* they point into the table */
	size_t n;
};

static bool is_counter(const char *column)
{
	static const char *const software[] = { "perf_status", "perf_task_clock", "perf_context_switches",
						"perf_cpu_migrations", "perf_page_faults" };
	size_t length = strlen(column);

	if (strncmp(column, "perf_", 5) || (length > 5 && !strcmp(column + length - 5, "_vcpu")))
		return false;
	for (size_t i = 0; i < sizeof(software) / sizeof(software[0]); i++)
		if (!strcmp(column, software[i]))
			return false;
	return true;
}

static bool has_values(const struct csv_table *table, size_t column)
{
	double value;

	for (size_t row = 0; row < table->n_rows; row++)
		if (csv_cell_double(table, row, (int)column, &value))
			return true;
	return false;
}

/* The kernel's own (task clock, switches) stay in the file: they are about the run, not the kick. */
static struct counters counters_find(const struct csv_table *table)
{
	struct counters c = { .n = 0 };

	for (size_t i = 0; i < table->n_columns && c.n < MAX_COUNTERS; i++)
		if (is_counter(table->header[i]) && has_values(table, i))
			c.column[c.n++] = table->header[i];
	return c;
}

/* "|cycles per op|instructions per op" at the end of a table's columns. */
static void counters_columns(const struct counters *counters, char *columns, size_t size)
{
	for (size_t i = 0; i < counters->n; i++) {
		size_t used = strlen(columns);

		snprintf(columns + used, size - used, "|%s per op", counters->column[i] + 5);
	}
}

/* The median of the valid repetitions' count per op. */
static double counters_per_op(const struct cases *c, size_t i, const char *column)
{
	const struct csv_table *t = c->table;
	int count = csv_table_find(t, column), ops = csv_table_find(t, "ops");
	int verdict = csv_table_find(t, "verdict");
	double x[CASE_MAX_SAMPLES], value, n;
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
	struct case_want want[6];
	struct html_table table;

	counters_columns(&counters, columns, sizeof(columns));
	table = html_table_begin(
		out, "Medians of the valid repetitions in bench.csv, with 95 % bootstrap intervals",
		columns);
	for (size_t f = 0; f < N_FACETS; f++) {
		wanted(&facets[f], want);
		for (size_t i = 0; case_next(&run->bench, &i, want); i++)
			write_case(&table, &run->bench, i, facets[f].metric, &counters);
	}
	for (size_t i = 0;
	     case_next(&run->bench, &i, (const struct case_want[]){ { "scenario", "floor" }, { 0 } }); i++)
		write_case(&table, &run->bench, i,
			   case_is(&run->bench, i, "path", "pingpong") ? "p50_ns" : "ns_per_op", &counters);
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
		" floor: what the hardware takes for one cmpxchg, or for a cache line's way there and back."
		" The price is a difference in ns, the same in every form; a ratio depends on the form.",
	.repeat = "bench",
	.scenarios = "floor,fastpath,entry,roundtrip",
	.keys = PALETTE_MARKS,
	.draw = draw,
	.needs = REPORT_BENCH,
};
