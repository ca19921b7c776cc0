// SPDX-License-Identifier: GPL-2.0-or-later
/* What never comes to an end, for how long a search looks at it. */
#define KICK_BACKEND takes_nothing
#define KICK_BACKEND_FILE "tests/explore/backend_takes_nothing.h"
#include "explore/world/explore_tmpl.c"
