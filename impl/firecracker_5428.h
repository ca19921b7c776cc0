/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firecracker since 2025: the sender sets immediate_exit through the shared page and then signals; the
 * handler only fences.  The channel's fence between clearing immediate_exit and the next look at the channel
 * is what makes it hold: docs/worlds.md.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "the sender sets immediate_exit; a full barrier after it is cleared",
	     .origin = "firecracker pull 5428, September 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define VMM_HANDLER(vcpu) smp_rmb()
#define VMM_SEND(vcpu) ({ WRITE_ONCE((vcpu)->immediate_exit, 1); smp_wmb(); kick_signal(vcpu); true; })
#ifndef VMM_MB_AFTER_CLEAR
#define VMM_MB_AFTER_CLEAR() smp_mb()
#endif
#include "family/vmm.h"
