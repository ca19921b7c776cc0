/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines as a shell reads them. */
#ifndef RESULTS_COMMAND_H
#define RESULTS_COMMAND_H

#include <stdio.h>

/* One word, in quotes where it needs them. */
void command_word(const char *word, FILE *out);

#endif
