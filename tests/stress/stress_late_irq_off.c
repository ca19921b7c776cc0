// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND late_irq_off
#define KICK_BACKEND_FILE "tests/stress/protocols/late_irq_off.h"
#include "stress/stress_tmpl.c"
