/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firecracker from 2019 to 2025: the handler finds its vCPU in thread-local storage and sets immediate_exit,
 * with a fence behind it.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "the handler sets immediate_exit, through thread-local storage",
	     .origin = "firecracker pull 1410, November 2019",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define VMM_HANDLER(vcpu) do { WRITE_ONCE((vcpu)->immediate_exit, 1); smp_mb(); } while (0)
#include "family/vmm.h"
