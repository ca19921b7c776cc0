// SPDX-License-Identifier: GPL-2.0-or-later
/* What every kicker does before, between and after what is timed. */
#include "kick_ops_native.h"
#include "kick.h"

#include "bench/loop/kicker.h"
#include "machine/clock.h"
#include "machine/relax.h"

#include <stdlib.h>

void bench_tally_add(uint64_t *sum, uint64_t tally)
{
	for (int i = 0; i < KICK_N_OUTCOMES; i++)
		sum[i] += tally >> (TALLY_BITS * i) & TALLY_MAX;
}

uint64_t bench_await_in_guest(const struct machine_vcpu *v, uint64_t end)
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

int bench_kicker_batch(const struct bench_kicker *k)
{
	if (!k->crowded)
		return 256;
	sched_yield();
	return 1;
}

void bench_kicker_begin(struct bench_kicker *k)
{
	machine_become(k->cpu, k->number);
	histogram_init(&k->latency);
	histogram_init(&k->wait);
	histogram_init(&k->to_send);
}

void bench_kicker_note_time(struct bench_kicker *k, uint64_t ticks, bool preempted)
{
	if (preempted) {
		k->preempted++;
		return;
	}
	k->ticks += ticks;
	k->timed++;
	histogram_record(&k->latency, clock_to_ns(ticks));
}

void bench_kicker_end(struct bench_kicker *k)
{
	machine_serve(machine_self.doorbell);
	k->sent = machine_self.sent;
	k->misdirected = machine_self.misdirected;
}

uint64_t bench_next_kick(const struct bench_kicker *k, struct bench_arrivals *arrivals, uint64_t *due)
{
	uint64_t now = clock_now();

	if (k->c->rate_per_s <= 0)
		return now;
	*due += clock_from_ns((uint64_t)bench_arrivals_gap_ns(arrivals));
	while (now < *due && !machine_stop) {
		machine_relax();
		now = clock_now();
	}
	return *due;
}

bool bench_await_all_in_guest(uint64_t *stint, int n, uint64_t end)
{
	for (int i = 0; i < n; i++) {
		stint[i] = bench_await_in_guest(&machine.vcpu[i], end);
		if (!stint[i])
			return false;
	}
	return true;
}

unsigned long *bench_make_bitmap(const struct bench_case *c)
{
	size_t longs = ((size_t)c->vcpus + KICK_BITS_PER_LONG - 1) / KICK_BITS_PER_LONG;
	unsigned long *bitmap = calloc(longs, sizeof(long));

	for (int k = 0; bitmap && k < c->mask_width; k++) {
		int i = (int)((int64_t)k * c->vcpus / c->mask_width);

		bitmap[i / KICK_BITS_PER_LONG] |= 1UL << (i % KICK_BITS_PER_LONG);
	}
	return bitmap;
}
