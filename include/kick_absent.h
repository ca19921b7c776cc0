/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Stand-ins for what a backend leaves out.  A template includes this after the backend, which has
 * said `#define KICK_LACKS_MASK` and the like; no judge calls a stand-in, since the features tell.
 *
 * And the check that nothing else is missing: what is, or has another type, is named by the compiler.
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

#define KICK_HAS(function, result, ...)                                                            \
	_Static_assert(__builtin_types_compatible_p(__typeof__(function), result(__VA_ARGS__)),    \
		       #function "() has another type than in kick.h")
KICK_HAS(kick_vcpu_init, void, struct kick_vcpu *);
KICK_HAS(kick_vcpu_load, void, struct kick_vcpu *, int);
KICK_HAS(kick_vcpu_put, void, struct kick_vcpu *);
KICK_HAS(kick_take, unsigned long, struct kick_vcpu *);
KICK_HAS(kick_guest_enter, bool, struct kick_vcpu *);
KICK_HAS(kick_guest_recheck, bool, struct kick_vcpu *);
KICK_HAS(kick_guest_exit, void, struct kick_vcpu *);
KICK_HAS(kick_request, void, struct kick_vcpu *, unsigned int);
KICK_HAS(kick_send, enum kick_outcome, struct kick_vcpu *, unsigned int);
KICK_HAS(kick_mask, bool, struct kick_vm *, unsigned int, const unsigned long *, unsigned int);
KICK_HAS(kick_walk_begin, void, struct kick_vcpu *);
KICK_HAS(kick_walk_end, void, struct kick_vcpu *);
KICK_HAS(kick_block, void, struct kick_vcpu *);
KICK_HAS(kick_wake, bool, struct kick_vcpu *);
KICK_HAS(kick_view, void, struct kick_vcpu *, struct kick_view *);
#undef KICK_HAS
