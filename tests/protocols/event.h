/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vCPU that has halted says so, looks for work, and waits for an event, which stays until it is waited
 * for: a kick that finds it said posts the event.  VirtualBox's EMTs and their semaphores do.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_RECHECK

#ifndef EVENT_LATE
#define EVENT_LATE 0
KICK_DECLARE(.summary = "halts until an event, which stays", .origin = "VirtualBox, vmR3HaltGlobal1Halt()",
	     .features = KICK_F_REQUESTS | KICK_F_BLOCK);
#endif

struct kick_vcpu {
	kick_int cpu;	     /* -1: not loaded; vCPU thread writes */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	kick_int waits;	     /* it has halted */
	kick_int event;	     /* kickers set; vCPU thread clears */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	smp_store_mb(vcpu->cpu, cpu); /* before requests; pairs with fetch_or() in kick_request() */
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or(&vcpu->requests, KICK_BIT(nr));
	kick_window(KICK_W_REQUEST_MODE);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	kick_window(KICK_W_MODE_CHECK);
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

/* A full barrier, each; they pair with smp_store_mb() and the look in kick_wake(). */
static inline void kick_block(struct kick_vcpu *vcpu)
{
	if (EVENT_LATE && READ_ONCE(vcpu->requests))
		return;
	kick_window(KICK_W_CHECK_SLEEP);
	smp_store_mb(vcpu->waits, 1);
	while ((EVENT_LATE || !READ_ONCE(vcpu->requests)) && !signal_pending()) {
		kick_wait(&vcpu->event, 0);
		(void)xchg(&vcpu->event, 0);
		if (EVENT_LATE)
			break;
	}
	WRITE_ONCE(vcpu->waits, 0);
}

static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	smp_mb(); /* the request before waits; pairs with smp_store_mb() in kick_block() */
	if (!READ_ONCE(vcpu->waits) || xchg(&vcpu->event, 1))
		return false;
	kick_post(&vcpu->event);
	return true;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;
	me = get_cpu();
	cpu = READ_ONCE(vcpu->cpu);
	if (cpu == me)
		outcome = KICK_SELF;
	else if (cpu >= 0)
		outcome = KICK_SENT;
	if (outcome == KICK_SENT)
		kick_ipi(cpu);
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
