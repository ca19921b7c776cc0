/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLORE_LITMUS_CONDITION_H
#define EXPLORE_LITMUS_CONDITION_H

#include "explore/litmus/parser.h"

/* All that follows the threads. */
void xp_lt_ending(struct lt_parser *p);

#endif
