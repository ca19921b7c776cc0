// SPDX-License-Identifier: GPL-2.0-or-later
/* SVG elements. Coordinates have at most one digit behind the point: finer than any screen, and short. */
#include "report/draw/svg.h"

#include <math.h>
#include <stdarg.h>

#include <string.h>

#include "report/draw/html.h"

static struct {
	svg_drawn_fn *drawn;
	void *arg;
	long from;
	int width, height;
} watched;

void svg_watch(svg_drawn_fn *drawn, void *arg)
{
	watched.drawn = drawn;
	watched.arg = arg;
}

static void begin(FILE *out, int width, int height, const char *title, const char *format, va_list ap)
{
	watched.from = ftell(out);
	watched.width = width;
	watched.height = height;
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\"><title>",
		width, height);
	html_text(out, title);
	fputs("</title><desc>", out);
	html_vprintf(out, format, ap);
	fputs("</desc>\n", out);
}

void svg_begin(FILE *out, int width, int height, const char *title, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	begin(out, width, height, title, format, ap);
	va_end(ap);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
	if (watched.drawn)
		watched.drawn(watched.arg, out, watched.from, watched.width, watched.height);
}

void svg_plot_begin(FILE *out, int height, const char *title, const char *format, ...)
{
	va_list ap;

	fputs("<div class=\"plot\">", out);
	html_element(out, "h3", NULL, "%s", title);
	va_start(ap, format);
	begin(out, SVG_WIDTH, height, title, format, ap);
	va_end(ap);
}

void svg_plot_end(FILE *out, size_t left_out, const char *what)
{
	svg_end(out);
	if (left_out)
		html_element(out, "p", "note", "%zu more %s are in the table.", left_out, what);
	fputs("</div>\n", out);
}

/* Many viewers know no variables: each becomes its value in the light. */
void svg_style(FILE *out)
{
	const char *at = strstr(report_style, "/* Of a picture");
	const char *end = strstr(report_style, "/* Of the page");

	fputs("<style>\n", out);
	for (at = strchr(at, '\n') + 1; at < end; at++) {
		char name[32] = "";
		const char *value;

		if (sscanf(at, "var(%30[a-z0-9-]", name) != 1) {
			fputc(*at, out);
			continue;
		}
		strcat(name, ":");
		value = strstr(report_style, name) + strlen(name);
		fprintf(out, "%.*s", (int)strcspn(value, ";"), value);
		at = strchr(at, ')');
	}
	fputs("</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n", out);
}

static double px(double x)
{
	return round(x * 10) / 10;
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\" x1=\"%g\" y1=\"%g\" x2=\"%g\" y2=\"%g\"/>\n", class, px(x1),
		px(y1), px(x2), px(y2));
}

void svg_rect(FILE *out, const char *class, double x, double y, double width, double height)
{
	fprintf(out, "<rect class=\"%s\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/>\n", class, px(x),
		px(y), px(width), px(height));
}

void svg_text(FILE *out, const char *class, double x, double y, const char *format, ...)
{
	va_list ap;

	fprintf(out, "<text class=\"%s\" x=\"%g\" y=\"%g\">", class, px(x), px(y));
	va_start(ap, format);
	html_vprintf(out, format, ap);
	va_end(ap);
	fputs("</text>\n", out);
}

/* About 9 pixels wide, around the origin. */
static const char *const shapes[] = {
	"M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",      /* circle */
	"M-4 -4h8v8h-8z",				      /* square */
	"M0 -5.5L5.5 0L0 5.5L-5.5 0z",			      /* diamond */
	"M0 -5L5 4H-5z",				      /* triangle */
	"M0 5L5 -4H-5z",				      /* triangle on its head */
	"M-5 0L4 -5V5z",				      /* to the left */
	"M5 0L-4 -5V5z",				      /* to the right */
	"M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z", /* cross */
};
enum { N_SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

void svg_mark(FILE *out, struct report_look look, double x, double y, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(out, "<path class=\"mark s%d%s\" transform=\"translate(%g %g)\" d=\"%s\">", look.colour,
		look.shape & SVG_HOLLOW ? " hollow" : "", px(x), px(y), shapes[look.shape % N_SHAPES]);
	if (*text)
		html_element(out, "title", NULL, "%s", text);
	fputs("</path>\n", out);
}

void svg_whisker(FILE *out, struct report_look look, double x1, double x2, double y)
{
	fprintf(out, "<path class=\"whisker s%d\" d=\"M%g %gH%gM%g %gv5M%g %gv5\"/>\n", look.colour, px(x1),
		px(y), px(x2), px(x1), px(y - 2.5), px(x2), px(y - 2.5));
}

void svg_bar(FILE *out, struct report_look look, double x, double y1, double y2)
{
	fprintf(out, "<path class=\"whisker s%d\" d=\"M%g %gV%gM%g %gh5M%g %gh5\"/>\n", look.colour, px(x),
		px(y1), px(y2), px(x - 2.5), px(y1), px(x - 2.5), px(y2));
}

void svg_path_begin(FILE *out, struct report_look look)
{
	fprintf(out, "<path class=\"curve s%d d%d\" d=\"M", look.colour, look.dash);
}

void svg_path_point(FILE *out, double x, double y)
{
	fprintf(out, "%g %g ", px(x), px(y));
}

void svg_path_end(FILE *out, const char *format, ...)
{
	va_list ap;

	fputs("\"><title>", out);
	va_start(ap, format);
	html_vprintf(out, format, ap);
	va_end(ap);
	fputs("</title></path>\n", out);
}

void svg_axis_x(FILE *out, const struct scale *x, double top, double bottom, const char *title)
{
	double tick[SCALE_MAX_TICKS];
	size_t n = scale_ticks(x, tick, 8);
	char label[32];

	for (size_t i = 0; i < n; i++) {
		double at = scale_at(x, tick[i]);

		svg_line(out, "grid", at, top, at, bottom);
		scale_label(label, sizeof(label), tick[i]);
		svg_text(out, "tick mid", fmin(at, SVG_WIDTH - 4 * (double)strlen(label)), bottom + 16,
			 "%s", label);
	}
	svg_text(out, "axis end", fmax(x->from, x->to), bottom + 33, "%s", title);
}

void svg_axis_y(FILE *out, const struct scale *y, double left, double right, const char *title)
{
	double tick[SCALE_MAX_TICKS];
	size_t n = scale_ticks(y, tick, 8);
	char label[32];

	for (size_t i = 0; i < n; i++) {
		double at = scale_at(y, tick[i]);

		svg_line(out, "grid", left, at, right, at);
		svg_text(out, "tick end", left - 6, at + 4, "%s",
			 scale_label(label, sizeof(label), tick[i]));
	}
	svg_text(out, "axis", 0, fmin(y->from, y->to) - 10, "%s", title);
}
