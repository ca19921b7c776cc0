// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine, drawn and in words: everything that a figure may depend on. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"

enum { HEAD = 20, GAP = 8, MAX_PUS = 8192 };

/* The machine as far as the drawing needs it. */
enum pu_level { LEVEL_PACKAGE, LEVEL_NUMA, LEVEL_L3, LEVEL_CORE, LEVEL_N };

struct pu_place {
	int group[LEVEL_N]; /* counted over the machine; -1: it shows none */
};

struct pu_layout {
	struct pu_place *pu; /* by logical numbers */
	size_t n;
	int count[LEVEL_N];
};

/* A list of a number per PU; what is none says that the machine shows no such thing. */
static void read_level(struct pu_layout *layout, enum pu_level level, const cJSON *list)
{
	const cJSON *item;
	size_t i = 0;

	cJSON_ArrayForEach(item, list) {
		bool known = cJSON_IsNumber(item) && item->valueint >= 0 && item->valueint < MAX_PUS;

		if (i == layout->n)
			return;
		layout->pu[i++].group[level] = known ? item->valueint : -1;
		if (known && item->valueint >= layout->count[level])
			layout->count[level] = item->valueint + 1;
	}
}

/* Of run.json.  -ENOENT: it has none, or none that can be understood; -ENOMEM. */
static int layout_read(struct pu_layout *layout, const struct report_run *run)
{
	static const char *const name[LEVEL_N] = { "package", "numa", "l3", "core" };
	const cJSON *json = report_member(run, "pu_layout");
	int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "cpu"));

	*layout = (struct pu_layout){ .n = 0 };
	if (n < 1 || n > MAX_PUS)
		return -ENOENT;
	layout->pu = malloc((size_t)n * sizeof(*layout->pu));
	if (!layout->pu)
		return -ENOMEM;
	layout->n = (size_t)n;
	memset(layout->pu, -1, layout->n * sizeof(*layout->pu));
	for (int level = 0; level < LEVEL_N; level++)
		read_level(layout, (enum pu_level)level, cJSON_GetObjectItemCaseSensitive(json, name[level]));
	return 0;
}

/* Boxes that flow from left to right, and on to the next line. */
struct flow {
	double x, y, right, line; /* line: height of the tallest box in this line */
	double left;
};

static void place(struct flow *f, double width, double height)
{
	if (f->x > f->left && f->x + width > f->right) {
		f->x = f->left;
		f->y += f->line + GAP;
		f->line = 0;
	}
	f->line = fmax(f->line, height);
}

/* PUs from..to-1, which share the level: a square each, siblings of a core side by side. */
struct block {
	const struct pu_layout *machine;
	size_t from, to;
	double pu; /* side of a square */
};

static size_t columns_of(const struct block *b)
{
	size_t n = b->to - b->from, columns = (size_t)ceil(sqrt((double)n));
	size_t smt = b->machine->count[LEVEL_CORE] ? b->machine->n / (size_t)b->machine->count[LEVEL_CORE]
						   : 1;

	if (smt > 1)
		columns = (columns + smt - 1) / smt * smt;
	return n <= 8 ? n : columns;
}

static double block_width(const struct block *b)
{
	return fmax((double)columns_of(b) * b->pu + 12, 64);
}

static double block_height(const struct block *b)
{
	size_t columns = columns_of(b);

	return (double)((b->to - b->from + columns - 1) / columns) * b->pu + HEAD + 6;
}

static void block_title(const struct block *b, char *text, size_t size)
{
	const int *group = b->machine->pu[b->from].group;

	if (group[LEVEL_L3] >= 0)
		snprintf(text, size, "L3 %d", group[LEVEL_L3]);
	else if (group[LEVEL_NUMA] >= 0)
		snprintf(text, size, "NUMA %d", group[LEVEL_NUMA]);
	else
		snprintf(text, size, "PUs");
}

static void draw_block(FILE *out, const struct block *b, double x, double y)
{
	size_t columns = columns_of(b);
	char title[32];

	block_title(b, title, sizeof(title));
	svg_rect(out, "box cache", x, y, block_width(b), block_height(b));
	svg_text(out, "tick", x + 6, y + 14, "%s", title);
	for (size_t i = b->from; i < b->to; i++) {
		double px = x + 6 + (double)((i - b->from) % columns) * b->pu;
		double py = y + HEAD + (double)((i - b->from) / columns) * b->pu;
		bool sibling = i > b->from && b->machine->pu[i].group[LEVEL_CORE] >= 0 &&
			       b->machine->pu[i].group[LEVEL_CORE] ==
				       b->machine->pu[i - 1].group[LEVEL_CORE];

		svg_rect(out, sibling ? "box pu smt" : "box pu", px + .5, py + .5, b->pu - 1.5,
			 b->pu - 1.5);
		if (b->pu >= 20)
			svg_text(out, "cell mid", px + b->pu / 2, py + b->pu / 2 + 4, "%zu", i);
	}
}

/* The level that a block stands for: L3, else NUMA node, else package. */
static int block_level(const struct pu_layout *m)
{
	return m->count[LEVEL_L3] ? LEVEL_L3 : m->count[LEVEL_NUMA] ? LEVEL_NUMA : LEVEL_PACKAGE;
}

static size_t end_of(const struct pu_layout *m, size_t from, int level, size_t limit)
{
	size_t to = from + 1;

	while (to < limit && m->pu[to].group[level] == m->pu[from].group[level])
		to++;
	return to;
}

/* Draws (or, with out NULL, only measures) a package; -> its height. */
static double draw_package(FILE *out, const struct pu_layout *m, size_t from, size_t to, double top)
{
	struct flow f = { .x = 10, .left = 10, .y = top + HEAD + 4, .right = SVG_WIDTH - 10 };
	double pu = m->n <= 32 ? 26 : m->n <= 99 ? 20 : m->n <= 512 ? 12 : 6;

	for (size_t i = from, end; i < to; i = end) {
		struct block b = { m, i, end_of(m, i, block_level(m), to), pu };

		end = b.to;
		place(&f, block_width(&b), block_height(&b));
		if (out)
			draw_block(out, &b, f.x, f.y);
		f.x += block_width(&b) + GAP;
	}
	return f.y + f.line + GAP - top;
}

static void draw_packages(FILE *out, const struct pu_layout *m, double *height)
{
	double y = 2;

	for (size_t i = 0, end; i < m->n; i = end) {
		double h;

		end = end_of(m, i, LEVEL_PACKAGE, m->n);
		h = draw_package(NULL, m, i, end, y);
		if (out) {
			svg_rect(out, "box package", 1, y, SVG_WIDTH - 2, h);
			svg_text(out, "label", 10, y + 16, "Package %d", m->pu[i].group[LEVEL_PACKAGE]);
			draw_package(out, m, i, end, y);
		}
		y += h + GAP;
	}
	*height = y;
}

static void draw_machine(FILE *out, const struct report_run *run)
{
	struct pu_layout m;
	char title[160];
	double height;

	if (layout_read(&m, run)) {
		html_missing(out, "run.json does not say which PU is in which core and cache");
		return;
	}
	draw_packages(NULL, &m, &height);
	snprintf(title, sizeof(title),
		 "PUs: %zu, cores: %d, L3 caches: %d, NUMA nodes: %d, packages: %d", m.n,
		 m.count[LEVEL_CORE], m.count[LEVEL_L3], m.count[LEVEL_NUMA], m.count[LEVEL_PACKAGE]);
	fputs("<div class=\"plots\">", out);
	svg_plot_begin(out, (int)height + 4, title,
		       "%s: PUs by their logical numbers, in their L3 caches and packages.", title);
	draw_packages(out, &m, &height);
	svg_plot_end(out, 0, NULL);
	fputs("</div>\n", out);
	free(m.pu);
}

static void write_value(struct html_table *table, const char *name, const cJSON *value)
{
	char *text = NULL;

	html_row_begin(table);
	html_cell(table, "%s", name);
	fputs("<td class=\"wrap\">", table->out);
	if (cJSON_IsString(value))
		html_text(table->out, value->valuestring);
	else if (!cJSON_IsNull(value))
		text = cJSON_PrintUnformatted(value);
	html_text(table->out, text ? text : cJSON_IsNull(value) ? "unknown" : "");
	fputs("</td>", table->out);
	free(text);
	html_row_end(table);
}

/* Members of members by their path: "machine.mitigations.mds". */
static void write_members(struct html_table *table, const char *path, const cJSON *object)
{
	const cJSON *item;
	char name[256];

	cJSON_ArrayForEach(item, object) {
		snprintf(name, sizeof(name), "%s%s%s", path, *path ? "." : "",
			 item->string ? item->string : "");
		if (cJSON_IsObject(item) && strlen(name) < 128)
			write_members(table, name, item);
		else
			write_value(table, name, item);
	}
}

static void draw(FILE *out, const struct report_run *run)
{
	struct html_table table;

	draw_machine(out, run);
	if (!run->run) {
		html_missing(out, "the folder has no run.json that can be read");
		return;
	}
	table = html_table_begin(out, "Everything in run.json", "setting|value");
	write_members(&table, "", run->run);
	html_table_end(&table);
}

const struct figure figure_topology = {
	.id = "topology",
	.title = "The machine and its settings",
	.asks = "On what was this measured, and in which state was it?",
	.method =
		"PUs by their logical numbers, which the other figures use; the first of a core's"
		" siblings is darker. The table has everything that run.json recorded; unknown could not be"
		" read.",
	.repeat = "topo",
	.draw = draw,
	.needs = REPORT_BENCH,
	.always = true,
};
