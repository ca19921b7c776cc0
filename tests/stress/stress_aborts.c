// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND aborts
#define KICK_BACKEND_FILE "tests/explore/refused/aborts.h"
#include "stress/stress_tmpl.c"
