// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND mask_says_no
#define KICK_BACKEND_FILE "tests/stress/protocols/mask_says_no.h"
#include "stress/stress_tmpl.c"
