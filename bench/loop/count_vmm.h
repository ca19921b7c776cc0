/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part 3 of the contract (kick_vmm.h) for counting: a signal is the transport's, as an IPI is, and what the
 * vCPU does while a kicker waits is not the kicker's.
 */
#ifndef BENCH_COUNT_VMM_H
#define BENCH_COUNT_VMM_H

#define VMM_ALONE_SENT() ((void)bench_count_world.sent++)
#define VMM_ALONE_LOOK() ((void)kick_counts.loads++)
#define VMM_ALONE_TURN(text)                                                                       \
	do {                                                                                       \
		struct kick_counts kept = kick_counts;                                             \
		text;                                                                              \
		kick_counts = kept;                                                                \
	} while (0)
#include "machine/vmm_alone.h"

#endif
