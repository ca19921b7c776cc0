/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mode word and its promise: EXITING_GUEST_MODE says that an IPI will come, so nobody else needs to
 * send one.  The entry has its full barrier from here on.  The pCPU number is still read first, and a
 * mask still skips who has the request, even if that one's IPI is only on its way.
 */
KICK_DECLARE(.summary = "the mode word: EXITING promises an IPI; cpu is still read first",
	     .origin = "Linux 2.6.39, commit 6b7e2d099148",
	     .released = 201105, .kernel = "2.6.39",
	     .changed = "claims by the mode word, masks too; a full barrier at entry; poisons",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK,
	     .may = KICK_MAY_MISDIRECT | KICK_MAY_POISON | KICK_MAY_LOSE,
	     .races = true,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .explore = {
		     { "one-kick", KICK_M_ALL, KICK_V_POISONED },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "put-clears", KICK_M_ALL, KICK_V_POISONED },
		     { "offline", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
		     { "one-kick", KICK_M_RC11, KICK_V_LOST },
		     { "put-clears", KICK_M_RC11, KICK_V_LOST },
		     { "mask-wait", KICK_M_RC11, KICK_V_LOST },
		     { "wake", KICK_M_RC11, KICK_V_LOST | KICK_V_WAKE },
		     { "no-wakeup", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "no-wakeup", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "numbers", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "numbers", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "two-vcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "high-cpu", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "high-cpu", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "own-thread", KICK_M_RC11, KICK_V_LOST },
		     { "three-migrations", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-migrations", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "sleeps-twice", KICK_M_RC11, KICK_V_WAKE },
		     { "mask-no-wakeup", KICK_M_ALL, KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_ALL, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_ALL, KICK_V_POISONED },
		     { "mask-bare", KICK_M_ALL, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_ALL, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "claims-mask", KICK_M_RC11, KICK_V_LOST },
		     { "mask-high-cpu", KICK_M_ALL, KICK_V_POISONED },
		     { "no-wakeup-sleeper", KICK_M_RC11, KICK_V_LOST },
		     { "three-pcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "view", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "view", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
	     });

#define KVM_MB_BEFORE_WAKE() barrier() /* waitqueue_active() has none */
#define KVM_MB_BEFORE_CLAIM() barrier() /* there since 4.12 */
#define KVM_OWN_GUEST_ENTER
#include "family/kvm.h"

/* Interrupts are still on when the mode is stored: an IPI taken in between has left EXITING. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	WRITE_ONCE(vcpu->mode, IN_GUEST_MODE);
	smp_mb(); /* mode before requests; pairs with the barrier between request and mode in a kick */
	local_irq_disable();
	kick_window(KICK_W_MODE_CHECK);
	if (!kvm_exit_request(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

/* kvm_vcpu_kick(): wakes and goes on. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int me, cpu = READ_PLAIN(vcpu->cpu);
	enum kick_outcome outcome;
	bool woken;

	kick_window(KICK_W_CPU_CLAIM);
	woken = !(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu);
	me = get_cpu();
	if (kvm_can_ipi(cpu, me)) {
		outcome = kvm_exiting_guest_mode(vcpu);
		if (outcome == KICK_SENT) {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		}
	} else {
		outcome = kvm_no_ipi(cpu, me);
	}
	put_cpu();
	return woken && outcome != KICK_SENT ? KICK_WOKEN : outcome;
}

/*
 * make_all_cpus_request().  It waits and wakes here if the request says so, as since 4.12; upstream
 * always waited and never woke until then.
 */
static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();
	int i, cpu, me = get_cpu();
	bool called;

	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		if (!(req & KVM_REQUEST_NO_ACTION) &&
		    test_and_set_bit(req & KVM_REQUEST_MASK, &vcpu->requests))
			continue;
		cpu = READ_PLAIN(vcpu->cpu);
		kick_window(KICK_W_CPU_CLAIM);
		smp_mb(); /* the request before the mode; pairs with the entry's */
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		if (cpus && cpu != -1 && cpu != me && kvm_request_needs_ipi(vcpu, req))
			kick_cpumask_set(cpu, cpus);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
