// SPDX-License-Identifier: GPL-2.0-or-later
/* What migration does to kicks: misdirected, spurious, poisoned, lost per million, over the rate. */
#include <math.h>
#include <string.h>

#include "report/data/losses.h"
#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"
#include "report/draw/svg.h"

enum { MAX_POINTS = 1024, N_COUNTERS = 4, HEIGHT = 270, LEFT = 46, TOP = 24, BOTTOM = 64 };

static const struct {
	const char *column, *title;
} counters[N_COUNTERS] = {
	{ "ipis_misdirected", "Misdirected: sent to a pCPU that the vCPU had left" },
	{ "poisoned", "Poisoned stints: claimed, and nobody will come" },
	{ "lost", "Lost kicks: requested, and nobody looks" },
	{ "ipis_spurious", "Spurious: in a later stint, or outside" },
};

/* The sums of all pairs of PUs at one rate. */
struct point {
	const char *backend, *widen, *transport, *path;
	double rate;
	uint64_t kicks, count[N_COUNTERS];
	bool has[N_COUNTERS]; /* a protocol that claims nothing misdirects nothing: no figure */
};

struct sweep {
	struct point point[MAX_POINTS];
	size_t n;
};

static bool on_one_line(const struct point *a, const struct point *b)
{
	return !strcmp(a->backend, b->backend) && !strcmp(a->widen, b->widen) &&
	       !strcmp(a->transport, b->transport) && !strcmp(a->path, b->path);
}

static struct point *point_of(struct sweep *s, const struct cases *c, size_t i)
{
	struct point p = { .backend = case_text(c, i, "backend"),
			   .widen = case_text(c, i, "widen"),
			   .transport = case_text(c, i, "transport"),
			   .path = case_text(c, i, "path"),
			   .rate = case_number(c, i, "migrations_per_s") };

	for (size_t k = 0; k < s->n; k++)
		if (on_one_line(&s->point[k], &p) && s->point[k].rate == p.rate)
			return &s->point[k];
	if (s->n == MAX_POINTS)
		return NULL;
	s->point[s->n] = p;
	return &s->point[s->n++];
}

static void collect(struct sweep *s, const struct cases *c)
{
	const struct case_want want[] = { { "scenario", "migrate" }, { 0 } };

	s->n = 0;
	for (size_t i = 0; case_next(c, &i, want); i++) {
		uint64_t kicks = case_sum(c, i, "kicks");
		struct point *p = kicks ? point_of(s, c, i) : NULL;

		if (!p)
			continue;
		p->kicks += kicks;
		for (int k = 0; k < N_COUNTERS; k++) {
			p->has[k] |= case_has(c, i, counters[k].column);
			p->count[k] += case_sum(c, i, counters[k].column);
		}
	}
}

static double per_million(const struct point *p, int counter)
{
	return (double)p->count[counter] / (double)p->kicks * 1e6;
}

static bool is_widened(const struct point *p)
{
	return *p->widen && strcmp(p->widen, "none") != 0;
}

/* Zero has a line of its own below a logarithmic scale. */
static double y_of(const struct scale *y, const struct point *p, int counter)
{
	return p->count[counter] ? scale_at(y, per_million(p, counter)) : HEIGHT - BOTTOM + 16;
}

static void draw_point(FILE *out, const struct point *p, int counter, double x, double y)
{
	struct report_look look = palette_of(p->backend);

	look.shape |= is_widened(p) ? SVG_HOLLOW : 0;
	svg_mark(out, look, x, y, "%s, %.0f moves/s, %s: %llu in %llu kicks", p->backend, p->rate,
		 is_widened(p) ? "widened" : "as it is", (unsigned long long)p->count[counter],
		 (unsigned long long)p->kicks);
}

/* One line through the points of a protocol, as they are or widened. */
static void draw_line(FILE *out, const struct sweep *s, size_t first, int counter, const struct scale *x,
		      const struct scale *y)
{
	const struct point *f = &s->point[first];
	struct report_look look = palette_of(f->backend);

	look.dash = is_widened(f);
	svg_path_begin(out, look);
	for (size_t i = first; i < s->n; i++)
		if (on_one_line(&s->point[i], f) && s->point[i].rate > 0)
			svg_path_point(out, scale_at(x, s->point[i].rate), y_of(y, &s->point[i], counter));
	svg_path_end(out, "%s, %s", f->backend, is_widened(f) ? "widened" : "as it is");
}

static bool is_first(const struct sweep *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (on_one_line(&s->point[k], &s->point[i]) && s->point[k].rate > 0)
			return false;
	return s->point[i].rate > 0;
}

/* Ends of both axes. */
static bool find_ends(const struct sweep *s, int counter, struct scale *x, struct scale *y)
{
	double low = INFINITY, high = 0, least = INFINITY, most = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct point *p = &s->point[i];

		if (!p->has[counter] || !(p->rate > 0))
			continue;
		low = fmin(low, p->rate);
		high = fmax(high, p->rate);
		if (p->count[counter]) {
			least = fmin(least, per_million(p, counter));
			most = fmax(most, per_million(p, counter));
		}
	}
	if (!(high > 0))
		return false;
	*x = scale_log(low, high, LEFT + 10, SVG_WIDTH - 22);
	*y = most > 0 ? scale_log(least, most, HEIGHT - BOTTOM, TOP)
		      : scale_log(1, 1e6, HEIGHT - BOTTOM, TOP);
	return true;
}

/* "old: 1 in 379415 as it is; " */
static void say_sums(const struct sweep *s, int counter, char *text, size_t size)
{
	*text = '\0';
	for (size_t i = 0; i < s->n; i++) {
		uint64_t count = 0, kicks = 0;

		if (!s->point[i].has[counter] || !is_first(s, i))
			continue;
		for (size_t k = i; k < s->n; k++)
			if (on_one_line(&s->point[k], &s->point[i]) && s->point[k].rate > 0) {
				count += s->point[k].count[counter];
				kicks += s->point[k].kicks;
			}
		report_add(text, size, "%s: %llu in %llu kicks %s; ",
					 s->point[i].backend, (unsigned long long)count,
					 (unsigned long long)kicks,
					 is_widened(&s->point[i]) ? "widened" : "as it is");
	}
}

static void draw_counter(FILE *out, const struct sweep *s, int counter)
{
	struct scale x, y;
	char text[2048];

	if (!find_ends(s, counter, &x, &y))
		return;
	say_sums(s, counter, text, sizeof(text));
	svg_plot_begin(out, HEIGHT, counters[counter].title,
		       "%sPer million kicks over the migration rate; zeros stand on a line of their own.",
		       text);
	svg_axis_y(out, &y, LEFT, SVG_WIDTH - 8, "per million kicks; dashed: window held open");
	svg_rect(out, "zero", LEFT, HEIGHT - BOTTOM + 7, SVG_WIDTH - 8 - LEFT, 18);
	svg_text(out, "tick end", LEFT - 6, HEIGHT - BOTTOM + 20, "0");
	svg_axis_x(out, &x, TOP, HEIGHT - BOTTOM + 25, "migrations per second");
	for (size_t i = 0; i < s->n; i++)
		if (s->point[i].has[counter] && is_first(s, i))
			draw_line(out, s, i, counter, &x, &y);
	for (size_t i = 0; i < s->n; i++)
		if (s->point[i].has[counter] && s->point[i].rate > 0)
			draw_point(out, &s->point[i], counter, scale_at(&x, s->point[i].rate),
				   y_of(&y, &s->point[i], counter));
	svg_plot_end(out, 0, NULL);
}

static void write_table(FILE *out, const struct sweep *s)
{
	struct html_table table = html_table_begin(
		out, "Sums over the ok and the violated repetitions in bench.csv, and per million kicks",
		"backend|moves/s|window|transport|path|kicks|"
		"misdirected|poisoned|lost|spurious|misdirected per million"
		"|poisoned per million|lost per million|spurious per million");

	for (size_t i = 0; i < s->n; i++) {
		const struct point *p = &s->point[i];

		html_row_begin(&table);
		html_cell(&table, "%s", p->backend);
		html_cell(&table, "%.0f", p->rate);
		html_cell(&table, "%s", p->widen);
		html_cell(&table, "%s", p->transport);
		html_cell(&table, "%s", p->path);
		html_cell_count(&table, p->kicks);
		for (int k = 0; k < N_COUNTERS; k++) {
			if (p->has[k])
				html_cell_count(&table, p->count[k]);
			else
				html_cell(&table, "%s", "");
		}
		for (int k = 0; k < N_COUNTERS; k++) {
			if (p->has[k] && !p->count[k])
				html_cell(&table, "0 in %llu", (unsigned long long)p->kicks);
			else
				html_cell_number(&table, p->has[k] ? per_million(p, k) : NAN);
		}
		html_row_end(&table);
	}
	html_table_end(&table);
}

static void draw(FILE *out, const struct report_run *run)
{
	static struct sweep s;
	char text[64];

	collect(&s, &run->bench);
	if (!s.n) {
		html_missing(out, "bench.csv has no valid rows of migrate");
		return;
	}
	html_element(out, "p", "note",
		     "Solid, filled: as it is. Dashed, hollow: widened, half of the kicks linger%s between"
		     " the two racing accesses. On the lowest line: none in so many kicks.",
		     report_widening(run, text));
	fputs("<div class=\"plots\">\n", out);
	for (int k = 0; k < N_COUNTERS; k++)
		draw_counter(out, &s, k);
	fputs("</div>\n", out);
	if (s.n == MAX_POINTS)
		html_element(out, "p", "note", "The first %d points; all of them are in the file.",
			     MAX_POINTS);
	write_table(out, &s);
}

const struct figure figure_migration = {
	.id = "migration",
	.title = "What migration does to kicks",
	.asks = "A vCPU that moves while it is kicked: how often does the IPI go to where it was, and what"
		" comes of that?",
	.method =
		"On the emulated machine: real threads and the protocols' own text, the vCPU moving between"
		" pCPU numbers; of transports reschedule and call the kernel's threads and CPUs."
		" Widened rows say what can happen, never how often it does. A zero is an"
		" observation of N kicks, not a proof: for never, see the verdicts. IPIs that merely"
		" arrive late are spurious in every protocol.",
	.repeat = "bench",
	.scenarios = "migrate",
	.keys = PALETTE_MARKS,
	.draw = draw,
	.needs = REPORT_BENCH,
};
