/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmm_polls_unblocked.h, but its signal is blocked until ppoll() lets it in. */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "sleeps in ppoll(), which lets its blocked signal in",
	     .origin = "QEMU, hvf_wait_for_ipi()",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define POLLS_BLOCKED 1
#include "vmm_polls_unblocked.h"
