// SPDX-License-Identifier: GPL-2.0-or-later
/* The heat map from PU to PU, with the machine's borders drawn in. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/palette.h"
#include "report/draw/svg.h"
#include "results/stats.h"
#include "results/verdict.h"

enum { MAX_SIDE = 64, MAX_MAPS = 4, LEFT = 46, TOP = 30, MAX_VALUES = 4096, MAX_ROWS = 1024 };

/* Where pairs come from: matrix.csv, or whatever pairs the round trips of bench.csv have. */
struct matrix_source {
	const struct csv_table *table;
	bool from_matrix;
	int backend, kicker, vcpu, value, transport;
};

/* One of them, where it belongs in the map. */
struct matrix_pair {
	size_t row;
	int kicker, vcpu; /* places in side.index */
	double value;
	const char *backend;
};

/* Rows and columns of the map: PUs, or what holds several where there are too many. */
struct matrix_side {
	const char *level; /* "pu", "core", "l3", ... */
	int index[MAX_SIDE];
	int l3[MAX_SIDE],
		far[MAX_SIDE]; /* that each is in, of L3 caches and of nodes and packages; -1: unknown */
	size_t n;
	struct matrix_pair *pair;
	size_t n_pairs;
};

struct map {
	const struct matrix_source *source;
	const struct matrix_side *side;
	const char *backend;
	double value[MAX_SIDE][MAX_SIDE]; /* medians; NaN: not measured */
	double low, high;
	const struct matrix_pair *fast, *slow;
};

static bool open_source(struct matrix_source *s, const struct report_run *run)
{
	bool matrix = report_has(run, REPORT_MATRIX);
	const struct csv_table *t = &run->table[matrix ? REPORT_MATRIX : REPORT_BENCH];

	*s = (struct matrix_source){ .table = t,
			      .from_matrix = matrix,
			      .backend = csv_table_find(t, "backend"),
			      .kicker = csv_table_find(t, "kicker_pu"),
			      .vcpu = csv_table_find(t, "vcpu_pu"),
			      .value = csv_table_find(t, "p50_ns"),
			      .transport = csv_table_find(t, "transport") };
	return t->n_rows && s->kicker >= 0 && s->vcpu >= 0 && s->value >= 0;
}

/* A row that is one pair's round trip over the doorbell. */
static bool is_pair(const struct matrix_source *s, size_t row)
{
	const struct csv_table *t = s->table;
	double value;

	if (strcmp(csv_cell(t, row, s->transport), "doorbell") ||
	    !csv_cell_double(t, row, s->value, &value))
		return false;
	if (s->from_matrix)
		return true;
	return !strcmp(csv_cell(t, row, csv_table_find(t, "scenario")), "roundtrip") &&
	       !strcmp(csv_cell(t, row, csv_table_find(t, "loop")), "closed") &&
	       verdict_of(csv_cell(t, row, csv_table_find(t, "verdict"))) == VERDICT_OK;
}

/* Which object of the level a PU of this row is in; -1: unknown. */
static int index_of(const struct matrix_source *s, size_t row, const char *who, const char *level)
{
	char column[32];
	double value;

	snprintf(column, sizeof(column), "%s_%s", who, level);
	return csv_cell_double(s->table, row, csv_table_find(s->table, column), &value) && value >= 0 &&
			       value < 1 << 20
		       ? (int)value
		       : -1;
}

static int by_index(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static bool add_index(struct matrix_side *side, int index)
{
	for (size_t i = 0; i < side->n; i++)
		if (side->index[i] == index)
			return true;
	if (side->n == MAX_SIDE || index < 0)
		return false;
	side->index[side->n++] = index;
	return true;
}

static bool fill_side(struct matrix_side *side, const struct matrix_source *s, const char *level)
{
	side->level = level;
	side->n = 0;
	for (size_t i = 0; i < side->n_pairs; i++) {
		size_t row = side->pair[i].row;

		if (!add_index(side, index_of(s, row, "kicker", level)) ||
		    !add_index(side, index_of(s, row, "vcpu", level)))
			return false;
	}
	qsort(side->index, side->n, sizeof(*side->index), by_index);
	return side->n > 0;
}

static int place_of(const struct matrix_side *side, int index)
{
	const int *at = bsearch(&index, side->index, side->n, sizeof(*side->index), by_index);

	return at ? (int)(at - side->index) : -1;
}

static int find_place(struct matrix_side *side, const struct matrix_source *s, size_t row, const char *who)
{
	int place = place_of(side, index_of(s, row, who, side->level));

	side->l3[place] = index_of(s, row, who, "l3");
	side->far[place] = index_of(s, row, who, "package") * 4096 + index_of(s, row, who, "numa");
	return place;
}

static void find_places(struct matrix_side *side, const struct matrix_source *s)
{
	memset(side->l3, -1, sizeof(side->l3));
	memset(side->far, -1, sizeof(side->far));
	for (size_t i = 0; i < side->n_pairs; i++) {
		struct matrix_pair *p = &side->pair[i];

		p->kicker = find_place(side, s, p->row, "kicker");
		p->vcpu = find_place(side, s, p->row, "vcpu");
	}
}

/* -ENOMEM */
static int find_pairs(struct matrix_side *side, const struct matrix_source *s)
{
	side->n_pairs = 0;
	side->pair = calloc(s->table->n_rows + 1, sizeof(*side->pair));
	if (!side->pair)
		return -ENOMEM;
	for (size_t row = 0; row < s->table->n_rows; row++) {
		struct matrix_pair *p = &side->pair[side->n_pairs];

		if (!is_pair(s, row) || !csv_cell_double(s->table, row, s->value, &p->value))
			continue;
		p->row = row;
		p->backend = csv_cell(s->table, row, s->backend);
		side->n_pairs++;
	}
	return 0;
}

/* The finest level that fits. */
static bool choose_side(struct matrix_side *side, const struct matrix_source *s)
{
	static const char *const levels[] = { "pu", "core", "l3", "die", "numa", "package" };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (fill_side(side, s, levels[i])) {
			find_places(side, s);
			return true;
		}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct matrix_pair *x = a, *y = b;
	int order = strcmp(x->backend, y->backend);

	if (!order)
		order = x->kicker - y->kicker;
	return order ? order : x->vcpu - y->vcpu;
}

static void fill_cell(struct map *m, const struct matrix_pair *pair, size_t n)
{
	static double x[MAX_VALUES];
	double value;

	for (size_t i = 0; i < n && i < MAX_VALUES; i++)
		x[i] = pair[i].value;
	value = stats_median(x, n < MAX_VALUES ? n : MAX_VALUES);
	m->value[pair->kicker][pair->vcpu] = value;
	m->fast = value < m->low ? pair : m->fast;
	m->slow = value > m->high ? pair : m->slow;
	m->low = fmin(m->low, value);
	m->high = fmax(m->high, value);
}

/* The pairs are sorted: those of a square follow each other. */
static void fill(struct map *m)
{
	const struct matrix_side *side = m->side;

	m->low = INFINITY;
	m->high = 0;
	for (size_t i = 0; i < MAX_SIDE; i++)
		for (size_t k = 0; k < MAX_SIDE; k++)
			m->value[i][k] = NAN;
	for (size_t from = 0, to; from < side->n_pairs; from = to) {
		for (to = from + 1; to < side->n_pairs && !by_place(&side->pair[from], &side->pair[to]);
		     to++)
			;
		if (!strcmp(side->pair[from].backend, m->backend))
			fill_cell(m, &side->pair[from], to - from);
	}
}

/*
 * The strongest is the slowest; on a logarithmic scale, since distances differ by factors, and over a factor
 * of two at least, lest noise looks like distance.
 */
static double shade(const struct map *m, double value)
{
	return .12 + .83 * log(value / m->low) / log(fmax(m->high / m->low, 2));
}

static void draw_cell(FILE *out, const struct map *m, size_t i, size_t k, double size)
{
	double x = LEFT + (double)k * size, y = TOP + (double)i * size, value = m->value[i][k];
	const char *level = strcmp(m->side->level, "pu") ? m->side->level : "PU";

	if (isnan(value)) {
		svg_rect(out, "heat none", x, y, size - 1, size - 1);
		return;
	}
	fprintf(out,
		"<rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
		" fill-opacity=\"%.2f\"><title>",
		x, y, size - 1, size - 1, shade(m, value));
	html_printf(out, "%s %d kicks %s %d: %.0f ns", level, m->side->index[i], level, m->side->index[k],
		    value);
	fputs("</title></rect>\n", out);
	if (m->side->n <= 12)
		svg_text(out, shade(m, value) > .7 ? "cell mid strong" : "cell mid", x + size / 2,
			 y + size / 2 + 4, "%.0f", value);
}

static void draw_borders(FILE *out, const struct map *m, double size)
{
	double end = (double)m->side->n * size;

	for (size_t i = 1; i < m->side->n; i++) {
		double at = (double)i * size - .5;
		bool far = m->side->far[i] != m->side->far[i - 1],
		     l3 = strcmp(m->side->level, "l3") && m->side->l3[i] != m->side->l3[i - 1];
		const char *class = far ? "border far" : l3 ? "border" : NULL;

		if (!class)
			continue;
		svg_line(out, class, LEFT - 6, TOP + at, LEFT + end, TOP + at);
		svg_line(out, class, LEFT + at, TOP - 6, LEFT + at, TOP + end);
	}
}

static void draw_map(FILE *out, const struct map *m)
{
	double size = fmin((SVG_WIDTH - LEFT) / (double)m->side->n, 64);
	size_t every = m->side->n > 16 ? 8 : 1;
	char title[128];

	snprintf(title, sizeof(title), "%s: median round trip, ns (%.0f to %.0f)", m->backend, m->low,
		 m->high);
	svg_plot_begin(out, (int)(TOP + size * (double)m->side->n) + 6, title,
		       "Fastest: %.0f ns from %d to %d, slowest: %.0f ns from %d to %d. Rows: the kicker's"
		       " %s; columns: the vCPU's. The stronger, the slower.",
		       m->low, m->side->index[m->fast->kicker], m->side->index[m->fast->vcpu], m->high,
		       m->side->index[m->slow->kicker], m->side->index[m->slow->vcpu], m->side->level);
	svg_text(out, "axis", 0, 12, "%s of the vCPU \342\206\222, of the kicker \342\206\223",
		 strcmp(m->side->level, "pu") ? m->side->level : "PU");
	for (size_t i = 0; i < m->side->n; i++) {
		if (i % every == 0) {
			svg_text(out, "tick end", LEFT - 8, TOP + ((double)i + .5) * size + 4, "%d",
				 m->side->index[i]);
			svg_text(out, "tick mid", LEFT + ((double)i + .5) * size, TOP - 4, "%d",
				 m->side->index[i]);
		}
		for (size_t k = 0; k < m->side->n; k++)
			draw_cell(out, m, i, k, size);
	}
	draw_borders(out, m, size);
	svg_plot_end(out, 0, NULL);
}

static void write_table(FILE *out, const struct matrix_source *s)
{
	static const char *const words[] = { "backend", "distance", "kicker_pu", "vcpu_pu", "home" };
	static const char *const figures[] = { "min_ns", "p50_ns", "p90_ns", "p99_ns" };
	struct html_table table = html_table_begin(
		out, s->from_matrix ? "matrix.csv" : "The round trips of bench.csv, one row per repetition",
		"backend|distance|kicker's PU|vCPU's PU|home|min_ns|p50_ns|p90_ns|p99_ns");
	size_t n = 0;

	for (size_t row = 0; row < s->table->n_rows && n < MAX_ROWS; row++) {
		if (!is_pair(s, row))
			continue;
		n++;
		html_row_begin(&table);
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			html_cell(&table, "%s",
				  csv_cell(s->table, row, csv_table_find(s->table, words[i])));
		for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
			double value = NAN;

			csv_cell_double(s->table, row, csv_table_find(s->table, figures[i]), &value);
			html_cell_number(&table, value);
		}
		html_row_end(&table);
	}
	html_table_end(&table);
	if (n == MAX_ROWS)
		html_element(out, "p", "note", "The first %d pairs; all of them are in the file.",
			     MAX_ROWS);
}

/* What differences are taken against, what is compared with it, then the others. */
static void draw_maps(FILE *out, const struct report_run *run, const struct matrix_source *s,
		      const struct matrix_side *side)
{
	static struct map m;
	const char *backend[1 + 2 * REPORT_MAX_BACKENDS];
	size_t n = 1, drawn = 0, left_out = 0;

	backend[0] = report_base(run);
	n += report_subjects(run, backend + n);
	n += report_backends(s->table, backend + n);
	fputs("<div class=\"plots\">\n", out);
	for (size_t b = 0; b < n; b++) {
		size_t before = 0;

		while (strcmp(backend[before], backend[b]))
			before++;
		m = (struct map){ .source = s, .side = side, .backend = backend[b] };
		fill(&m);
		if (before < b || !(m.high > 0))
			continue;
		if (drawn == MAX_MAPS) {
			left_out++;
			continue;
		}
		draw_map(out, &m);
		drawn++;
	}
	fputs("</div>\n", out);
	if (left_out)
		html_element(out, "p", "note", "%zu more protocols are in the table.", left_out);
}

static void draw(FILE *out, const struct report_run *run)
{
	struct matrix_source s;
	struct matrix_side side;

	side.pair = NULL;
	if (!open_source(&s, run) || find_pairs(&side, &s) || !choose_side(&side, &s)) {
		free(side.pair);
		html_missing(out,
			     "no round trips between named PUs, neither in matrix.csv nor in bench.csv");
		return;
	}
	if (!s.from_matrix)
		html_element(out, "p", "note",
			     "Only the pairs that the round trips of this run have: %s."
			     " bench --scenario matrix fills the map.",
			     run->missing[REPORT_MATRIX]);
	qsort(side.pair, side.n_pairs, sizeof(*side.pair), by_place);
	draw_maps(out, run, &s, &side);
	write_table(out, &s);
	free(side.pair);
	if (s.from_matrix)
		report_repeat(out, run, "bench --scenario matrix", REPORT_MATRIX, NULL);
	else
		report_repeat(out, run, "bench", REPORT_BENCH, "roundtrip");
}

const struct figure figure_matrix = {
	.id = "matrix",
	.title = "From PU to PU",
	.asks = "How far apart are two processors, as a kick sees it?",
	.method =
		"Median round trips (kick, doorbell, exit, seen) of ordered pairs of PUs, by their logical"
		" numbers; lines are borders of L3 caches, heavy ones of NUMA nodes and packages. Dashed"
		" squares were not measured. With more than 64 PUs each square is the median of a pair of"
		" cores, caches or packages.",
	.draw = draw,
	.needs = REPORT_BENCH,
	.always = true,
};
