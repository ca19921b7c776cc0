/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLORE_LITMUS_STATEMENT_H
#define EXPLORE_LITMUS_STATEMENT_H

#include "explore/litmus/parser.h"

/* The words of a type, if any; not its stars. */
bool xp_lt_accept_type(struct lt_parser *p);
/* What a thread does, from "{" to "}". */
void xp_lt_body(struct lt_parser *p, struct lt_thread *thread);

#endif
