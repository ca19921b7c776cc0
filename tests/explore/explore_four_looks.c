// SPDX-License-Identifier: GPL-2.0-or-later
/* A sound protocol that reads again, for the tests of the fallback. */
#define KICK_BACKEND four_looks
#define KICK_BACKEND_FILE "tests/explore/backend_four_looks.h"
#include "explore/world/explore_tmpl.c"
