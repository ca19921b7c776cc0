/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drawing: marks, lines and words in SVG, and a plot's frame with its axes. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <stdio.h>

#include "report/data/backends.h"
#include "report/draw/scale.h"

extern const char report_style[]; /* style.css */

/* Width in user units: a phone shows it whole at about one pixel each. */
enum { SVG_WIDTH = 440 };

/* <svg> with its title and description, for those who do not see it. */
void svg_begin(FILE *out, int width, int height, const char *title, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void svg_end(FILE *out);
/* The same of a plot among others, under its title. */
void svg_plot_begin(FILE *out, int height, const char *title, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Below it stands, if need be: "N more cases are in the table." */
void svg_plot_end(FILE *out, size_t left_out, const char *what);

/* Until it is called with NULL: called at each svg_end(), for the picture that begins at `from` in out. */
typedef void svg_drawn_fn(void *arg, FILE *out, long from, int width, int height);
void svg_watch(svg_drawn_fn *drawn, void *arg);
/* What a picture that stands alone has behind its description: style and paper, in the light. */
void svg_style(FILE *out);

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_rect(FILE *out, const char *class, double x, double y, double width, double height);
/* class may name an anchor: "mid", "end". */
void svg_text(FILE *out, const char *class, double x, double y, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* With a tooltip of that text, unless it is "". */
enum { SVG_HOLLOW = 32 }; /* or-ed to the shape of a look: its outline only */
void svg_mark(FILE *out, struct report_look look, double x, double y, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void svg_whisker(FILE *out, struct report_look look, double x1, double x2, double y);
/* A whisker upright. */
void svg_bar(FILE *out, struct report_look look, double x, double y1, double y2);
/* A line through points. */
void svg_path_begin(FILE *out, struct report_look look);
void svg_path_point(FILE *out, double x, double y);
void svg_path_end(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Grid lines and labels below, or at the left. */
void svg_axis_x(FILE *out, const struct scale *x, double top, double bottom, const char *title);
void svg_axis_y(FILE *out, const struct scale *y, double left, double right, const char *title);

#endif
