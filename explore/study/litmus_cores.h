/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For each counter-example of the text as written, and for each order that carries weight, the core of its
 * shortest interleaving as files for other tools.  Of a weakened one there are two: weakened, where the
 * outcome is allowed, and with the orders of the text, where it must not be.
 */
#ifndef EXPLORE_LITMUS_CORES_H
#define EXPLORE_LITMUS_CORES_H

#include "explore/cell/ask.h"

struct csv_schema;

/* A core: its name, where it is allowed or forbidden, and why it is in no file or has no form for LKMM. */
extern const struct csv_schema xp_schema_litmus;

/*
 * A row for each core, and its texts: NAME.c11.litmus, NAME.lkmm.litmus, NAME.c; at last expected.txt.  0, or
 * -errno: of the study, or the first that the sink said.
 */
int xp_run_litmus(const struct xp_ask *ask, bool pairs, struct sink *sink);

#endif
