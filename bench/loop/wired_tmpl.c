// SPDX-License-Identifier: GPL-2.0-or-later
/* live_tmpl.c with real interrupts: transports signal and membarrier. */
#define MACHINE_WIRED 1
#include "bench/loop/live_tmpl.c"
