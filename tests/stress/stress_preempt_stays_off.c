// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND preempt_stays_off
#define KICK_BACKEND_FILE "tests/stress/protocols/preempt_stays_off.h"
#include "stress/stress_tmpl.c"
