// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend's mask kicks: native operations; the one thing noted inside is the time when the last
 * IPI was sent, once per broadcast.
 */
#include "kick_ops_native.h"
#include "kick.h"

#include "machine/clock.h"

static __thread unsigned long long cast_sent_at;
#define KICK_CALL_SENT() ((void)(cast_sent_at = clock_now()))
#include "machine/world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include <errno.h>
#include <stdlib.h>

#include "bench/loop/template.h"
#include "machine/carrier.h"
#include "bench/loop/kicker.h"

/* vCPU i was on pCPU n_kickers + i and is outside guest mode, unless the carrier takes it back in. */
static void prepare(int in_guest)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(carrier_vcpu(i));
	machine_become(0, 0);
	for (int i = in_guest; i < machine.n_vcpus; i++) {
		int cpu = machine.n_pcpus - machine.n_vcpus + i;

		machine_move(cpu);
		kick_vcpu_load(carrier_vcpu(i), cpu);
		kick_vcpu_put(carrier_vcpu(i));
	}
}

static void note(struct bench_kicker *k, uint64_t t0, uint64_t t1, uint64_t n)
{
	k->ticks += t1 - t0;
	k->timed += n;
	histogram_record(&k->latency, clock_to_ns((t1 - t0) / n));
	if (!cast_sent_at)
		return;
	histogram_record(&k->to_send, clock_to_ns(cast_sent_at - t0));
	if (k->c->wait)
		histogram_record(&k->wait, clock_to_ns(t1 - cast_sent_at));
}

/* Broadcasts that end no stint are timed in batches, the others one by one. */
static void BENCH_NAME(broadcast_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;
	const struct bench_case *c = k->c;
	unsigned int flags = (c->wait ? KVM_REQUEST_WAIT : 0) | (c->wakeup ? 0 : KVM_REQUEST_NO_WAKEUP);
	int in_guest = (int)((int64_t)c->vcpus * c->in_guest_pct / 100);
	uint64_t batch = in_guest || c->mask_width >= 256 ? 1 : 512 / (uint64_t)c->mask_width;
	uint64_t *stint = calloc((size_t)c->vcpus, sizeof(*stint));
	unsigned long *bitmap = bench_make_bitmap(c);
	struct rseq *area = preempt_area();
	uint64_t t0, t1;

	bench_kicker_begin(k);
	m->error = bitmap && stint ? 0 : -ENOMEM;
	while (clock_now() < m->end && !machine_stop && !m->error) {
		if (!bench_await_all_in_guest(stint, in_guest, m->end))
			break;
		cast_sent_at = 0;
		preempt_watch(area);
		t0 = clock_now();
		for (uint64_t i = 0; i < batch; i++)
			kick_mask(this_vm(), flags, bitmap, (unsigned int)c->vcpus);
		t1 = clock_now_after();
		k->kicks += batch * (uint64_t)c->mask_width;
		k->casts += batch;
		if (preempt_happened(area))
			k->preempted++;
		else
			note(k, t0, t1, batch);
		if (!await_all_exits(bitmap, stint, in_guest))
			break;
	}
	preempt_unwatch(area);
	free(bitmap);
	free(stint);
	bench_kicker_end(k);
}

const struct bench_cast BENCH_NAME(bench_cast_) = {
	.prepare = prepare,
	.broadcast = BENCH_NAME(broadcast_),
};
