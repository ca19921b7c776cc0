/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mask form of KVM since 5.16: a bitmap is walked by its set bits, all vCPUs without one, and the
 * cpumask is the pCPU's own, allocated long before, so that it is never missing.
 *
 * Not to be entered twice on one pCPU, which has one such mask: never from an interrupt.
 */

/* The first bit at or after nr that is set, or nbits.  Reads no word that holds none of the nbits. */
static inline unsigned int kvm_next_bit(const unsigned long *bitmap, unsigned int nbits, unsigned int nr)
{
	while (nr < nbits) {
		unsigned long word = bitmap[nr / KICK_BITS_PER_LONG] >> (nr % KICK_BITS_PER_LONG);

		if (word) {
			nr += __builtin_ctzl(word);
			return nr < nbits ? nr : nbits;
		}
		nr += KICK_BITS_PER_LONG - nr % KICK_BITS_PER_LONG;
	}
	return nbits;
}

static inline void kvm_cpumask_clear(struct kick_cpumask *cpus)
{
	int i, n = (kick_nr_cpus() + KICK_BITS_PER_LONG - 1) / KICK_BITS_PER_LONG;

	for (i = 0; i < n; i++)
		cpus->bits[i] = 0;
}

/* kvm_make_vcpu_request() */
static inline void kvm_make_vcpu_request(struct kick_vcpu *vcpu, unsigned int req,
					 struct kick_cpumask *cpus, int me)
{
	int cpu;

	kvm_make_request(vcpu, req);
	if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return;
	if (kvm_request_needs_ipi(vcpu, req)) {
		/* Not before the claim, whose full order it needs: then it is of this stint. */
		kick_window(KICK_W_CPU_CLAIM);
		cpu = READ_ONCE(vcpu->cpu);
		if (cpu != -1 && cpu != me)
			kick_cpumask_set(cpu, cpus);
	}
}

/* kvm_make_vcpus_request_mask(); without a bitmap: kvm_make_all_cpus_request() */
static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned int i, n = kick_nr_vcpus(vm);
	int me = get_cpu();
	struct kick_cpumask *cpus = &this_cpu()->kick_mask;
	bool called;

	kvm_cpumask_clear(cpus);
	if (bitmap) {
		if (nbits < n)
			n = nbits;
		for (i = kvm_next_bit(bitmap, n, 0); i < n; i = kvm_next_bit(bitmap, n, i + 1))
			kvm_make_vcpu_request(kick_get_vcpu(vm, i), req, cpus, me);
	} else {
		for (i = 0; i < n; i++)
			kvm_make_vcpu_request(kick_get_vcpu(vm, i), req, cpus, me);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
