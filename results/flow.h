/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words into lines that are no longer than their reader's. */
#ifndef RESULTS_FLOW_H
#define RESULTS_FLOW_H

#include <stdio.h>

enum { FLOW_WIDTH = 100 /* of who says nothing of it */ };

/*
 * The text from `column` on, in lines of at most `width` columns; those that follow begin at `indent`,
 * below zero after a tab.  A word that is longer than a line stands alone, whole.
 */
void flow_print(FILE *out, const char *text, int column, int width, int indent);
/* Bytes of the text that fit into `room` columns: whole words, at least one of them. */
size_t flow_fit(const char *text, int room);

#endif
