// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND leaves
#define KICK_BACKEND_FILE "tests/explore/refused/leaves.h"
#include "stress/stress_tmpl.c"
