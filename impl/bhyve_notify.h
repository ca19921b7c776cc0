/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bhyve: a spin lock covers the vCPU's state and its pCPU, a notification tests and interrupts inside it,
 * and what is pending is looked at with interrupts off: whoever comes later has an IPI that waits for the
 * guest.
 */
KICK_DECLARE(.summary = "a lock around state and pCPU; what is pending is injected with interrupts off",
	     .origin = "FreeBSD's vcpu_notify_event() since the restructured VMX entry",
	     .world = "bhyve", .features = KICK_F_REQUESTS | KICK_F_BLOCK);

struct kick_no_node {};
#define LOCK_TYPE struct kick_fas
#define LOCK_NODE struct kick_no_node
#define LOCK(l, node) kick_fas_lock(l)
#define UNLOCK(l, node) kick_fas_unlock(l)

#include "family/locked.h"
