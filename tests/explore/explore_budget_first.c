// SPDX-License-Identifier: GPL-2.0-or-later
/* The one that breaks the rules, by a name that sounds like a reason to stop. */
#define KICK_BACKEND budget_first
#define KICK_BACKEND_FILE "tests/explore/backend_nondeterministic.h"
#include "explore/world/explore_tmpl.c"
