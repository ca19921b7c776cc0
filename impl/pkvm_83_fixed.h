/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pKVM on Intel: an INIT IPI has no handler that could say that it has run, so that a kicker has a bit in a
 * word of acknowledgements, which the vCPU clears when it has left guest mode.  The bit is set before the
 * mode is looked at: the exit of a stint that was seen clears it.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

KICK_DECLARE(.summary = "claim, INIT IPI, and a bit that the exit clears; set before the claim",
	     .origin = "pKVM-IA issue 83, March 2026", .world = "pkvm",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_KICK_WAIT);

/* The bit is set: 0 after the claim, 1 before it.  Or nobody waits. */
#ifndef PKVM_EARLY_BIT
#define PKVM_EARLY_BIT 1
#endif
#ifndef PKVM_WAITS
#define PKVM_WAITS 1
#endif

struct kick_vcpu {
	kick_int cpu;	     /* vCPU thread writes; kickers read */
	kick_int mode;	     /* vCPU thread writes; kickers claim */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	kick_ulong unseen;   /* kickers set their bit; vCPU thread clears all at an exit */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

#include "family/pending.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	WRITE_ONCE(vcpu->cpu, cpu);
	kick_window(KICK_W_LOAD_ENTER);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	kick_window(KICK_W_EXIT);
	(void)xchg(&vcpu->unseen, 0); /* after the mode; pairs with set_bit() and the claim */
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	smp_store_release(&vcpu->mode, IN_GUEST_MODE); /* after cpu; pairs with the claim */
	kick_window(KICK_W_MODE_CHECK);
	smp_mb(); /* mode before requests; pairs with smp_mb() in kick_send() */
	if (READ_ONCE(vcpu->mode) != EXITING_GUEST_MODE && !READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	bool waits = flags & KVM_REQUEST_WAIT && PKVM_WAITS;
	enum kick_outcome outcome;
	int cpu, me = get_cpu(), bit = me % KICK_BITS_PER_LONG;

	if (waits && PKVM_EARLY_BIT)
		set_bit(bit, &vcpu->unseen);
	smp_mb(); /* the request and the bit before the mode; pairs with the barriers of enter and exit */
	kick_window(KICK_W_BEFORE_CLAIM);
	outcome = (enum kick_outcome)cmpxchg(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
	if (outcome == KICK_OUTSIDE) {
		if (waits && PKVM_EARLY_BIT)
			clear_bit(bit, &vcpu->unseen);
		put_cpu();
		return outcome;
	}
	if (waits && !PKVM_EARLY_BIT)
		set_bit(bit, &vcpu->unseen);
	cpu = READ_ONCE(vcpu->cpu);
	if (outcome == KICK_SENT && cpu >= 0 && cpu != me) {
		kick_window(KICK_W_CLAIM_IPI);
		kick_ipi(cpu);
	} else if (outcome == KICK_SENT) {
		outcome = cpu < 0 ? KICK_OUTSIDE : KICK_SELF;
	}
	while (waits && outcome != KICK_SELF && test_bit(bit, &vcpu->unseen))
		kick_pause();
	smp_rmb(); /* the bit before what the caller does next; pairs with xchg() in kick_guest_exit() */
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = kick_peek(vcpu->mode) == EXITING_GUEST_MODE;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
