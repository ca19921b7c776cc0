// SPDX-License-Identifier: GPL-2.0-or-later
/* What it loses rests on dependencies, of which each way has its own: test_explore_rests.c. */
#define KICK_BACKEND two_ways
#define KICK_BACKEND_FILE "tests/explore/backend_two_ways.h"
#include "explore/world/explore_tmpl.c"
