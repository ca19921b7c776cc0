// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting on the emulated host, with real threads: a waiting call returns after its handler has run,
 * a waiting mask after the stints and walks that it met, waiters do not wait for each other, and a
 * sleeping vCPU is woken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "machine/clock.h"
#include "machine/machine.h"
#include "mask.h"
#include "topo/topo.h"

enum { VCPUS = 3, CARRIER_CPUS = 3, WINDOW_NS = 10000000, MAX_KICKERS = 2 };

#define X(name) extern const struct mask_backend mask_backend_##name;
#include "kick_backends.def"
#undef X
static const struct mask_backend *const backends[] = {
#define X(name) &mask_backend_##name,
#include "kick_backends.def"
#undef X
};

/* The broken ones are stress's affair: what they declare may, or may not, happen here. */
#define for_each_with(b, wanted)                                                                   \
	for (size_t n_ = 0; n_ < sizeof(backends) / sizeof(backends[0]); n_++)                     \
		for (const struct mask_backend *b = backends[n_]; b; b = NULL)                     \
			if ((b->decl->features & (wanted)) == (wanted) &&                          \
			    b->decl->stress_tso.verdict == KICK_SOUND &&                           \
			    b->decl->stress_weak.verdict == KICK_SOUND)

static struct topo *topo;

struct kicker {
	const struct mask_backend *b;
	int cpu, number;
	unsigned int request;
	struct mask_loner *loner;
	uint32_t *busy; /* kickers that still kick, and so may wait for this one */
	/* Its notes. */
	uint64_t kicks, met, early, unserved, sent;
};

static uint64_t load(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

/* Bounded by the team's watch, which stops the machine when nothing moves: a kick was lost then. */
static bool await(const uint64_t *p, uint64_t n)
{
	for (uint32_t turn = 1; load(p) < n; turn++) {
		if (machine_self.doorbell)
			machine_serve(machine_self.doorbell);
		if (!machine_relax_bounded(turn))
			return false;
	}
	return true;
}

static void begin(struct kicker *k)
{
	machine_become(k->cpu, k->number);
}

/* Others may wait for this one's pCPU until they are done, too. */
static void end(struct kicker *k)
{
	__atomic_fetch_sub(k->busy, 1, __ATOMIC_RELEASE);
	for (uint32_t turn = 1; __atomic_load_n(k->busy, __ATOMIC_ACQUIRE); turn++) {
		machine_serve(machine_self.doorbell);
		if (!machine_relax_bounded(turn))
			break;
	}
	machine_serve(machine_self.doorbell);
	k->sent = machine_self.sent;
}

static void wait_for_stints(struct team_member *m)
{
	struct kicker *k = m->arg;

	begin(k);
	while (clock_now() < m->end && !machine_stop && !k->unserved) {
		uint64_t before[VCPUS];

		for (int i = 0; i < VCPUS; i++)
			before[i] = load(&machine.vcpu[i].stint);
		k->b->mask(k->request | KVM_REQUEST_WAIT, NULL, 0);
		k->kicks++;
		for (int i = 0; i < VCPUS; i++) {
			k->met += before[i] & 1;
			k->early += (before[i] & 1) && load(&machine.vcpu[i].stint) == before[i];
		}
		for (int i = 0; i < VCPUS; i++)
			k->unserved += !await(&machine.vcpu[i].served[k->request], k->kicks);
	}
	end(k);
}

static void wait_for_walks(struct team_member *m)
{
	struct kicker *k = m->arg;

	begin(k);
	while (clock_now() < m->end && !machine_stop) {
		uint64_t before = load(&k->loner->times);

		k->b->mask(k->request | KVM_REQUEST_WAIT | KVM_REQUEST_NO_ACTION, NULL, 0);
		k->kicks++;
		k->met += before & 1;
		k->early += (before & 1) && load(&k->loner->times) == before;
	}
	end(k);
}

/* Every mask wakes it, or finds it awake: either way the request gets served. */
static void wake_up(struct team_member *m)
{
	struct kicker *k = m->arg;
	const struct machine_vcpu *v = &machine.vcpu[k->loner->vcpu];

	begin(k);
	while (clock_now() < m->end && !machine_stop && !k->unserved) {
		bool no_wakeup = k->kicks % 4 == 3;

		if (no_wakeup)
			await(&k->loner->times, 2 * k->kicks + 1); /* about to sleep */
		k->b->mask(k->request | (no_wakeup ? KVM_REQUEST_NO_WAKEUP : 0), NULL, 0);
		k->kicks++;
		k->met += no_wakeup && k->b->wake(k->loner->vcpu);
		k->unserved += !await(&v->served[k->request], k->kicks);
	}
	k->b->mask(MASK_GOODBYE, NULL, 0);
	k->unserved += !await(&v->served[MASK_GOODBYE], 1);
	end(k);
}

struct party {
	const struct mask_backend *b;
	void (*kick)(struct team_member *);
	void (*other)(struct team_member *); /* the vCPU's thread; NULL: the carrier */
	int n_kickers, vcpus;
	bool no_mask_memory;
	struct kicker kickers[MAX_KICKERS];
	struct mask_loner loner;
	struct carrier carrier;
};

static uint64_t run(struct party *p)
{
	int pus = topo_n_pus(topo), n = p->n_kickers;
	struct machine_config config = { .n_pcpus = CARRIER_CPUS + n, .n_vcpus = p->vcpus,
					 .n_kickers = n + 1, .sizes = p->b->sizes };
	struct team_member members[MAX_KICKERS + 1];
	uint32_t busy = (uint32_t)n;
	struct machine_ipis sum;
	uint64_t sent = 0;
	char err[200] = "";

	assert_int_equal(machine_init(&config), 0);
	machine.no_mask_memory = p->no_mask_memory;
	p->b->prepare();
	p->loner = (struct mask_loner){ .kicker = n };
	p->carrier = (struct carrier){ .n_cpus = CARRIER_CPUS, .n_vcpus = p->vcpus, .kicker = n,
				       .shares_pu = n >= pus, .seed = 1 };
	for (int i = 0; i < n; i++) {
		p->kickers[i] = (struct kicker){ .b = p->b, .cpu = CARRIER_CPUS + i, .number = i,
						 .request = 1u + (unsigned int)i, .loner = &p->loner,
						 .busy = &busy };
		members[i] = (struct team_member){ .pu = i % pus, .run = p->kick, .arg = &p->kickers[i],
						   .is_kicker = true };
	}
	members[n] = (struct team_member){ .pu = n % pus, .run = p->other ? p->other : p->b->carrier,
					   .arg = p->other ? (void *)&p->loner : (void *)&p->carrier };
	if (team_run(topo, members, (size_t)n + 1, WINDOW_NS, err, sizeof(err)))
		fail_msg("%s: %s", p->b->name, err);
	for (int i = 0; i < n; i++)
		sent += p->kickers[i].sent;
	assert_int_equal(machine_drain(sent + p->carrier.sent + p->loner.sent, &sum), 0);
	machine_fini();
	return sent;
}

static bool lost(const struct kicker *k)
{
	return k->unserved && !(k->b->decl->may & KICK_MAY_LOSE);
}

static void a_waiting_mask_ends_the_stints_that_it_met(void **state)
{
	(void)state;
	for_each_with(b, KICK_F_MASK | KICK_F_WAIT) {
		struct party p = { .b = b, .kick = wait_for_stints, .n_kickers = 1, .vcpus = VCPUS };

		/* On a busy machine the carrier may be away for a whole window. */
		for (int n = 0; n < 400 && !(p.kickers[0].met || p.kickers[0].unserved); n++)
			run(&p);
		if (!(p.kickers[0].met || p.kickers[0].unserved) || p.kickers[0].early ||
		    lost(&p.kickers[0]))
			fail_msg("%s: %lu masks met %lu stints, %lu returned too early, %lu unserved",
				 b->name, p.kickers[0].kicks, p.kickers[0].met, p.kickers[0].early,
				 p.kickers[0].unserved);
	}
}

/* Without memory for masks each calls the other's pCPU, too. */
static void two_waiters_do_not_wait_for_each_other(void **state)
{
	(void)state;
	for_each_with(b, KICK_F_MASK | KICK_F_WAIT)
		for (int no_mask_memory = 0; no_mask_memory < 2; no_mask_memory++) {
			struct party p = { .b = b, .kick = wait_for_stints, .n_kickers = 2, .vcpus = VCPUS,
					   .no_mask_memory = no_mask_memory };

			/* On a busy machine a kicker may come when the window is over. */
			for (int n = 0; n < 400 && !(p.kickers[0].kicks && p.kickers[1].kicks); n++)
				run(&p);
			for (int i = 0; i < 2; i++) {
				assert_true(p.kickers[i].kicks > 0);
				assert_false(p.kickers[i].early || lost(&p.kickers[i]));
			}
		}
}

static void a_waiting_mask_waits_for_walkers(void **state)
{
	(void)state;
	for_each_with(b, KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK) {
		uint64_t met = 0;

		for (int tries = 0; tries < 400 && !met; tries++) {
			struct party p = { .b = b, .kick = wait_for_walks, .other = b->walker,
					   .n_kickers = 1, .vcpus = 1 };

			run(&p);
			met = p.kickers[0].met;
			if (p.kickers[0].early)
				fail_msg("%s: %lu of %lu walks were not waited for", b->name,
					 p.kickers[0].early, met);
		}
		assert_true(met > 0);
	}
}

/* With KVM_REQUEST_NO_WAKEUP it sleeps on, until it is woken by hand. */
static void a_mask_wakes_who_sleeps(void **state)
{
	(void)state;
	for_each_with(b, KICK_F_MASK | KICK_F_BLOCK) {
		uint64_t slept_on = 0;

		for (int tries = 0; tries < 400 && !slept_on; tries++) {
			struct party p = { .b = b, .kick = wake_up, .other = b->sleeper,
					   .n_kickers = 1, .vcpus = 1 };

			run(&p);
			slept_on = p.kickers[0].met;
			if (lost(&p.kickers[0]))
				fail_msg("%s: not woken by mask %lu", b->name, p.kickers[0].kicks);
		}
		assert_true(slept_on > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_waiting_mask_ends_the_stints_that_it_met),
		cmocka_unit_test(two_waiters_do_not_wait_for_each_other),
		cmocka_unit_test(a_waiting_mask_waits_for_walkers),
		cmocka_unit_test(a_mask_wakes_who_sleeps),
	};
	char err[200];
	int failed;

	if (topo_load(&topo, err, sizeof(err))) {
		print_message("skipped: %s\n", err);
		return 4;
	}
	clock_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	topo_free(topo);
	return failed != 0;
}
