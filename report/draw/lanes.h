/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture of an execution. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include <stdio.h>

struct lanes;

/* An <svg> of a page that has the page's style. */
void report_draw_lanes(FILE *out, const struct lanes *lanes, const char *title);

/* The picture of an execution as an SVG file of its own.  -errno. */
int report_write_lanes(const char *path, const struct lanes *lanes, const char *title);

#endif
