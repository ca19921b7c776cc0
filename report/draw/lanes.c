// SPDX-License-Identifier: GPL-2.0-or-later
/* Time goes down, every thread has a lane, and a vCPU's is tinted while it is in guest mode. */
#include "report/draw/lanes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw/svg.h"
#include "results/file.h"
#include "results/lanes.h"

enum { LANE = 250, BOX = 216, ROW = 22, HEAD = 30, WHERE = 262 };

struct picture {
	FILE *out;
	const struct lanes *lanes;
	int cpu[LANES_MAX]; /* that each vCPU is on */
	bool in_guest[LANES_MAX];
};

static double lane_x(const struct lanes *l, int lane)
{
	return (l->timed ? 72 : 28) + (double)lane * LANE;
}

static double row_y(size_t row)
{
	return HEAD + (double)row * ROW;
}

/* An arrow to the vCPU's lane; one that reaches nobody ends before it, with a cross. */
static void draw_ipi(const struct picture *p, const struct lanes_step *s, double y)
{
	bool hits = s->mark == LANES_HITS, right = s->to > s->lane;
	double gap = hits ? 2 : 14, from = lane_x(p->lanes, s->lane), to = lane_x(p->lanes, s->to), x;

	x = right ? to - gap : to + BOX + gap;
	svg_line(p->out, hits ? "ipi" : "ipi lost", right ? from + BOX : from, y, x, y);
	fprintf(p->out, "<path class=\"%s\" d=\"M%.1f %.1f%s\"/>\n", hits ? "head" : "miss", x, y,
		!hits ? "m-4 -4l8 8m0 -8l-8 8" : right ? "l-7 -4v8z" : "l7 -4v8z");
	svg_text(p->out, hits ? "effect hits" : "effect", to + 4, y + 4, "%s", s->effect);
}

/* In its own words what an arrow cannot show: the place in the source, where a vCPU has moved to. */
static void draw_where(struct picture *p, const struct lanes_step *s, bool arrow, double y)
{
	char where[400];
	size_t n = (size_t)snprintf(where, sizeof(where), "%s", s->where);

	if (!arrow && s->effect[0])
		n += (size_t)snprintf(where + n, sizeof(where) - n, "%s%s", n ? ", " : "", s->effect);
	if (p->lanes->lane[s->lane].vcpu && s->cpu >= 0 && s->cpu != p->cpu[s->lane]) {
		p->cpu[s->lane] = s->cpu;
		n += (size_t)snprintf(where + n, sizeof(where) - n, "%snow on pCPU %d", n ? ", " : "",
				      s->cpu);
	}
	if (s->found[0]) /* the verdict alone */
		snprintf(where + n, sizeof(where) - n, "%s%.*s", n ? ": " : "", (int)strcspn(s->found, ":"),
			 s->found);
	svg_text(p->out, "where", lane_x(p->lanes, p->lanes->n_lanes - 1) + BOX + 14, y, "%s", where);
}

static void draw_step(struct picture *p, size_t row)
{
	const struct lanes *l = p->lanes;
	const struct lanes_step *s = &l->step[row];
	bool arrow = s->to >= 0 && s->to != s->lane, found = s->mark == LANES_FOUND || s->found[0];
	double x = lane_x(l, s->lane), y = row_y(row);

	if (s->mark == LANES_ENTERS || s->mark == LANES_LEAVES)
		p->in_guest[s->lane] = s->mark == LANES_ENTERS;
	svg_text(p->out, "tick end", lane_x(l, 0) - 8, y + 15, "%lld", s->at);
	for (int lane = 0; lane < l->n_lanes; lane++)
		if (p->in_guest[lane])
			svg_rect(p->out, "guest", lane_x(l, lane) - 5, y, BOX + 10, ROW);
	svg_rect(p->out, found ? "op found" : l->lane[s->lane].vcpu ? "op vcpu" : "op", x, y + 2, BOX,
		 ROW - 4);
	svg_text(p->out, "say", x + 6, y + 15, "%s", s->does);
	if (arrow)
		draw_ipi(p, s, y + ROW / 2.0);
	draw_where(p, s, arrow, y + 15);
}

/* "LOST: ..." and below it "(requests 0x1, ...)". */
static void draw_end(const struct picture *p)
{
	const struct lanes *l = p->lanes;
	const char *state = l->timed ? NULL : strrchr(l->end, '(');
	int n = state ? (int)(state - l->end) : (int)strlen(l->end);

	svg_text(p->out, l->timed ? "tick" : "end-state", 8, row_y(l->n + 1), "%.*s", n, l->end);
	if (state)
		svg_text(p->out, "end-state", 8, row_y(l->n + 2) - 4, "%s", state);
}

static void draw(FILE *out, const struct lanes *l, const char *title, bool alone)
{
	struct picture p = { .out = out, .lanes = l };

	for (int lane = 0; lane < l->n_lanes; lane++)
		p.cpu[lane] = l->lane[lane].cpu;
	svg_begin(out, (int)lane_x(l, l->n_lanes - 1) + BOX + 14 + (l->timed ? 0 : WHERE),
		  (int)row_y(l->n + 3) - ROW / 2, title, "%zu steps of %d threads, in the order of %s. %s",
		  l->n, l->n_lanes, l->timed ? "time" : "memory", l->end);
	if (alone)
		svg_style(out);
	for (int lane = 0; lane < l->n_lanes; lane++) {
		double x = lane_x(l, lane);
		char name[64];

		svg_line(out, "life", x + BOX / 2.0, HEAD, x + BOX / 2.0, row_y(l->n));
		lanes_title(l, lane, name, sizeof(name));
		svg_text(out, "label", x + 6, HEAD - 12, "%s", name);
	}
	for (size_t row = 0; row < l->n; row++)
		draw_step(&p, row);
	draw_end(&p);
	svg_end(out);
}

void report_draw_lanes(FILE *out, const struct lanes *lanes, const char *title)
{
	draw(out, lanes, title, false);
}

int report_write_lanes(const char *path, const struct lanes *lanes, const char *title)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int failed = -ENOMEM;

	if (out) {
		draw(out, lanes, title, true);
		failed = fclose(out) ? -ENOMEM : results_file_write(path, text, size);
	}
	free(text);
	return failed;
}
