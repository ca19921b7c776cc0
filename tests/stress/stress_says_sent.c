// SPDX-License-Identifier: GPL-2.0-or-later
#define KICK_BACKEND says_sent
#define KICK_BACKEND_FILE "tests/stress/protocols/says_sent.h"
#include "stress/stress_tmpl.c"
