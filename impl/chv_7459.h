/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor's retry: the handler stays empty, and the signal is sent again until the vCPU has
 * acknowledged.  Only a pause waits, so that there are no other requests here.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "pause: an empty handler, and a signal again until it is acknowledged",
	     .origin = "cloud-hypervisor pull 7459, November 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_PAUSE);

#define VMM_HANDLER(vcpu) barrier()
#define KICK_LACKS_REQUESTS
#define PAUSE_RETRIES 1
#include "family/pause.h"
