/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of options as text: for people, for their manual pages, for their shell. */
#ifndef CLI_OPT_DOC_H
#define CLI_OPT_DOC_H

#include <stdio.h>

#include "cli/opt.h"

enum { OPT_COLUMNS = 80 };

/* What help calls the value: "LIST", "full|core"; "" of a flag. */
const char *opt_value_name(const struct opt *option);
/* What `VERB --help` prints, in OPT_COLUMNS columns. */
void opt_print_help(FILE *out, const struct opt_table *table);
/* The section OPTIONS of a manual page, as scdoc reads it. */
void opt_print_manual(FILE *out, const struct opt_table *table);
/* The words that may stand for an option, one a line; FILE and DIR stand for themselves. */
void opt_print_words(FILE *out, const struct opt *option);
/*
 * A line per option: verb, name, kind, value's name ("=" before it: optional), preset, least, most,
 * names; by tabs.
 */
void opt_print_table(FILE *out, const struct opt_table *table);

#endif
