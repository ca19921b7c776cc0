// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is attached to the probes: a count for each, in the section where tools look for it. */
#include "machine/probes.h"

#ifdef KICK_HAVE_SDT
#define X(name) unsigned short kickbench_##name##_semaphore __attribute__((used, section(".probes")));
MACHINE_PROBES(X)
#undef X

bool machine_probed(void)
{
	unsigned int attached = 0;

#define X(name) attached |= *(volatile unsigned short *)&kickbench_##name##_semaphore;
	MACHINE_PROBES(X)
#undef X
	return attached;
}
#else
bool machine_probed(void)
{
	return false;
}
#endif
