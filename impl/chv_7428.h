/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handler sets immediate_exit, which is cleared when KVM_RUN has returned and before the flag is looked
 * at again.  The thread clears what its own handler sets, so that no barrier is needed between the two.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "the handler sets immediate_exit; cleared before the next look",
	     .origin = "cloud-hypervisor pull 7428, October 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#include "family/vmm.h"
