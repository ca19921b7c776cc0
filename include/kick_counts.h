/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The operations that a piece of a protocol executes, as the counting build finds them. */
#ifndef KICK_COUNTS_H
#define KICK_COUNTS_H

struct kick_counts {
	unsigned long loads;
	unsigned long stores;
	unsigned long locked_rmws; /* cmpxchg, xchg, bit operations, and those inside locks */
	unsigned long fences;	   /* smp_mb() */
	unsigned long half_fences; /* smp_rmb(), smp_wmb() */
	unsigned long atomic_fences; /* smp_mb__before_atomic(), smp_mb__after_atomic() */
};

#endif
