// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND schedules
#define KICK_BACKEND_FILE "tests/explore/refused/schedules.h"
#include "stress/stress_tmpl.c"
