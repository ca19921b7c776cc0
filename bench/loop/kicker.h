/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small parts of every kicker's loop; a template includes this after the backend. */
#ifndef BENCH_KICKER_H
#define BENCH_KICKER_H

#include "bench/loop/arrivals.h"
#include "bench/result.h"
#include "machine/preempt.h"

/* Outcomes of up to 511 kicks, nine bits each in one register. */
#define TALLY_BITS 9
#define TALLY_MAX ((1u << TALLY_BITS) - 1)
_Static_assert(KICK_N_OUTCOMES * TALLY_BITS <= 64, "a tally fits a register");

static inline uint64_t tally_one(enum kick_outcome outcome)
{
	return UINT64_C(1) << (TALLY_BITS * (unsigned int)outcome);
}

/* kicker.c: what is not timed, and knows no backend. */
void bench_tally_add(uint64_t *sum, uint64_t tally);
/* The vCPU is in guest mode: in this stint.  0: the window ended first. */
uint64_t bench_await_in_guest(const struct machine_vcpu *v, uint64_t end);
/*
 * Kicks between two looks at the clock.  With more threads than PUs one kick may take time slices,
 * if it waits for a spin lock; and who never yields is alone for a whole slice.
 */
int bench_kicker_batch(const struct bench_kicker *k);
void bench_kicker_begin(struct bench_kicker *k);
/* The time of one round trip; one that met a preemption says nothing about the protocol. */
void bench_kicker_note_time(struct bench_kicker *k, uint64_t ticks, bool preempted);
void bench_kicker_end(struct bench_kicker *k);
/* The intended tick of the next kick: at once (closed loop), or when it is due (open loop). */
uint64_t bench_next_kick(const struct bench_kicker *k, struct bench_arrivals *arrivals, uint64_t *due);
/* The first n are in guest mode, in these stints; or the window is over. */
bool bench_await_all_in_guest(uint64_t *stint, int n, uint64_t end);
/* mask_width bits, evenly spread over the vCPUs; NULL: no memory. */
unsigned long *bench_make_bitmap(const struct bench_case *c);

/*
 * The stint that was kicked has ended.  No pause in the loop: its end is what is timed.  Now and then
 * the carrier is asked to look whether an IPI is on its way at all.
 */
static inline bool await_exit(struct machine_vcpu *v, uint64_t stint)
{
	/* Pairs with the release in carrier_exit(). */
	for (uint32_t turn = 1; __atomic_load_n(&v->stint, __ATOMIC_ACQUIRE) == stint; turn++) {
		if (__builtin_expect(turn % 8192, 1))
			continue;
		/* The IPI first, then the question: pairs with the acquire in carrier_look_at_rescue(). */
		__atomic_store_n(&v->rescue, stint, __ATOMIC_RELEASE);
		sched_yield();
		if (machine_stop)
			return false;
	}
	return true;
}

/* Those that were kicked have left these stints: the next broadcast finds none of its claims. */
static inline bool await_all_exits(const unsigned long *bitmap, const uint64_t *stint, int n)
{
	for (int i = 0; i < n; i++)
		if (kick_bitmap_test(bitmap, (unsigned int)n, (unsigned int)i) &&
		    !await_exit(&machine.vcpu[i], stint[i]))
			return false;
	return true;
}

#endif
