// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The timed loops of one backend where no IPI is due: native operations, one thread, nothing in the
 * loop but the protocol and the proof of its path (an xor and an or in registers).
 */
#include "kick_ops_native.h"
#include "kick.h"
#define MACHINE_ALONE 1
#include "machine/world.h"
#define VMM_ALONE_SENT() ((void)machine_self.sent++)
#define VMM_ALONE_LOOK() ((void)0)
#define VMM_ALONE_TURN(text) text
#define KICK_VMM_WORLD "machine/vmm_alone.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "bench/backend.h"
#include "bench/loop/template.h"

#define bench_move(to) machine_move(to)
#include "bench/loop/path_setup.h"

static bool prepare(void *vcpu, enum bench_path path, int cpu)
{
#ifdef KICK_VMM
	vmm_alone = (struct vmm_alone){ 0 };
#endif
	return path_prepare(vcpu, path, cpu);
}

static void view(void *vcpu, struct kick_view *out)
{
	kick_view(vcpu, out);
}

/*
 * Whatever the compiler thinks of a protocol's size, it is inlined into the timed loops; and though they are
 * alike, each keeps a name of its own, which a profile shows.
 */
#if defined(__has_attribute) && __has_attribute(no_icf)
#define TIMED static __attribute__((flatten, no_icf))
#else
#define TIMED static __attribute__((flatten))
#endif

TIMED uint64_t BENCH_NAME(entry_)(void *vcpu, uint64_t n)
{
	uint64_t refused = 0;

	while (n--) {
		refused |= !kick_guest_enter(vcpu);
		kick_guest_exit(vcpu);
	}
	return refused;
}

#ifdef KICK_VMM
TIMED uint64_t BENCH_NAME(handler_)(void *vcpu, uint64_t n)
{
	while (n--)
		kick_handler(vcpu);
	return 0;
}
#endif

#define ONCE(name, FORM)									\
	static enum kick_outcome once_##name(void *vcpu)					\
	{											\
		return FORM((struct kick_vcpu *)vcpu);						\
	}

/* The two loops of a form on a path; FORM(vcpu) is what is timed, GO(i) comes before it. */
#define LOOPS(name, path, FORM, GO)								\
	TIMED uint64_t BENCH_NAME(hot_##name##_##path##_)(void *vcpu, uint64_t n, enum kick_outcome outcome)\
	{											\
		uint64_t other = 0;								\
												\
		while (n--)									\
			other |= FORM((struct kick_vcpu *)vcpu) ^ outcome;			\
		return other;									\
	}											\
	TIMED uint64_t BENCH_NAME(stolen_##name##_##path##_)(const uint32_t *order, uint64_t n,	\
							     enum kick_outcome outcome)		\
	{											\
		uint64_t other = 0, last = 0;							\
												\
		for (uint64_t i = 0; i < n; i++) {						\
			uint32_t at = order[i + last];						\
												\
			GO(at);									\
			last = FORM(kick_get_vcpu(this_vm(), at)) ^ outcome;			\
			other |= last;								\
		}										\
		GO(0);										\
		return other;									\
	}

#define STAY(at) ((void)(at))
#define MOVE(at) machine_move((int)(at))
#define FORM_KICK(vcpu) kick_send(vcpu, 0)
#define FORM_REQUEST_KICK(vcpu) (kick_request(vcpu, 0), kick_send(vcpu, 0))
#define FORM_CLAIM(vcpu) kick_send(vcpu, KVM_REQUEST_NO_WAKEUP)

#define FORMS(path, GO)                                                                               \
	LOOPS(kick, path, FORM_KICK, GO)                                                              \
	LOOPS(request_kick, path, FORM_REQUEST_KICK, GO)                                              \
	LOOPS(claim, path, FORM_CLAIM, GO)

ONCE(kick, FORM_KICK)
ONCE(request_kick, FORM_REQUEST_KICK)
ONCE(claim, FORM_CLAIM)
FORMS(unloaded, STAY)
FORMS(self, MOVE)
FORMS(outside, STAY)
FORMS(exiting, STAY)

#define EACH(what, path)                                                                              \
	{ BENCH_NAME(what##_kick_##path##_), BENCH_NAME(what##_request_kick_##path##_),               \
	  BENCH_NAME(what##_claim_##path##_) }
#define PATHS(what)                                                                                   \
	{ [BENCH_UNLOADED] = EACH(what, unloaded), [BENCH_SELF] = EACH(what, self),                   \
	  [BENCH_OUTSIDE] = EACH(what, outside), [BENCH_EXITING] = EACH(what, exiting) }

const struct bench_fast BENCH_NAME(bench_fast_) = {
	.decl = &kick_decl,
	.sizes = BENCH_SIZES,
	.prepare = prepare,
	.view = view,
	.once = { once_kick, once_request_kick, once_claim },
	.hot = PATHS(hot),
	.stolen = PATHS(stolen),
	.entry = BENCH_NAME(entry_),
#ifdef KICK_VMM
	.handler = BENCH_NAME(handler_),
#endif
};
