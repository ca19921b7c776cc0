/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU with KVM: a kick that finds thread_kicked set sends nothing, since a signal is on its way.  The thread
 * takes thread_kicked back before it looks for work, with a full barrier between the two; the handler sets
 * immediate_exit.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "thread_kicked coalesces; taken back before work is looked at",
	     .origin = "QEMU, qemu_cpu_kick() and qemu_wait_io_event() as of 2025", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

#define VMM_SEND(vcpu) qemu_kick_thread(vcpu)
#ifndef QEMU_TAKES_LATE
#define QEMU_TAKES_LATE 0
#endif
#define VMM_LOOK(vcpu) qemu_look(vcpu)
static inline bool qemu_kick_thread(struct kick_vcpu *vcpu);
static inline bool qemu_look(struct kick_vcpu *vcpu);
#include "family/vmm.h"

static inline bool qemu_kick_thread(struct kick_vcpu *vcpu)
{
	smp_mb(); /* the work before thread_kicked; pairs with smp_mb() in qemu_look() */
	if (READ_ONCE(vcpu->kicked))
		return false;
	WRITE_ONCE(vcpu->kicked, 1);
	kick_signal(vcpu);
	return true;
}

static inline bool qemu_look(struct kick_vcpu *vcpu)
{
	bool work = QEMU_TAKES_LATE && READ_ONCE(vcpu->requests);

	kick_window(KICK_W_LOOK_RUN);
	WRITE_ONCE(vcpu->kicked, 0);
	smp_mb(); /* thread_kicked before the work; pairs with smp_mb() in qemu_kick_thread() */
	return QEMU_TAKES_LATE ? work : READ_ONCE(vcpu->requests) != 0;
}
