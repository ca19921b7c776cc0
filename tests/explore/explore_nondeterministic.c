// SPDX-License-Identifier: GPL-2.0-or-later
/* A backend that no list names, for the tests of explore: one that breaks the rules. */
#define KICK_BACKEND nondeterministic
#define KICK_BACKEND_FILE "tests/explore/backend_nondeterministic.h"
#include "explore/world/explore_tmpl.c"
