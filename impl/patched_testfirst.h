/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but it looks at the mode before it claims (test and test-and-set): a vCPU that is outside
 * guest mode, or claimed already, costs a load where the patch pays a failed cmpxchg.
 *
 * The failed cmpxchg was a full barrier on x86, the load is none.  What has to be ordered before the look
 * is the request; kick_wake() does that on its way, and a kick that may not wake needs a barrier of its
 * own.  smp_mb__before_atomic() would not do: there is no atomic behind it.
 */
KICK_DECLARE(.summary = "patched, with a look at the mode before the claim",
	     .origin = "ours; no kernel has it",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { KICK_FREES_AHEAD(0) });

/* Whoever comes here has had a full barrier since the request. */
#define KVM_MB_BEFORE_CLAIM() barrier()
/* Any other mode is the outcome: the claim's full order is needed only where it succeeds. */
#define KVM_CLAIM(vcpu)                                                                            \
	({                                                                                         \
		int mode_ = READ_ONCE((vcpu)->mode);                                               \
		if (mode_ == IN_GUEST_MODE)                                                        \
			mode_ = cmpxchg(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);         \
		mode_;                                                                             \
	})
#include "family/kvm.h"

/* The request before the look at who sleeps and at the mode; pairs with the barrier before the check. */
static inline bool wake_or_order(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (!(flags & KVM_REQUEST_NO_WAKEUP))
		return kick_wake(vcpu);
	smp_mb();
	return false;
}

/* kvm_vcpu_kick() */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu;

	if (wake_or_order(vcpu, flags))
		return KICK_WOKEN;

	me = get_cpu();
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		/* Not before the claim, whose full order it needs: then it is of this stint. */
		kick_window(KICK_W_CPU_CLAIM);
		cpu = READ_ONCE(vcpu->cpu);
		if (kvm_can_ipi(cpu, me)) {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		} else {
			outcome = kvm_no_ipi(cpu, me);
		}
	}
	put_cpu();
	return outcome;
}

/* kvm_make_vcpus_request_mask() */
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
		kvm_make_request(vcpu, req);
		if (wake_or_order(vcpu, req))
			continue;
		if (cpus && kvm_request_needs_ipi(vcpu, req)) {
			kick_window(KICK_W_CPU_CLAIM);
			cpu = READ_ONCE(vcpu->cpu);
			if (cpu != -1 && cpu != me)
				kick_cpumask_set(cpu, cpus);
		}
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
