/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Stand-ins for what a backend leaves out.  A template includes this after the backend, which has
 * said `#define KICK_LACKS_MASK` and the like; no judge calls a stand-in, since the features tell.
 */
#ifdef KICK_LACKS_MASK
static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	(void)vm, (void)req, (void)bitmap, (void)nbits;
	return false;
}
#endif

#ifdef KICK_LACKS_WALK
static inline void kick_walk_begin(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_walk_end(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#ifdef KICK_LACKS_BLOCK
static inline void kick_block(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	return false;
}
#endif

#ifdef KICK_LACKS_RECHECK
static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	return true;
}
#endif
