/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of every mask kick: one function call to all pCPUs that were collected.
 */

static inline bool kick_cpumask_empty(const struct kick_cpumask *cpus)
{
	int i, n = (kick_nr_cpus() + KICK_BITS_PER_LONG - 1) / KICK_BITS_PER_LONG;

	for (i = 0; i < n; i++)
		if (cpus->bits[i])
			return false;
	return true;
}

/* No mask (no memory for one): every other online pCPU is interrupted, and waited for. */
static inline bool kvm_kick_many_cpus(const struct kick_cpumask *cpus, bool wait)
{
	if (cpus && kick_cpumask_empty(cpus))
		return false;
	kick_call(cpus, wait);
	return true;
}
