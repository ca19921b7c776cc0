/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the pCPU number that a kick has read one that it can interrupt?
 */

static inline bool kvm_can_ipi(int cpu, int me)
{
	return cpu != me && (unsigned int)cpu < (unsigned int)kick_nr_cpus() && cpu_online(cpu);
}

/* Why kvm_can_ipi() said no. */
static inline enum kick_outcome kvm_no_ipi(int cpu, int me)
{
	return cpu == me ? KICK_SELF : cpu < 0 ? KICK_OUTSIDE : KICK_OFFLINE;
}
