/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a backend is drawn, and the legend of those that were. */
#ifndef REPORT_PALETTE_H
#define REPORT_PALETTE_H

#include "report/data/backends.h"
#include "report/draw/svg.h"

/* Its look; from now on until palette_forget() the legend names it. */
struct report_look palette_of(const char *backend);
void palette_forget(void);

/* What of a look a figure draws. */
enum palette_keys { PALETTE_NONE, PALETTE_MARKS, PALETTE_LINES, PALETTE_BOTH };

/* Of the page. */
void palette_legend(FILE *out, enum palette_keys keys);
/* Of a picture of its own, SVG_WIDTH or more wide, from y on; -> its height. Without out: only that. */
int palette_legend_svg(FILE *out, enum palette_keys keys, int width, int y);

#endif
