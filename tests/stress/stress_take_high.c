// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND take_high
#define KICK_BACKEND_FILE "tests/stress/protocols/take_high.h"
#include "stress/stress_tmpl.c"
