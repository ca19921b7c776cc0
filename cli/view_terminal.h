/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colours, on a terminal only, and not where NO_COLOR is set: else each of these is "". */
#ifndef CLI_VIEW_TERMINAL_H
#define CLI_VIEW_TERMINAL_H

#include <stdio.h>

const char *view_bold(FILE *out);
const char *view_bad(FILE *out);
const char *view_plain(FILE *out);

#endif
