// SPDX-License-Identifier: GPL-2.0-or-later
/* One request to many vCPUs: how its cost grows with them, above the floor of its locked operations. */
#include <math.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"
#include "report/draw/svg.h"

enum { HEIGHT = 280, LEFT = 46, TOP = 24, BOTTOM = 40 };

/* A plot of it. */
static const struct {
	const char *title, *in_guest;
	bool wait;
} facets[] = {
	{ "All vCPUs outside guest mode", "0", false },
	{ "Half of them in guest mode", "50", false },
	{ "All in guest mode", "100", false },
	{ "All in guest mode, waiting for them", "100", true },
};

/* A case belongs to a facet if it names all vCPUs and wakes none. */
static bool is_of(const struct cases *c, size_t i, size_t facet)
{
	const char *path = case_text(c, i, "path"), *width = case_text(c, i, "mask_width");
	bool wait = strstr(path, "_wait") != NULL, floor = !strcmp(path, "floor");

	return case_is(c, i, "scenario", "broadcast") && case_is(c, i, "wakeup", "no") &&
	       (!*width || case_is(c, i, "vcpus", width)) &&
	       (floor ||
		(wait == facets[facet].wait && case_is(c, i, "in_guest_pct", facets[facet].in_guest)));
}

static double per_vcpu(const struct cases *c, size_t i)
{
	return case_median(c, i, "ns_per_op") / case_number(c, i, "vcpus");
}

struct cast_extent {
	double x_low, x_high, low, high;
	size_t n;
};

static struct cast_extent extent_of(const struct cases *c, size_t facet)
{
	struct cast_extent e = { INFINITY, 0, INFINITY, 0, 0 };

	for (size_t i = 0; i < c->n; i++) {
		double ns = is_of(c, i, facet) ? per_vcpu(c, i) : NAN;

		if (!(ns > 0))
			continue;
		e.low = fmin(e.low, ns);
		e.high = fmax(e.high, ns);
		e.x_low = fmin(e.x_low, case_number(c, i, "vcpus"));
		e.x_high = fmax(e.x_high, case_number(c, i, "vcpus"));
		e.n += !case_is(c, i, "path", "floor");
	}
	return e;
}

/* The first case of a protocol in a facet draws its line; the cases come with rising vCPUs. */
static bool is_first(const struct cases *c, size_t i, size_t facet)
{
	for (size_t k = 0; k < i; k++)
		if (is_of(c, k, facet) && per_vcpu(c, k) > 0 &&
		    case_is(c, k, "backend", case_text(c, i, "backend")))
			return false;
	return true;
}

static void draw_line(FILE *out, const struct cases *c, size_t first, size_t facet, const struct scale *x,
		      const struct scale *y)
{
	const char *backend = case_text(c, first, "backend");
	bool floor = case_is(c, first, "path", "floor");
	struct report_look look = palette_of(backend);

	svg_path_begin(out, look);
	for (size_t i = first; i < c->n; i++)
		if (is_of(c, i, facet) && case_is(c, i, "backend", backend) && per_vcpu(c, i) > 0)
			svg_path_point(out, scale_at(x, case_number(c, i, "vcpus")),
				       scale_at(y, per_vcpu(c, i)));
	svg_path_end(out, "%s", floor ? "floor: the same locked operations by hand" : backend);
	for (size_t i = first; i < c->n && !floor; i++)
		if (is_of(c, i, facet) && case_is(c, i, "backend", backend) && per_vcpu(c, i) > 0)
			svg_mark(out, look, scale_at(x, case_number(c, i, "vcpus")),
				 scale_at(y, per_vcpu(c, i)), "%s, %s vCPUs: %.4g ns per vCPU", backend,
				 case_text(c, i, "vcpus"), per_vcpu(c, i));
}

/* "old 10.7, patched 10.6, floor 10.9": where the request names most. */
static void say_largest(const struct cases *c, size_t facet, double vcpus, char *text, size_t size)
{
	*text = '\0';
	for (size_t i = 0; i < c->n; i++)
		if (is_of(c, i, facet) && per_vcpu(c, i) > 0 && case_number(c, i, "vcpus") == vcpus)
			report_add(text, size, "%s%s %.1f", *text ? ", " : "",
						 case_text(c, i, "backend"), per_vcpu(c, i));
}

static void draw_facet(FILE *out, const struct cases *c, size_t facet)
{
	struct cast_extent e = extent_of(c, facet);
	struct scale x, y;
	char text[1024];

	if (!e.n)
		return;
	x = scale_log(e.x_low, e.x_high, LEFT + 8, SVG_WIDTH - 22);
	y = scale_log(e.low, e.high, HEIGHT - BOTTOM, TOP);
	say_largest(c, facet, e.x_high, text, sizeof(text));
	svg_plot_begin(out, HEIGHT, facets[facet].title, "With %.0f vCPUs, ns per vCPU: %s.", e.x_high, text);
	svg_axis_y(out, &y, LEFT, SVG_WIDTH - 8, "ns per vCPU");
	svg_axis_x(out, &x, TOP, HEIGHT - BOTTOM, "vCPUs that the request names");
	for (size_t i = 0; i < c->n; i++)
		if (is_of(c, i, facet) && per_vcpu(c, i) > 0 && is_first(c, i, facet))
			draw_line(out, c, i, facet, &x, &y);
	svg_plot_end(out, 0, NULL);
}

static void write_table(FILE *out, const struct cases *c)
{
	static const char *const words[] = { "backend",	     "path",   "vcpus",	  "mask_width",
					     "in_guest_pct", "wakeup", "distance" };
	struct html_table table = html_table_begin(
		out, "Medians of the valid repetitions in bench.csv, ns per broadcast",
		"backend|path|vCPUs|mask|% in guest|wakes|distance|ns_per_op|low|high|p50_ns|wait_p50_ns"
		"|IPIs avoided|verdict");
	const struct case_want want[] = { { "scenario", "broadcast" }, { 0 } };

	for (size_t i = 0; case_next(c, &i, want); i++) {
		struct case_figure f = { .median = NAN, .ci = { NAN, NAN } };
		char verdict[256];

		case_verdict(c, i, verdict, sizeof(verdict));
		case_figure(c, i, "ns_per_op", &f);
		html_row_begin(&table);
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			html_cell(&table, "%s", case_text(c, i, words[k]));
		html_cell_number(&table, f.n ? f.median : NAN);
		html_cell_number(&table, f.n ? f.ci.low : NAN);
		html_cell_number(&table, f.n ? f.ci.high : NAN);
		html_cell_number(&table, case_median(c, i, "p50_ns"));
		html_cell_number(&table, case_median(c, i, "wait_p50_ns"));
		html_cell_number(&table, case_median(c, i, "ipis_avoided"));
		html_cell(&table, "%s", verdict);
		html_row_end(&table);
	}
	html_table_end(&table);
}

static void draw(FILE *out, const struct report_run *run)
{
	const struct case_want want[] = { { "scenario", "broadcast" }, { 0 } };
	size_t i = 0;

	if (!case_next(&run->bench, &i, want)) {
		html_missing(out, "bench.csv has no rows of broadcast");
		return;
	}
	fputs("<div class=\"plots\">\n", out);
	for (size_t facet = 0; facet < sizeof(facets) / sizeof(facets[0]); facet++)
		draw_facet(out, &run->bench, facet);
	fputs("</div>\n", out);
	write_table(out, &run->bench);
}

const struct figure figure_broadcast = {
	.id = "broadcast",
	.title = "One request to many vCPUs",
	.asks = "How does a broadcast grow with the vCPUs, and how much of it is the protocol?",
	.method =
		"Flat: each further vCPU costs the same. Grey: the floor, the same two locked operations by"
		" hand over the same lines. Nobody is woken; all vCPUs are on pCPUs of one carrier, so"
		" that its own time between two doorbells is in the figures of those in guest mode.",
	.repeat = "bench",
	.scenarios = "broadcast",
	.keys = PALETTE_BOTH,
	.draw = draw,
	.needs = REPORT_BENCH,
};
