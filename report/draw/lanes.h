/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A counter-example's lanes, drawn from the text that explore leaves beside its verdicts. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include <stdio.h>

/* The text of example-*.txt; NULL: none that can be read. To be freed. */
char *lanes_read(const char *dir, const char *backend, const char *scenario, const char *model);

/* -EBADMSG: not such a text; then nothing was written. */
int lanes_draw(FILE *out, const char *text, const char *title);

#endif
