// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND crash
#define KICK_BACKEND_FILE "tests/explore/refused/crash.h"
#include "stress/stress_tmpl.c"
