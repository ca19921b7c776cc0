// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Time goes down, every thread has a lane. The text's first line has a | at the start of each column:
 * the lanes, then pCPUs, order and where; its last line begins with =>.
 */
#include "report/draw/lanes.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw/html.h"
#include "report/draw/svg.h"

enum {
	MAX_COLUMNS = 12,
	MAX_TEXT = 1 << 18,
	LEFT = 28,
	LANE = 250,
	BOX = 216,
	ROW = 22,
	HEAD = 30,
	WHERE = 262,
	CELL = 96
};

struct lanes {
	const char *line; /* the row that is being drawn */
	size_t length;
	int at[MAX_COLUMNS]; /* of each | in the first line */
	char pcpu[32];	     /* that the vCPU is on */
	int n;		     /* of them; the last three are pCPUs, order, where */
};

char *lanes_read(const char *dir, const char *backend, const char *scenario, const char *model)
{
	char path[PATH_MAX], *text;
	size_t n;
	FILE *in;

	if (strchr(backend, '/') || strchr(scenario, '/') || strchr(model, '/') ||
	    snprintf(path, sizeof(path), "%s/example-%s-%s-%s.txt", dir, backend, scenario, model) >=
		    (int)sizeof(path))
		return NULL;
	in = fopen(path, "re");
	text = in ? malloc(MAX_TEXT) : NULL;
	if (text) {
		n = fread(text, 1, MAX_TEXT - 1, in);
		text[n] = '\0';
	}
	if (in)
		fclose(in);
	return text;
}

static bool find_columns(struct lanes *l, const char *text)
{
	size_t length = strcspn(text, "\n");

	l->n = 0;
	for (size_t i = 0; i < length && l->n < MAX_COLUMNS; i++)
		if (text[i] == '|')
			l->at[l->n++] = (int)i;
	return l->n >= 5 && !strncmp(text, "step", 4);
}

/* Column k of the line, -1 being what stands before the first |, without the blanks around it. */
static const char *cell(const struct lanes *l, int k, char text[CELL])
{
	size_t from = k < 0 ? 0 : (size_t)l->at[k] + 1;
	size_t to = k + 1 < l->n ? (size_t)l->at[k + 1] : l->length;

	if (to > l->length)
		to = l->length;
	while (from < to && l->line[from] == ' ')
		from++;
	while (to > from && l->line[to - 1] == ' ')
		to--;
	snprintf(text, CELL, "%.*s", from < to ? (int)(to - from) : 0, l->line + from);
	return text;
}

static void read_line(struct lanes *l, const char *text)
{
	l->line = text;
	l->length = strcspn(text, "\n");
}

static int count_rows(const char *text)
{
	int n = 0;

	for (const char *line = strchr(text, '\n'); line && line[1] && strncmp(line + 1, "  =>", 4);
	     line = strchr(line + 1, '\n'))
		n++;
	return n;
}

static double lane_x(int lane)
{
	return LEFT + (double)lane * LANE;
}

static double row_y(int row)
{
	return HEAD + (double)row * ROW;
}

/* Lanes of vCPUs are the last ones. */
static int first_vcpu(const struct lanes *l)
{
	char text[CELL];
	int lane = l->n - 4;

	while (lane > 0 && cell(l, lane - 1, text)[0] == 'v')
		lane--;
	return lane;
}

/* An IPI is an arrow to the vCPU's lane; one that reaches nobody ends before it, with a cross. */
static void draw_ipi(FILE *out, const struct lanes *l, int lane, int to, double y)
{
	bool ends = l->line && strstr(l->line, "ends the stint");
	double x1 = lane_x(lane) + BOX, x2 = lane_x(to) - (ends ? 2 : 14);
	char effect[CELL];

	if (lane >= to)
		return;
	svg_line(out, ends ? "ipi" : "ipi lost", x1, y, x2, y);
	fprintf(out, "<path class=\"%s\" d=\"M%.1f %.1f%s\"/>\n", ends ? "head" : "miss", x2, y,
		ends ? "l-7 -4v8z" : "m-4 -4l8 8m0 -8l-8 8");
	svg_text(out, "effect", lane_x(to) + 4, y + 4, "%s", cell(l, l->n - 3, effect));
}

static void draw_row(FILE *out, struct lanes *l, int row, int vcpu, bool in_guest)
{
	double y = row_y(row);
	char text[CELL], where[CELL];
	bool moved;

	svg_text(out, "tick end", LEFT - 8, y + 15, "%s", cell(l, -1, text));
	if (in_guest)
		svg_rect(out, "guest", lane_x(vcpu) - 5, y, BOX + 10, ROW);
	for (int lane = 0; lane < l->n - 3; lane++) {
		if (!*cell(l, lane, text))
			continue;
		svg_rect(out, lane >= vcpu ? "op vcpu" : "op", lane_x(lane), y + 2, BOX, ROW - 4);
		svg_text(out, "say", lane_x(lane) + 6, y + 15, "%s", text);
		if (!strncmp(text, "IPI ", 4) || !strncmp(text, "call ", 5))
			draw_ipi(out, l, lane, vcpu, y + ROW / 2.0);
	}
	cell(l, l->n - 3, text);
	moved = !strncmp(text, "vCPU on ", 8) && strcmp(text + 8, l->pcpu) != 0;
	if (moved)
		snprintf(l->pcpu, sizeof(l->pcpu), "%.31s", text + 8);
	svg_text(out, "where", lane_x(l->n - 3) - LANE + BOX + 14, y + 15, "%s%s%s",
		 cell(l, l->n - 1, where), moved ? ", now on " : "", moved ? l->pcpu : "");
}

/* From "enters the guest" to "has left the guest", or to the end. */
static bool now_in_guest(const struct lanes *l, int vcpu, bool before)
{
	char text[CELL];

	cell(l, vcpu, text);
	if (!strcmp(text, "enters the guest"))
		return true;
	return before && strcmp(text, "has left the guest") != 0;
}

int lanes_draw(FILE *out, const char *text, const char *title)
{
	struct lanes l = { 0 };
	bool in_guest = false;
	int n = count_rows(text), vcpu;
	char head[CELL];

	if (!find_columns(&l, text) || !n)
		return -EBADMSG;
	read_line(&l, text);
	vcpu = first_vcpu(&l);
	fputs("<div class=\"scroll\">", out);
	svg_begin(out, (int)lane_x(l.n - 3) + WHERE, HEAD + (n + 1) * ROW, title,
		  "%d steps of %d threads, in the order of memory; the table of steps follows", n, l.n - 3);
	for (int lane = 0; lane < l.n - 3; lane++) {
		svg_line(out, "life", lane_x(lane) + BOX / 2.0, HEAD, lane_x(lane) + BOX / 2.0, row_y(n));
		svg_text(out, "label", lane_x(lane) + 6, HEAD - 12, "%s", cell(&l, lane, head));
	}
	for (int row = 0; row < n; row++) {
		text = strchr(text, '\n') + 1;
		read_line(&l, text);
		in_guest = now_in_guest(&l, vcpu, in_guest);
		draw_row(out, &l, row, vcpu, in_guest);
	}
	svg_end(out);
	fputs("</div>\n", out);
	text = strstr(text, "  => ");
	if (text)
		html_element(out, "p", "end-state", "%.*s", (int)strcspn(text + 5, "\n"), text + 5);
	return 0;
}
