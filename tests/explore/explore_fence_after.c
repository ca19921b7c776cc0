// SPDX-License-Identifier: GPL-2.0-or-later
/* A sound variant that no list names, for the known answers about explore. */
#define KICK_BACKEND fence_after
#define KICK_BACKEND_FILE "tests/explore/backend_fence_after.h"
#include "explore/world/explore_tmpl.c"
