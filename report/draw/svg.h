/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drawing: marks, lines and words in SVG, and a plot's frame with its axes. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <stdio.h>

#include "report/draw/scale.h"

/* How a backend looks in every figure: a colour, s0..s7 of the style, and a shape and dashes beside it. */
struct svg_look {
	int colour;
	int shape; /* circle, square, diamond, triangle, cross, star, ... */
	int dash;
};

extern const char report_style[]; /* style.css */

/* Width in user units: a phone shows it whole at about one pixel each. */
enum { SVG_WIDTH = 440 };

/* <svg> with its title and description, for those who do not see it. */
void svg_begin(FILE *out, int width, int height, const char *title, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void svg_end(FILE *out);

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_rect(FILE *out, const char *class, double x, double y, double width, double height);
/* class may name an anchor: "mid", "end". */
void svg_text(FILE *out, const char *class, double x, double y, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* With a tooltip of that text, unless it is "". */
void svg_mark(FILE *out, struct svg_look look, double x, double y, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void svg_whisker(FILE *out, struct svg_look look, double x1, double x2, double y);
/* A line through points. */
void svg_path_begin(FILE *out, struct svg_look look);
void svg_path_point(FILE *out, double x, double y);
void svg_path_end(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Grid lines and labels below, or at the left. */
void svg_axis_x(FILE *out, const struct scale *x, double top, double bottom, const char *title);
void svg_axis_y(FILE *out, const struct scale *y, double left, double right, const char *title);

#endif
