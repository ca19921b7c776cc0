// SPDX-License-Identifier: GPL-2.0-or-later
/* Legends name what was drawn, and nothing else: whoever asks for a look draws it. */
#include "report/draw/palette.h"

#include <stdlib.h>
#include <string.h>

#include "report/draw/html.h"

enum { KEY = 26, LINE = 18, LETTER = 8 };

static const char *drawn[REPORT_MAX_BACKENDS];
static size_t n_drawn;

void palette_forget(void)
{
	n_drawn = 0;
}

struct report_look palette_of(const char *backend)
{
	size_t i = 0;

	while (i < n_drawn && strcmp(drawn[i], backend))
		i++;
	if (i == n_drawn && n_drawn < REPORT_MAX_BACKENDS)
		drawn[n_drawn++] = backend;
	return report_look_of(backend);
}

static void draw_key(FILE *out, const char *backend, enum palette_keys keys, double x, double y)
{
	struct report_look look = report_look_of(backend);

	if (keys != PALETTE_MARKS) {
		svg_path_begin(out, look);
		svg_path_point(out, x, y);
		svg_path_point(out, x + KEY, y);
		svg_path_end(out, "%s", backend);
	}
	/* Floors are lines without marks. */
	if (keys != PALETTE_LINES && strcmp(backend, "floor"))
		svg_mark(out, look, x + KEY / 2.0, y, "%s", "");
}

void palette_legend(FILE *out, enum palette_keys keys)
{
	if (!n_drawn || keys == PALETTE_NONE)
		return;
	qsort(drawn, n_drawn, sizeof(*drawn), report_by_backend);
	fputs("<ul class=\"legend\">", out);
	for (size_t i = 0; i < n_drawn; i++) {
		fputs("<li><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 26 12\" class=\"key\""
		      " aria-hidden=\"true\">",
		      out);
		draw_key(out, drawn[i], keys, 0, 6);
		fputs("</svg> ", out);
		html_text(out, drawn[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

int palette_legend_svg(FILE *out, enum palette_keys keys, int width, int y)
{
	int x = 0, top = y;

	if (!n_drawn || keys == PALETTE_NONE)
		return 0;
	qsort(drawn, n_drawn, sizeof(*drawn), report_by_backend);
	for (size_t i = 0; i < n_drawn; i++) {
		int room = KEY + 6 + (int)strlen(drawn[i]) * LETTER + 12;

		if (x && x + room > width) {
			x = 0;
			y += LINE;
		}
		if (out) {
			draw_key(out, drawn[i], keys, x, y + LINE / 2.0);
			svg_text(out, "tick", x + KEY + 6, y + LINE / 2.0 + 4, "%s", drawn[i]);
		}
		x += room;
	}
	return y + LINE - top;
}
