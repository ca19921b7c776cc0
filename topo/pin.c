// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps threads on their PUs and proves it.  By the kernel's own calls, not hwloc's: those return 0
 * and bind nothing when the topology came from a file, and their errno is second-hand.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "topo/internal.h"

/* As large as the kernel's largest, or sched_getaffinity() would refuse it. */
struct mask {
	unsigned long bits[TOPO_MAX_CPUS / (8 * sizeof(unsigned long))];
};

static cpu_set_t *as_set(struct mask *mask)
{
	return (cpu_set_t *)mask->bits;
}

static int read_back(pid_t tid, const struct mask *wanted)
{
	struct mask got = { 0 };

	if (sched_getaffinity(tid, sizeof(got), as_set(&got)))
		return -errno;
	return memcmp(&got, wanted, sizeof(got)) ? -ESTALE : 0;
}

/* The kernel drops what the cpuset forbids, and says EINVAL when nothing is left. */
static int bind_thread(pid_t tid, struct mask *mask)
{
	if (sched_setaffinity(tid, sizeof(*mask), as_set(mask)))
		return errno == EINVAL || errno == EPERM ? -EACCES : -errno;
	return read_back(tid, mask);
}

const char *topo_pin_missing(const struct topo *topo)
{
	struct mask mask = { 0 };

	if (!topo_is_this_system(topo) || sched_getaffinity(0, sizeof(mask), as_set(&mask)) ||
	    !sched_setaffinity(0, sizeof(mask), as_set(&mask)) || (errno != EPERM && errno != ENOSYS &&
								  errno != EACCES))
		return NULL;
	return "this system, or a sandbox, denies sched_setaffinity(): no thread can be pinned";
}

static int mask_of(const struct topo *topo, int pu, struct mask *mask)
{
	const struct topo_pu *p = topo_pu(topo, pu);

	if (!topo_is_this_system(topo))
		return -EOPNOTSUPP;
	if (!p || p->cpu >= TOPO_MAX_CPUS)
		return -EINVAL;
	CPU_SET_S(p->cpu, sizeof(*mask), as_set(mask));
	return 0;
}

int topo_pin_thread(const struct topo *topo, int tid, int pu)
{
	struct mask mask = { 0 };
	int rc = mask_of(topo, pu, &mask);

	return rc ? rc : bind_thread(tid, &mask);
}

int topo_pin_self(const struct topo *topo, int pu)
{
	int rc = topo_pin_thread(topo, 0, pu);

	if (!rc && sched_getcpu() != topo->pu[pu].cpu)
		rc = -ESTALE;
	return rc;
}

int topo_verify_self(const struct topo *topo, int pu)
{
	struct mask mask = { 0 };
	int rc = mask_of(topo, pu, &mask);

	if (rc)
		return rc;
	return sched_getcpu() == topo->pu[pu].cpu ? read_back(0, &mask) : -ESTALE;
}

int topo_unpin_self(const struct topo *topo)
{
	struct mask mask = { 0 };
	int rc = 0;

	for (int pu = 0; !rc && pu < topo->n_pus; pu++)
		rc = mask_of(topo, pu, &mask);
	return rc ? rc : bind_thread(0, &mask);
}

static const char *reason(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "the topology is for planning only, not of this machine";
	case -EINVAL:
		return "there is no such PU";
	case -EACCES:
		return "the system refuses it (cpuset shrunk)";
	case -ESTALE:
		return "the thread is not where it was put (cpuset changed, or pinned by another)";
	default:
		return strerror(-error);
	}
}

static bool is_offline(int cpu)
{
	char path[64], said = '1';
	FILE *in;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	in = fopen(path, "re");
	if (in) {
		said = (char)fgetc(in);
		fclose(in);
	}
	return said == '0';
}

void topo_pin_explain(const struct topo *topo, int pu, int error, char *buf, size_t size)
{
	const struct topo_pu *p = topo_pu(topo, pu);

	if (p && topo_is_this_system(topo) && (error == -EACCES || error == -ESTALE) && is_offline(p->cpu))
		snprintf(buf, size, "pin to PU %d failed: cpu %d went offline", pu, p->cpu);
	else if (p)
		snprintf(buf, size, "pin to PU %d (cpu %d) failed: %s", pu, p->cpu, reason(error));
	else if (pu < 0)
		snprintf(buf, size, "lifting the pin failed: %s", reason(error));
	else
		snprintf(buf, size, "pin to PU %d failed: %s", pu, reason(error));
}
