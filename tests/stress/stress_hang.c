// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND hang
#define KICK_BACKEND_FILE "tests/explore/refused/hang.h"
#include "stress/stress_tmpl.c"
