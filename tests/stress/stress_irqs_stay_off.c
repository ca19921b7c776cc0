// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND irqs_stay_off
#define KICK_BACKEND_FILE "tests/stress/protocols/irqs_stay_off.h"
#include "stress/stress_tmpl.c"
