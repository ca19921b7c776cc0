/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mode and pCPU in one word: a claim says on which pCPU the stint is that it claims, so the target
 * of the IPI can never be another one's.
 */
#define KICK_LACKS_WALK

KICK_DECLARE(.summary = "mode and pCPU in one word: the claim itself names the target",
	     .origin = "after axvm's VcpuRunState (tgoskits)",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_SELF);

/* state: 0 outside guest mode; else (cpu + 1) << 1, and bit 0 when the stint is claimed. */
#define PACKED_EXITING 1
#define PACKED_IN_GUEST(cpu) (((cpu) + 1) << 1)
#define PACKED_CPU(state) (((state) >> 1) - 1)

struct kick_vcpu {
	kick_int state;	     /* vCPU thread writes; kickers claim */
	int cpu;	     /* vCPU thread only, so it may be plain: docs/backends.md */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	kick_ptr wait __attribute__((aligned(64))); /* vCPU thread writes; kickers read */
	struct kick_task task;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

#include "family/request.h"
#include "family/many_cpus.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	vcpu->cpu = cpu;
	kick_window(KICK_W_LOAD_ENTER);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

static inline bool packed_exit_request(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->state) & PACKED_EXITING || READ_ONCE(vcpu->requests);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->state, 0);
	smp_wmb(); /* state before what the host does next; pairs with the kickers' full barrier */
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	smp_store_release(&vcpu->state, PACKED_IN_GUEST(vcpu->cpu));
	kick_window(KICK_W_MODE_CHECK);
	smp_mb(); /* state before requests; pairs with smp_mb() before packed_claim() */
	if (!packed_exit_request(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !packed_exit_request(vcpu);
}

/* Claim the stint; *cpu is its pCPU.  A failed cmpxchg means that the vCPU moved on or was claimed. */
static inline enum kick_outcome packed_claim(struct kick_vcpu *vcpu, int *cpu)
{
	int found, state;

	kick_window(KICK_W_BEFORE_CLAIM);
	state = READ_ONCE(vcpu->state);
	for (;;) {
		*cpu = PACKED_CPU(state);
		if (!state)
			return KICK_OUTSIDE;
		if (state & PACKED_EXITING)
			return KICK_CLAIMED;
		found = cmpxchg(&vcpu->state, state, state | PACKED_EXITING);
		if (found == state)
			return KICK_SENT;
		state = found;
		kick_pause();
	}
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int cpu, me;

	if (flags & KVM_REQUEST_NO_WAKEUP)
		smp_mb(); /* the request before the state; kick_wake() has this barrier too */
	else if (kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	outcome = packed_claim(vcpu, &cpu);
	if (outcome == KICK_SENT) {
		kick_window(KICK_W_CPU_CLAIM);
		if (cpu == me) {
			outcome = KICK_SELF;
		} else if (!cpu_online(cpu)) {
			outcome = KICK_OFFLINE;
		} else {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		}
	}
	put_cpu();
	return outcome;
}

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();
	int i, cpu, me = get_cpu();
	bool called;

	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);
		enum kick_outcome outcome;

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		kvm_make_request(vcpu, req);
		if (req & KVM_REQUEST_NO_WAKEUP)
			smp_mb();
		else if (kick_wake(vcpu))
			continue;
		outcome = packed_claim(vcpu, &cpu);
		if (!cpus || cpu == me || outcome == KICK_OUTSIDE)
			continue;
		if (outcome == KICK_SENT || (req & KVM_REQUEST_WAIT))
			kick_cpumask_set(cpu, cpus);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	int state = kick_peek(vcpu->state);

	view->claimed = state & PACKED_EXITING;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = PACKED_CPU(state & ~PACKED_EXITING);
}
