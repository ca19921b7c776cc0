// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND no_action
#define KICK_BACKEND_FILE "tests/stress/protocols/no_action.h"
#include "stress/stress_tmpl.c"
