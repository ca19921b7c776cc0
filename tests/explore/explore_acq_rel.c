// SPDX-License-Identifier: GPL-2.0-or-later
/* Another variant that no list names: what is left of it when the waker's barrier is gone, too. */
#define KICK_BACKEND acq_rel
#define KICK_BACKEND_FILE "tests/explore/backend_acq_rel.h"
#include "explore/world/explore_tmpl.c"
