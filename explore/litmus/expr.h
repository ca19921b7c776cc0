/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLORE_LITMUS_EXPR_H
#define EXPLORE_LITMUS_EXPR_H

#include "explore/litmus/parser.h"

/* An expression; NULL after a failure. */
struct lt_expr *xp_lt_expression(struct lt_parser *p);
/* Of a call, whose name has just been read. */
struct lt_expr *xp_lt_call(struct lt_parser *p, const struct lt_token *name);

#endif
