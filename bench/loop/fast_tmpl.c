// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The timed loops of one backend where no IPI is due: native operations, one thread, nothing in the
 * loop but the protocol and the proof of its path (an xor and an or in registers).
 */
#include "kick_ops_native.h"
#include "kick.h"
#define MACHINE_ALONE 1
#include "machine/world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "bench/backend.h"
#include "bench/loop/template.h"

#define bench_move(to) machine_move(to)
#include "bench/loop/path_setup.h"

static bool prepare(void *vcpu, enum bench_path path, int cpu)
{
	return path_prepare(vcpu, path, cpu);
}

static void view(void *vcpu, struct kick_view *out)
{
	kick_view(vcpu, out);
}

/* Whatever the compiler thinks of a protocol's size, it is inlined into the timed loops. */
#define TIMED static __attribute__((flatten))

TIMED uint64_t entry(void *vcpu, uint64_t n)
{
	uint64_t refused = 0;

	while (n--) {
		refused |= !kick_guest_enter(vcpu);
		kick_guest_exit(vcpu);
	}
	return refused;
}

/* The same four functions for each form; FORM(vcpu) is what is timed. */
#define LOOPS(name, FORM)                                                                          \
	static enum kick_outcome once_##name(void *vcpu)                                           \
	{                                                                                          \
		return FORM((struct kick_vcpu *)vcpu);                                             \
	}                                                                                          \
	TIMED uint64_t hot_##name(void *vcpu, uint64_t n, enum kick_outcome outcome)               \
	{                                                                                          \
		uint64_t other = 0;                                                                \
	                                                                                           \
		while (n--)                                                                        \
			other |= FORM((struct kick_vcpu *)vcpu) ^ outcome;                         \
		return other;                                                                      \
	}                                                                                          \
	TIMED uint64_t stolen_##name(const uint32_t *order, uint64_t n, enum kick_outcome outcome) \
	{                                                                                          \
		uint64_t other = 0, last = 0;                                                      \
	                                                                                           \
		for (uint64_t i = 0; i < n; i++) {                                                 \
			last = FORM(kick_get_vcpu(this_vm(), order[i + last])) ^ outcome;          \
			other |= last;                                                             \
		}                                                                                  \
		return other;                                                                      \
	}                                                                                          \
	TIMED uint64_t stolen_self_##name(const uint32_t *order, uint64_t n,                       \
					  enum kick_outcome outcome)                               \
	{                                                                                          \
		uint64_t other = 0, last = 0;                                                      \
	                                                                                           \
		for (uint64_t i = 0; i < n; i++) {                                                 \
			uint32_t at = order[i + last];                                             \
	                                                                                           \
			machine_move((int)at);                                                     \
			last = FORM(kick_get_vcpu(this_vm(), at)) ^ outcome;                       \
			other |= last;                                                             \
		}                                                                                  \
		machine_move(0);                                                                   \
		return other;                                                                      \
	}

#define FORM_KICK(vcpu) kick_send(vcpu, 0)
#define FORM_REQUEST_KICK(vcpu) (kick_request(vcpu, 0), kick_send(vcpu, 0))
#define FORM_CLAIM(vcpu) kick_send(vcpu, KVM_REQUEST_NO_WAKEUP)

LOOPS(kick, FORM_KICK)
LOOPS(request_kick, FORM_REQUEST_KICK)
LOOPS(claim, FORM_CLAIM)

const struct bench_fast BENCH_NAME(bench_fast_) = {
	.decl = &kick_decl,
	.sizes = BENCH_SIZES,
	.prepare = prepare,
	.view = view,
	.once = { once_kick, once_request_kick, once_claim },
	.hot = { hot_kick, hot_request_kick, hot_claim },
	.stolen = { stolen_kick, stolen_request_kick, stolen_claim },
	.stolen_self = { stolen_self_kick, stolen_self_request_kick, stolen_self_claim },
	.entry = entry,
};
