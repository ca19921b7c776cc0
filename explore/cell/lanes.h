/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a step's text of the source is about, for those who print it otherwise. */
#ifndef EXPLORE_LANES_H
#define EXPLORE_LANES_H

#include <stddef.h>

/* "mode" out of "WRITE_ONCE(vcpu->mode, 1)". */
void xp_lane_word(const char *say, char *name, size_t size);

#endif
