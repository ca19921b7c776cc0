// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND mask_idle
#define KICK_BACKEND_FILE "tests/stress/protocols/mask_idle.h"
#include "stress/stress_tmpl.c"
