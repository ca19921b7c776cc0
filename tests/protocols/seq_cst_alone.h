/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sound: no barriers, but all that matters is sequentially consistent, as in Rust.  That includes
 * dirty-log: a kicker that begins while the vCPU is in guest mode comes behind the exchange that
 * said so.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK

KICK_DECLARE(.summary = "SeqCst and nothing else", .origin = "test", .features = KICK_F_REQUESTS);

#define kick_decl parent_decl
#define kick_request parent_request
#define kick_guest_enter parent_enter
#define kick_send parent_send
#include "tests/protocols/try_or_leave.h"
#undef kick_decl
#undef kick_request
#undef kick_guest_enter
#undef kick_send

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or_seq_cst(&vcpu->requests, 1UL << nr);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	(void)parent_request;
	(void)parent_enter;
	(void)parent_send;
	preempt_disable();
	local_irq_disable();
	(void)xchg_seq_cst(&vcpu->mode, IN_GUEST_MODE);
	if (!smp_load_seq_cst(&vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	(void)flags;
	if (smp_load_seq_cst(&vcpu->mode) == IN_GUEST_MODE) {
		cpu = READ_ONCE(vcpu->cpu);
		if (kvm_can_ipi(cpu, me)) {
			kick_ipi(cpu);
			outcome = KICK_SENT;
		}
	}
	put_cpu();
	return outcome;
}
