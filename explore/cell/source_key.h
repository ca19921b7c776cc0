/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cell's name with the hash of all sources that its verdict depends on. */
#ifndef EXPLORE_SOURCE_KEY_H
#define EXPLORE_SOURCE_KEY_H

#include "explore/cell/explore.h"

enum { XP_KEY = 576 };

/* "HASH/BACKEND/PRESET/MODEL/FORM/PARAMETERS"; false: the backend is none of the program's own. */
bool xp_source_key(const struct xp_cell *cell, char key[XP_KEY]);

#endif
