/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched behind a look that is repeated, as a reader of a seqcount does: up to four times, until mode and
 * cpu are twice the same.  Who is seen outside guest mode, or claimed, needs no claim.  Sound, and of many
 * executions: each turn may read what the one before it read.
 */
#define kick_send claim_and_send
#include "impl/patched.h"
#undef kick_send

static inline bool look(struct kick_vcpu *vcpu, int *mode)
{
	int turn, cpu;

	for (turn = 0; turn < 4; turn++) {
		*mode = READ_ONCE(vcpu->mode);
		cpu = READ_ONCE(vcpu->cpu);
		smp_rmb(); /* the first look before the second; pairs with the release at E5 */
		if (READ_ONCE(vcpu->cpu) == cpu && READ_ONCE(vcpu->mode) == *mode)
			return true;
	}
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int mode;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;
	/* The request before the look; pairs with the barrier of E6. */
	smp_mb();
	if (look(vcpu, &mode) && mode != IN_GUEST_MODE)
		return (enum kick_outcome)mode;
	return claim_and_send(vcpu, flags | KVM_REQUEST_NO_WAKEUP);
}
