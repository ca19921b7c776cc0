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

#if defined(KICK_VMM) && defined(KICK_LACKS_LOAD)
static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	(void)vcpu, (void)cpu;
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#if defined(KICK_VMM) && defined(KICK_LACKS_REQUESTS)
static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)vcpu, (void)nr;
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}
#endif

#if defined(KICK_VMM) && defined(KICK_LACKS_SEND)
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)vcpu, (void)flags;
	return KICK_OUTSIDE;
}
#endif

#ifndef KICK_VMM
static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#if !defined(KICK_VMM) || defined(KICK_LACKS_PAUSE)
static inline void kick_stop_all(struct kick_vm *vm)
{
	(void)vm;
}

static inline void kick_resume_all(struct kick_vm *vm)
{
	(void)vm;
}

static inline void kick_park(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#if !defined(KICK_VMM) || defined(KICK_LACKS_EXIT_WORK)
static inline void kick_exit_work(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#if !defined(KICK_VMM) || defined(KICK_LACKS_NEW_CALL)
static inline void kick_new_call(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}
#endif

#define KICK_HAS(function, result, ...)                                                            \
	_Static_assert(__builtin_types_compatible_p(__typeof__(function), result(__VA_ARGS__)),    \
		       #function "() has another type than in kick.h: " #result " (" #__VA_ARGS__ ")")
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
KICK_HAS(kick_handler, void, struct kick_vcpu *);
KICK_HAS(kick_stop_all, void, struct kick_vm *);
KICK_HAS(kick_resume_all, void, struct kick_vm *);
KICK_HAS(kick_park, void, struct kick_vcpu *);
KICK_HAS(kick_exit_work, void, struct kick_vcpu *);
KICK_HAS(kick_new_call, void, struct kick_vcpu *);
#undef KICK_HAS

/* A VMM's thread has no kernel's words, but templates have: kick_vmm.h. */
#ifdef KICK_VMM
#pragma pop_macro("kick_ipi")
#pragma pop_macro("kick_call")
#pragma pop_macro("kick_call_one")
#pragma pop_macro("local_irq_disable")
#pragma pop_macro("local_irq_enable")
#pragma pop_macro("preempt_disable")
#pragma pop_macro("preempt_enable")
#pragma pop_macro("smp_processor_id")
#pragma pop_macro("get_cpu")
#pragma pop_macro("put_cpu")
#pragma pop_macro("this_cpu")
#pragma pop_macro("kick_get_pcpu")
#pragma pop_macro("cpu_online")
#pragma pop_macro("kick_nr_cpus")
#pragma pop_macro("kick_cpumask_get")
enum { KICK_IS_VMM = 1 };
#else
enum { KICK_IS_VMM = 0 };
#endif
