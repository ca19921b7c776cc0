// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend under observation: the kicker notes what it knows right before the claim and at the
 * IPI, and may linger in the window between the read of cpu and the claim.  Its counts are exact;
 * its times include the notes and are used for claim-to-send and service latency only.
 */
#include "kick_ops_native.h"
#include "kick.h"

#include "bench/loop/probe_world.h"
#include "machine/world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "bench/loop/template.h"
#include "machine/carrier.h"
#include "bench/loop/kicker.h"
#include "results/random.h"

static inline bool probe_claims(void)
{
	return kick_decl.features & KICK_F_CLAIM;
}

static uint64_t random_below(struct bench_kicker *k, uint64_t limit)
{
	uint64_t drawn = random_next(&k->seed);

	return limit ? drawn % limit : 0;
}

/* Kick as fast as can be, and note how long each claim waits for its IPI. */
static void BENCH_NAME(contend_probed_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;
	struct kick_vcpu *vcpu = kick_get_vcpu(this_vm(), 0);
	struct rseq *area = preempt_area();

	bench_kicker_begin(k);
	while (clock_now() < m->end && !machine_stop) {
		enum kick_outcome outcome;

		preempt_watch(area);
		outcome = kick_send(vcpu, 0);
		k->outcome[outcome]++;
		k->kicks++;
		if (k->crowded)
			sched_yield();
		if (outcome != KICK_SENT)
			continue;
		if (preempt_happened(area))
			k->preempted++;
		else
			histogram_record(&k->latency,
					 clock_to_ns(probe.send_time - probe.claim_time));
	}
	preempt_unwatch(area);
	bench_kicker_end(k);
}

/* Request `nr` was served `n` times; false: the machine stops.  The carrier rescues a lost one. */
static bool await_served(const struct machine_vcpu *v, int nr, uint64_t n)
{
	/* Pairs with the release in carrier_service(). */
	for (uint32_t turn = 1; __atomic_load_n(&v->served[nr], __ATOMIC_ACQUIRE) < n; turn++)
		if (!machine_relax_bounded(turn))
			return false;
	return true;
}

/*
 * Make a request, kick, wait until it is served; think for up to 4 us, so that the vCPU is met in
 * all its states.  The odd and even `calls` tell the carrier when this kicker is inside a kick.
 */
static void BENCH_NAME(migrate_probed_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;
	struct machine_vcpu *v = &machine.vcpu[0];
	struct kick_vcpu *vcpu = kick_get_vcpu(this_vm(), 0);
	uint64_t *calls = &machine.kicker[k->number].calls;
	uint64_t widen = clock_from_ns(k->c->widen_ns), think = clock_from_ns(4000);
	struct rseq *area = preempt_area();
	uint64_t t0;

	bench_kicker_begin(k);
	while (clock_now() < m->end && !machine_stop) {
		probe_linger(random_below(k, think));
		/* At least half of the kicks linger nowhere. */
		probe.linger = random_below(k, 2) ? random_below(k, widen) : 0;
		/* Inside before the claim: pairs with smp_rmb() in carrier_watch(). */
		__atomic_store_n(calls, *calls + 1, __ATOMIC_SEQ_CST);
		preempt_watch(area);
		machine_probe2(kick, 0, k->cpu);
		t0 = clock_now();
		kick_request(vcpu, (unsigned int)k->number);
		k->outcome[kick_send(vcpu, 0)]++;
		/* Outside after the IPI: pairs with the acquire in carrier_kickers_quiet(). */
		__atomic_store_n(calls, *calls + 1, __ATOMIC_RELEASE);
		k->kicks++;
		if (!await_served(v, k->number, k->kicks))
			break;
		bench_kicker_note_time(k, clock_now() - t0, preempt_happened(area));
	}
	preempt_unwatch(area);
	probe.linger = 0;
	bench_kicker_end(k);
}

const struct bench_probe BENCH_NAME(bench_probe_) = {
	.contend = BENCH_NAME(contend_probed_),
	.migrate = BENCH_NAME(migrate_probed_),
};
