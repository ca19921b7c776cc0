// SPDX-License-Identifier: GPL-2.0-or-later
/* A sound variant that no list names, for the known answers about explore. */
#define KICK_BACKEND release_norecheck
#define KICK_BACKEND_FILE "tests/explore/backend_release_norecheck.h"
#include "explore/world/explore_tmpl.c"
