/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chv_7455 with a handler that sets immediate_exit, too: then what the lock says does not matter.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "chv_7455, and the handler sets immediate_exit, too",
	     .origin = "what cloud-hypervisor pull 7455 lacks", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define VMM_HANDLER(vcpu) WRITE_ONCE((vcpu)->immediate_exit, 1)
#define kick_decl parent_decl
#include "chv_7455.h"
#undef kick_decl
