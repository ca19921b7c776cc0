/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of a recorded execution, for the text, the JSON and the picture. */
#ifndef EXPLORE_LANES_H
#define EXPLORE_LANES_H

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"

int xp_lane_rows(const struct xp_record *rows[XP_TRACE], bool all);
int xp_lane_column(int fiber);
int xp_lane_fiber(const struct xp_record *r);
/* "mode" out of "WRITE_ONCE(vcpu->mode, 1)". */
void xp_lane_word(const char *say, char *name, size_t size);
void xp_lane_say(const struct xp_record *r, char *text, size_t size);
void xp_lane_where(const struct xp_record *r, char *text, size_t size);
const char *xp_lane_effect(const struct xp_record *r);
const char *xp_lane_order(const struct xp_record *r);
void xp_lane_end(const struct xp_cell *cell, char *text, size_t size);

#endif
