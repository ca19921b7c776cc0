/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM before 2.6.39, what kvm_2007, kvm_2009 and kvm_2010 share: requests without a barrier before the
 * look at who sleeps, and the mask form, which looks at no mode.  How guest mode is flagged changed
 * twice, so that each backend enters, leaves and kicks in its own text.
 *
 * A mask waits and wakes here if the request says so, as since 4.12; upstream always waited and
 * never woke until then.
 */

/* waitqueue_active() has no barrier; the one that is needed is in the locked set_bit() or nowhere. */
#define KVM_MB_BEFORE_WAKE() barrier()

/* cpu, the flag and requests share a line. */
struct kick_vcpu {
	kick_int cpu;	     /* vCPU thread writes; kickers read */
	kick_int guest_mode; /* the flag of 2007 and 2010; vCPU thread writes, kickers of 2010 clear */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	kick_ptr wait __attribute__((aligned(64))); /* vCPU thread writes; kickers read */
	struct kick_task task;
	kick_int entered; /* vCPU thread writes; for kick_view() alone */
};
struct kick_pcpu {};
struct kick_vm {};
struct kick_kicker {};

#include "request.h"
#include "many_cpus.h"
#include "target.h"

/* E1 */
static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	WRITE_ONCE(vcpu->cpu, cpu);
	kick_window(KICK_W_LOAD_ENTER);
}

/* E13 */
static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		WRITE_ONCE(vcpu->cpu, -1);
}

/* kvm_flush_remote_tlbs(), make_all_cpus_request(): who has the request already is skipped. */
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
		kick_window(KICK_W_REQUEST_MODE);
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		cpu = READ_PLAIN(vcpu->cpu);
		if (cpus && cpu != -1 && cpu != me)
			kick_cpumask_set(cpu, cpus);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
