/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shortest protocol: one vCPU, one kick, no wake-ups.  old_plain.h and relaxed_cpu_plain.h are old
 * and busted_relaxed_cpu in it, with a cpu that no model can see; with PLAIN_CPU 0 all models see it.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK

KICK_DECLARE(.summary = "for the tests of explore", .origin = "tests",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS);

#ifndef PLAIN_BITS
#define PLAIN_BITS
#endif
#if PLAIN_CPU
#define CPU int
#define GET_CPU(vcpu) (vcpu)->cpu
#define SET_CPU(vcpu, to) ((vcpu)->cpu = (to))
#else
#define CPU kick_int
#define GET_CPU(vcpu) READ_ONCE((vcpu)->cpu)
#define SET_CPU(vcpu, to) WRITE_ONCE((vcpu)->cpu, to)
#endif

struct kick_vcpu {
	kick_int mode;
	CPU cpu PLAIN_BITS;
	kick_ulong requests;
	struct kick_task task;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	SET_CPU(vcpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	SET_CPU(vcpu, cpu);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	set_bit(nr, &vcpu->requests);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long taken = READ_ONCE(vcpu->requests);

	return taken ? fetch_and(&vcpu->requests, ~taken) & taken : 0;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->requests);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	local_irq_disable();
	PLAIN_PUBLISH(vcpu);
	smp_mb(); /* mode before requests; pairs with that of kick_send() */
	if (kick_guest_recheck(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int cpu = PLAIN_CPU_FIRST ? GET_CPU(vcpu) : 0;

	(void)flags;
	smp_mb(); /* the request before the mode; pairs with that of kick_guest_enter() */
	outcome = (enum kick_outcome)cmpxchg(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
	if (outcome != KICK_SENT)
		return outcome;
	if (!PLAIN_CPU_FIRST)
		cpu = GET_CPU(vcpu);
	if (cpu == smp_processor_id())
		return KICK_SELF;
	kick_ipi(cpu);
	return KICK_SENT;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = kick_peek(vcpu->mode) == EXITING_GUEST_MODE;
	view->requests = kick_peek(vcpu->requests);
}
