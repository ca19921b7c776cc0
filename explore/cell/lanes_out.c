// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes as text for people, as JSON for programs, as SVG for documents. */
#include <cjson/cJSON.h>

#include "explore/cell/lanes.h"

enum { WIDTH = 31, ROW = 20, COLUMN = 230, LEFT = 40, RIGHT = 210 };

static void title(int fiber, char *text, size_t size)
{
	int kicker = fiber - xp_scenario.vcpus;

	if (kicker < 0)
		snprintf(text, size, xp_scenario.vcpus > 1 ? "%c: vCPU %d" : "%c: vCPU", 'v' + fiber, fiber);
	else
		snprintf(text, size, "%c: kicker on pCPU %d", 'a' + kicker, xp.program->cpu[fiber]);
}

static int fiber_at(int column)
{
	int fiber = 0;

	while (xp_lane_column(fiber) != column)
		fiber++;
	return fiber;
}

static void print_head(FILE *out)
{
	char text[64];
	int i;

	fprintf(out, "step ");
	for (i = 0; i < xp.n_fibers; i++) {
		title(fiber_at(i), text, sizeof(text));
		fprintf(out, "| %-*s", WIDTH, text);
	}
	fprintf(out, "| %-21s| %-8s| where\n", "pCPUs", "order");
}

static void print_row(FILE *out, int n, const struct xp_record *r)
{
	int i, column = xp_lane_column(xp_lane_fiber(r));
	char say[96], where[96], pcpu[64];

	xp_lane_say(r, say, sizeof(say));
	xp_lane_where(r, where, sizeof(where));
	snprintf(pcpu, sizeof(pcpu), "%s", xp_lane_effect(r));
	if (!pcpu[0] && column >= xp_scenario.kickers)
		snprintf(pcpu, sizeof(pcpu), "vCPU on pCPU %d", r->cpu);
	fprintf(out, "%4d ", n);
	for (i = 0; i < xp.n_fibers; i++)
		fprintf(out, "| %-*.*s", WIDTH, WIDTH, i == column ? say : "");
	fprintf(out, "| %-21s| %-8s| %s\n", pcpu, xp_lane_order(r), where);
}

int xp_lanes_count(void)
{
	static const struct xp_record *rows[XP_TRACE];

	return xp_lane_rows(rows, false);
}

void xp_lanes_text(FILE *out, const struct xp_cell *cell, bool all)
{
	static const struct xp_record *rows[XP_TRACE];
	int i, n = xp_lane_rows(rows, all);
	char text[400];

	print_head(out);
	for (i = 0; i < n; i++)
		print_row(out, i + 1, rows[i]);
	xp_lane_end(cell, text, sizeof(text));
	fprintf(out, "  => %s\n", text);
}

struct cJSON *xp_lanes_json(const struct xp_cell *cell)
{
	static const struct xp_record *rows[XP_TRACE];
	int i, n = xp_lane_rows(rows, false);
	cJSON *array = cJSON_CreateArray();
	char text[96];

	(void)cell;
	for (i = 0; i < n; i++) {
		cJSON *row = cJSON_CreateObject();

		title(xp_lane_fiber(rows[i]), text, sizeof(text));
		cJSON_AddStringToObject(row, "lane", text);
		xp_lane_say(rows[i], text, sizeof(text));
		cJSON_AddStringToObject(row, "does", text);
		cJSON_AddStringToObject(row, "source", rows[i]->op.site->say);
		cJSON_AddStringToObject(row, "order", xp_lane_order(rows[i]));
		xp_lane_where(rows[i], text, sizeof(text));
		cJSON_AddStringToObject(row, "where", text);
		cJSON_AddStringToObject(row, "effect", xp_lane_effect(rows[i]));
		cJSON_AddNumberToObject(row, "pcpu", rows[i]->cpu);
		cJSON_AddItemToArray(array, row);
	}
	return array;
}

static void svg_text(FILE *out, int x, int y, const char *class, const char *text)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
	fputs("</text>\n", out);
}

static void svg_row(FILE *out, int y, const struct xp_record *r)
{
	int x = LEFT + COLUMN * xp_lane_column(xp_lane_fiber(r));
	char text[96];

	fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"step\"/>\n", x, y - 14,
		COLUMN - 10, ROW - 3);
	xp_lane_say(r, text, sizeof(text));
	svg_text(out, x + 4, y, "say", text);
	xp_lane_where(r, text, sizeof(text));
	svg_text(out, LEFT + COLUMN * xp.n_fibers, y, "where",
		 xp_lane_effect(r)[0] ? xp_lane_effect(r) : text);
}

void xp_lanes_svg(FILE *out, const struct xp_cell *cell)
{
	static const struct xp_record *rows[XP_TRACE];
	int i, n = xp_lane_rows(rows, false), width = LEFT + COLUMN * xp.n_fibers + RIGHT;
	char text[400];

	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n", width,
		ROW * (n + 4));
	fputs("<style>text{font:12px monospace;fill:#222}.where{fill:#777}.head{font-weight:bold}"
	      ".end{fill:#a00}.step{fill:#e8eef7;stroke:#88a}rect.page{fill:#fff}</style>\n", out);
	fprintf(out, "<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n");
	for (i = 0; i < xp.n_fibers; i++) {
		title(fiber_at(i), text, sizeof(text));
		svg_text(out, LEFT + COLUMN * i, ROW, "head", text);
	}
	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "%d", i + 1);
		svg_text(out, 8, ROW * (i + 2) + 6, "where", text);
		svg_row(out, ROW * (i + 2) + 6, rows[i]);
	}
	xp_lane_end(cell, text, sizeof(text));
	svg_text(out, 8, ROW * (n + 3), "end", text);
	fputs("</svg>\n", out);
}
