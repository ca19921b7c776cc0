// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND xchg_claim
#define KICK_BACKEND_FILE "tests/stress/protocols/xchg_claim.h"
#include "stress/stress_tmpl.c"
