// SPDX-License-Identifier: GPL-2.0-or-later
/* Percentile curves: how long kicks take, out to the tail, on a logarithmic axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"
#include "report/draw/svg.h"
#include "results/histogram.h"

/* Equal in these: one plot. */
static const char *const names[] = { "kind",	       "loop",	       "kickers",    "migrations_per_s",
				     "widen",	       "transport",    "distance",   "home",
				     "arrivals_per_s", "arrivals",     "path",	     "placement",
				     "vcpus",	       "in_guest_pct", "mask_width", "wakeup" };
enum {
	KIND,
	LOOP,
	KICKERS,
	RATE,
	WIDEN,
	TRANSPORT,
	DISTANCE,
	PATH = 10,
	PLACEMENT,
	VCPUS,
	IN_GUEST,
	N_NAMES = sizeof(names) / sizeof(names[0]),
	MAX_FACETS = 256,
	HEIGHT = 290,
	LEFT = 46,
	TOP = 24,
	BOTTOM = 40,
	MOST_DRAWN = 16,
};

/* The merged histogram of one protocol in a facet, or of the floor of a round trip. */
struct curve {
	const char *backend, *name;
	struct histogram h;
	struct curve *next;
};

struct latency_facet {
	const char *value[N_NAMES];
	struct curve *curve;
};

struct curves {
	const struct csv_table *table;
	int column[N_NAMES], backend, low, high, count;
	struct latency_facet facet[MAX_FACETS];
	size_t n;
};

static bool is_of(const struct curves *c, const struct latency_facet *f, size_t row)
{
	for (int i = 0; i < N_NAMES; i++)
		if (strcmp(f->value[i], csv_cell(c->table, row, c->column[i])))
			return false;
	return true;
}

/* Rows of a case follow each other: the last facet first. */
static struct latency_facet *facet_of(struct curves *c, size_t row)
{
	for (size_t i = c->n; i-- > 0;)
		if (is_of(c, &c->facet[i], row))
			return &c->facet[i];
	if (c->n == MAX_FACETS)
		return NULL;
	for (int i = 0; i < N_NAMES; i++)
		c->facet[c->n].value[i] = csv_cell(c->table, row, c->column[i]);
	c->facet[c->n].curve = NULL;
	return &c->facet[c->n++];
}

static struct curve *curve_of(struct latency_facet *f, const char *backend)
{
	struct curve **at = &f->curve;

	while (*at && strcmp((*at)->backend, backend))
		at = &(*at)->next;
	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at)
			return NULL;
		(*at)->backend = backend;
		(*at)->name = strcmp(backend, "floor") ? backend : case_trip_floor_name(f->value[PATH]);
		histogram_init(&(*at)->h);
	}
	return *at;
}

static void add_bucket(struct histogram *h, uint64_t low, uint64_t high, uint64_t count)
{
	h->count[histogram_index(low)] += count;
	h->n += count;
	h->min_ns = low < h->min_ns ? low : h->min_ns;
	h->max_ns = high - 1 > h->max_ns ? high - 1 : h->max_ns;
}

static void collect(struct curves *c, const struct csv_table *table)
{
	struct latency_facet *facet = NULL;
	struct curve *curve;
	double low, high, count;

	c->table = table;
	c->n = 0;
	for (int i = 0; i < N_NAMES; i++)
		c->column[i] = csv_table_find(table, names[i]);
	c->backend = csv_table_find(table, "backend");
	c->low = csv_table_find(table, "bucket_low_ns");
	c->high = csv_table_find(table, "bucket_high_ns");
	c->count = csv_table_find(table, "count");
	for (size_t row = 0; row < table->n_rows; row++) {
		if (!csv_cell_double(table, row, c->low, &low) ||
		    !csv_cell_double(table, row, c->high, &high) ||
		    !csv_cell_double(table, row, c->count, &count) || low < 0 || high <= low ||
		    low > (double)HISTOGRAM_MAX_NS || count < 1)
			continue;
		if (!facet || !is_of(c, facet, row))
			facet = facet_of(c, row);
		curve = facet ? curve_of(facet, csv_cell(table, row, c->backend)) : NULL;
		if (curve)
			add_bucket(&curve->h, csv_to_u64(low), csv_to_u64(high), csv_to_u64(count));
	}
}

static void forget(struct curves *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (struct curve *curve = c->facet[i].curve, *next; curve; curve = next) {
			next = curve->next;
			free(curve);
		}
}

/* Every further nine takes as much room: 0, 90, 99, 99.9 per cent. */
static double nines(double part)
{
	return -log10(1 - part);
}

/* A point where the curve has moved by a pixel or two; an arrow where it leaves the picture. */
static void draw_curve(FILE *out, const struct curve *curve, const struct scale *x, const struct scale *y)
{
	struct report_look look = palette_of(curve->name);
	double n = (double)curve->h.n, done = 0, last_x = -9, last_y = -9, end = nines(1 - 1 / (n + 1));
	bool leaves = false;
	struct histogram_bucket b = { 0 };

	svg_path_begin(out, look);
	while (histogram_next(&curve->h, &b)) {
		double at_x = scale_at(x, nines(fmin(done / n, 1 - 1 / (n + 1))));
		double at_y = scale_at(y, (double)b.low_ns);

		if (leaves)
			break;
		leaves = (double)b.low_ns > y->high || nines(fmin(done / n, 1 - 1 / (n + 1))) > x->high;
		done += (double)b.count;
		if (hypot(at_x - last_x, at_y - last_y) < 1.6 && done < n)
			continue;
		svg_path_point(out, at_x, at_y);
		last_x = at_x;
		last_y = at_y;
	}
	if (!leaves) {
		last_x = scale_at(x, end);
		last_y = scale_at(y, (double)curve->h.max_ns);
		leaves = (double)curve->h.max_ns > y->high || end > x->high;
		svg_path_point(out, last_x, last_y);
	}
	svg_path_end(out, "%s: p50 %.0f ns, p99 %.0f ns, %.0f samples",
		     curve->name, histogram_quantile(&curve->h, .5),
		     histogram_quantile(&curve->h, .99), n);
	if (leaves)
		svg_mark(out, (struct report_look){ look.colour, 3, 0 }, last_x, last_y,
			 "%s: on to %llu ns", curve->name,
			 (unsigned long long)curve->h.max_ns);
}

static void draw_nines(FILE *out, const struct scale *x, double top, double bottom)
{
	static const struct {
		double part;
		const char *label;
	} ticks[] = { { 0, "0" },    { .5, "50" },     { .9, "90" },
		      { .99, "99" }, { .999, "99.9" }, { .9999, "99.99" } };

	for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
		double at = scale_at(x, nines(ticks[i].part));

		svg_line(out, "grid", at, top, at, bottom);
		svg_text(out, "tick mid", at, bottom + 16, "%s", ticks[i].label);
	}
	svg_text(out, "axis end", x->to, bottom + 33, "per cent of the samples that were no slower");
}

/* What a facet is called: "roundtrip, open loop, l3". */
static void facet_title(const struct latency_facet *f, char *text, size_t size)
{
	static const char *const kinds[][2] = {
		{ "roundtrip", "Round trip: kick, exit, seen" },
		{ "claim_to_send", "From claim to IPI: how long others trust it" },
		{ "request_served", "Request served, the vCPU migrating" },
	};
	const char *kind = f->value[KIND];

	for (size_t i = 0; i < 3; i++)
		if (!strcmp(kind, kinds[i][0]))
			kind = kinds[i][1];
	snprintf(text, size, "%s", kind);
	if (!strcmp(f->value[LOOP], "open"))
		report_add(text, size, ", open loop");
	if (*f->value[KICKERS] && strcmp(f->value[KICKERS], "1"))
		report_add(text, size, ", %s kickers", f->value[KICKERS]);
	if (*f->value[RATE] && strcmp(f->value[RATE], "0"))
		report_add(text, size, ", %s moves/s", f->value[RATE]);
	if (*f->value[WIDEN] && strcmp(f->value[WIDEN], "none"))
		report_add(text, size, ", widened");
	report_add(text, size, "%s%s%s%s", *f->value[DISTANCE] ? ", " : "",
		 f->value[DISTANCE], !strcmp(f->value[TRANSPORT], "doorbell") ? "" : ", ",
		 !strcmp(f->value[TRANSPORT], "doorbell") ? "" : f->value[TRANSPORT]);
}

/* The rest is in the table. */
static bool is_drawn(const struct latency_facet *f)
{
	if (!strcmp(f->value[KIND], "request_served"))
		return !strcmp(f->value[RATE], "10000");
	return !strcmp(f->value[KIND], "roundtrip") || !strcmp(f->value[KIND], "claim_to_send");
}

/* Its floor at the same distance, under a round trip in a closed loop; in older runs that is ping-pong. */
static const struct curve *floor_of(const struct curves *c, const struct latency_facet *f)
{
	const struct curve *floor = NULL;

	if (strcmp(f->value[KIND], "roundtrip") || strcmp(f->value[LOOP], "closed"))
		return NULL;
	for (size_t i = 0; i < c->n; i++) {
		const struct latency_facet *of = &c->facet[i];
		bool handover = !strcmp(of->value[PATH], "handover");

		if ((handover || (!floor && !strcmp(of->value[PATH], "pingpong"))) &&
		    !strcmp(of->value[DISTANCE], f->value[DISTANCE]))
			floor = of->curve;
	}
	return floor;
}

/* "old: p50 130 ns, p99 180 ns, the slowest 51807 ns; " */
static void say_quantiles(const struct latency_facet *f, char *text, size_t size)
{
	*text = '\0';
	for (const struct curve *k = f->curve; k; k = k->next)
		report_add(text, size,
					 "%s: p50 %.0f ns, p99 %.0f ns, the slowest %llu ns; ", k->backend,
					 histogram_quantile(&k->h, .5), histogram_quantile(&k->h, .99),
					 (unsigned long long)k->h.max_ns);
}

static void draw_facet(FILE *out, const struct curves *c, const struct latency_facet *f)
{
	const struct scale x = { 0, 4.3, LEFT, SVG_WIDTH - 8, false };
	const struct curve *floor = floor_of(c, f);
	double low = INFINITY, high = 0;
	struct scale y;
	char title[256], says[1024];

	for (const struct curve *k = f->curve; k; k = k->next) {
		low = fmin(low, (double)k->h.min_ns);
		high = fmax(high, histogram_quantile(&k->h, .9999));
	}
	if (floor)
		low = fmin(low, histogram_quantile(&floor->h, .001));
	y = scale_log(low, high, HEIGHT - BOTTOM, TOP);
	facet_title(f, title, sizeof(title));
	say_quantiles(f, says, sizeof(says));
	svg_plot_begin(out, HEIGHT, title, "%sPercentile curves up to 99.995 per cent.", says);
	svg_axis_y(out, &y, LEFT, SVG_WIDTH - 8, "ns");
	draw_nines(out, &x, TOP, HEIGHT - BOTTOM);
	if (floor)
		draw_curve(out, floor, &x, &y);
	for (const struct curve *k = f->curve; k; k = k->next)
		draw_curve(out, k, &x, &y);
	svg_end(out);
	if (!strcmp(f->value[PLACEMENT], "oversubscribed"))
		html_element(out, "p", "note",
			     "More threads than PUs: this shows the scheduler, and ranks nobody.");
	fputs("</div>\n", out);
}

static void write_table(FILE *out, const struct curves *c)
{
	static const double q[] = { .5, .9, .99, .999 };
	static const int shown[] = { KIND,  PATH,     LOOP,  KICKERS,  RATE,
				     WIDEN, DISTANCE, VCPUS, IN_GUEST, TRANSPORT };
	struct html_table table = html_table_begin(
		out, "Percentiles in ns of the repetitions' histograms together, from latency.csv",
		"kind|path|loop|kickers|moves/s|widened|distance|vCPUs|% in guest|transport|backend|samples"
		"|min|p50|p90|p99|p99.9|max");

	for (size_t i = 0; i < c->n; i++)
		for (const struct curve *k = c->facet[i].curve; k; k = k->next) {
			html_row_begin(&table);
			for (size_t s = 0; s < sizeof(shown) / sizeof(shown[0]); s++)
				html_cell(&table, "%s", c->facet[i].value[shown[s]]);
			html_cell(&table, "%s", k->backend);
			html_cell_count(&table, k->h.n);
			html_cell_count(&table, k->h.min_ns);
			for (size_t p = 0; p < sizeof(q) / sizeof(q[0]); p++)
				html_cell_number(&table, histogram_quantile(&k->h, q[p]));
			html_cell_count(&table, k->h.max_ns);
			html_row_end(&table);
		}
	html_table_end(&table);
}

static void draw(FILE *out, const struct report_run *run)
{
	static struct curves c;
	size_t drawn = 0;

	collect(&c, &run->table[REPORT_LATENCY]);
	if (!c.n) {
		html_missing(out, "latency.csv has no bucket with samples");
		return;
	}
	fputs("<div class=\"plots\">\n", out);
	for (size_t i = 0; i < c.n; i++)
		if (is_drawn(&c.facet[i]) && drawn++ < MOST_DRAWN)
			draw_facet(out, &c, &c.facet[i]);
	fputs("</div>\n", out);
	if (drawn > MOST_DRAWN)
		html_element(out, "p", "note", "%zu more distributions are in the table only.",
			     drawn - MOST_DRAWN);
	write_table(out, &c);
	forget(&c);
}

const struct figure figure_latency = {
	.id = "latency",
	.title = "How long a kick takes",
	.asks = "Not the mean, the whole distribution: what do the slowest kicks wait for?",
	.method = "All valid repetitions' histograms together. The doorbell is a polled cache line: it"
		  " shows what the protocol costs, not an interrupt. Grey dots: the floor, its"
		  " transfers by hand between the same two PUs. Closed loop: the next kick follows the"
		  " last; open loop: kicks come when they are due, and latency counts from then."
		  " Samples that met a preemption stand apart in"
		  " closed loops. A triangle: the curve goes on beyond the picture.",
	.repeat = "bench",
	.scenarios = "floor,roundtrip,contend,migrate",
	.keys = PALETTE_LINES,
	.draw = draw,
	.needs = REPORT_LATENCY,
};
