// SPDX-License-Identifier: GPL-2.0-or-later
/* A sound protocol with a spin lock of its own, for the tests of the fallback. */
#define KICK_BACKEND cas_lock
#define KICK_BACKEND_FILE "tests/explore/backend_cas_lock.h"
#include "explore/world/explore_tmpl.c"
