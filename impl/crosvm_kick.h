/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crosvm: a message and a signal, whose handler sets immediate_exit through thread-local storage.  The thread
 * looks at messages only after KVM_RUN was interrupted; it needs no look before.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "the handler sets immediate_exit; messages are looked at after an EINTR only",
	     .origin = "crosvm, VcpuSignalHandle and run_vcpu() as of 2023",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define VMM_LOOK(vcpu) ((void)(vcpu), false)
#include "family/vmm.h"
