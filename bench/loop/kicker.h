/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small parts of every kicker's loop; a template includes this after the backend. */
#ifndef BENCH_KICKER_H
#define BENCH_KICKER_H

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

static inline void tally_add(uint64_t *sum, uint64_t tally)
{
	for (int i = 0; i < KICK_N_OUTCOMES; i++)
		sum[i] += tally >> (TALLY_BITS * i) & TALLY_MAX;
}

/* The vCPU is in guest mode: in this stint.  0: the window ended first. */
static inline uint64_t await_in_guest(const struct machine_vcpu *v, uint64_t end)
{
	for (uint32_t turn = 1;; turn++) {
		/* Pairs with the release in carrier_enter(): the vCPU is in guest mode by now. */
		uint64_t stint = __atomic_load_n(&v->stint, __ATOMIC_ACQUIRE);

		if (stint & 1)
			return stint;
		if (turn % 256 == 0 && clock_now() >= end)
			return 0;
		if (!machine_relax_bounded(turn))
			return 0;
	}
}

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

/*
 * Kicks between two looks at the clock.  With more threads than PUs one kick may take time slices,
 * if it waits for a spin lock; and who never yields is alone for a whole slice.
 */
static inline int kicker_batch(const struct bench_kicker *k)
{
	if (!k->crowded)
		return 256;
	sched_yield();
	return 1;
}

static inline void kicker_begin(struct bench_kicker *k)
{
	machine_become(k->cpu, k->number);
	histogram_init(&k->latency);
	histogram_init(&k->wait);
	histogram_init(&k->to_send);
}

/* The time of one round trip; one that met a preemption says nothing about the protocol. */
static inline void kicker_note_time(struct bench_kicker *k, uint64_t ticks, bool preempted)
{
	if (preempted) {
		k->preempted++;
		return;
	}
	k->ticks += ticks;
	k->timed++;
	histogram_record(&k->latency, clock_to_ns(ticks));
}

static inline void kicker_end(struct bench_kicker *k)
{
	machine_serve(machine_self.doorbell);
	k->sent = machine_self.sent;
	k->misdirected = machine_self.misdirected;
}

static inline void run_carrier(struct team_member *m, void (*run)(struct carrier *))
{
	struct carrier *c = m->arg;

	c->kickers_left = m->kickers_left;
	machine_become(c->first_cpu, c->kicker);
	run(c);
	c->sent = machine_self.sent;
}

static void prepare_vcpus(void)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(carrier_vcpu(i));
}

#endif
