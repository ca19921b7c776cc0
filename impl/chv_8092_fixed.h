/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor with pull 8092: acknowledgements are waited for without the lock that an exit may need.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "pause: waits without the lock that an exit needs",
	     .origin = "cloud-hypervisor pull 8092, April 2026",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PAUSE | KICK_F_EXIT_WORK);

#define VMM_HAS_EXIT_WORK
#define PAUSE_LOCKED 0
#include "family/pause.h"
