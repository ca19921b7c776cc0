/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor before pull 8092: the VMM holds a lock while it waits for acknowledgements, and an exit of
 * the CPU hotplug device needs it before the vCPU comes to its flag.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "pause: waits with a lock held that an exit needs",
	     .origin = "cloud-hypervisor pull 8092, April 2026",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PAUSE | KICK_F_EXIT_WORK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "pause-exit", KICK_M_ALL, KICK_V_DEADLOCK } });

#define VMM_HAS_EXIT_WORK
#define PAUSE_LOCKED 1
#include "family/pause.h"
