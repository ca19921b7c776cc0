// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND mask_skips
#define KICK_BACKEND_FILE "tests/stress/protocols/mask_skips.h"
#include "stress/stress_tmpl.c"
