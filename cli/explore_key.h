/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cell's name with the hash of all sources that its verdict depends on. */
#ifndef CLI_EXPLORE_KEY_H
#define CLI_EXPLORE_KEY_H

#include "explore/cell/explore.h"

enum { EXPLORE_KEY = 512 };

/* "HASH/BACKEND/PRESET/MODEL/FORM/PARAMETERS"; false: the backend is none of the program's own. */
bool explore_key(const struct xp_cell *cell, char key[EXPLORE_KEY]);

#endif
