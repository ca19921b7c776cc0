/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Stand-ins for what a backend may leave out, included by a judge's template after the backend, so
 * that the template compiles for all of them.  A backend that leaves something out says so by
 * defining KICK_NO_MASK, KICK_NO_WALK, KICK_NO_BLOCK or KICK_NO_RECHECK; the features that it
 * declares say the same to those who ask at run time, and no judge ever calls a stand-in.
 */
#ifndef KICK_STUBS_H
#define KICK_STUBS_H

#ifdef KICK_NO_MASK
static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	(void)vm, (void)req, (void)bitmap, (void)nbits;
	__builtin_trap();
}
#endif

#ifdef KICK_NO_WALK
static inline void kick_walk_begin(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	__builtin_trap();
}

static inline void kick_walk_end(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	__builtin_trap();
}
#endif

#ifdef KICK_NO_BLOCK
static inline void kick_block(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	__builtin_trap();
}

static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	__builtin_trap();
}
#endif

#ifdef KICK_NO_RECHECK
static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	__builtin_trap();
}
#endif

#endif
