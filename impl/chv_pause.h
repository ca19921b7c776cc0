/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor's pause as it should be: the handler sets immediate_exit, resume waits until each vCPU has
 * left its park, and no lock is held while acknowledgements are waited for.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "pause: flag, signal, acknowledgement; resume waits; the handler sets immediate_exit",
	     .origin = "cloud-hypervisor pulls 7397 and 7428, October 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PAUSE);

#include "family/pause.h"
