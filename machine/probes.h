/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Static probes (USDT) for bpftrace, perf and SystemTap, where sys/sdt.h was there when this was built:
 * kick (vCPU, the kicker's pCPU), claim (the kicker's pCPU; probed scenarios only), send (target pCPU),
 * receive (pCPU, IPIs taken at once), exit (vCPU, whether an IPI ended it).  Each is one nop until
 * somebody attaches; then each hit takes a trap of about a microsecond, so that nothing measured
 * meanwhile is a timing.  None stands in a loop of bench/loop/fast_tmpl.c.
 */
#ifndef MACHINE_PROBES_H
#define MACHINE_PROBES_H

#include <stdbool.h>

#define MACHINE_PROBES(X) X(kick) X(claim) X(send) X(receive) X(exit)

#if defined(KICK_HAVE_SDT) && !defined(MACHINE_ALONE)
#define _SDT_HAS_SEMAPHORES 1
#define STAP_SDT_ARG_CONSTRAINT nr /* tools cannot read an operand of thread-local memory */
#include <sys/sdt.h>

/* The kernel adds to these while somebody is attached. */
#define X(name) extern unsigned short kickbench_##name##_semaphore;
MACHINE_PROBES(X)
#undef X

#define machine_probe1(name, a) DTRACE_PROBE1(kickbench, name, a)
#define machine_probe2(name, a, b) DTRACE_PROBE2(kickbench, name, a, b)
#else
#define machine_probe1(name, a) ((void)(a))
#define machine_probe2(name, a, b) ((void)(a), (void)(b))
#endif

/* Is somebody attached to one of them? */
bool machine_probed(void);

#endif
