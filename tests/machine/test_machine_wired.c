// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transports with real interrupts: a stint ends when the kernel delivers one, not before, and
 * not because of anything that a kicker writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "bench/result.h"
#include "machine/machine.h"
#include "machine/clock.h"

static struct topo *topo;

/* One carrier in guest mode on pCPU 1 and one sender, who is not a protocol. */
struct sender {
	bool ring;	       /* interrupt the carrier too, or only write to the doorbell */
	uint64_t quiet_ns;     /* how long to wait for the stint to end */
	uint64_t ended;	       /* when it did, in ticks; 0: not in that time */
};

static void send_one(struct team_member *m)
{
	struct sender *s = m->arg;
	struct machine_vcpu *v = &machine.vcpu[0];
	uint64_t limit, stint;

	for (uint32_t turn = 1; !((stint = __atomic_load_n(&v->stint, __ATOMIC_ACQUIRE)) & 1); turn++)
		if (!machine_relax_bounded(turn))
			return;
	__atomic_fetch_add(&machine.pcpu[1].bell.ipis, 1, __ATOMIC_RELEASE);
	if (s->ring)
		machine_wire_ring(machine.pcpu[1].wire, machine.transport);
	limit = clock_now() + clock_from_ns(s->quiet_ns);
	for (uint32_t turn = 1; clock_now() < limit; turn++) {
		if (__atomic_load_n(&v->stint, __ATOMIC_ACQUIRE) != stint) {
			s->ended = clock_now();
			return;
		}
		if (!machine_relax_bounded(turn))
			return;
	}
}

static void run(enum machine_transport transport, struct sender *s, uint64_t hold_until)
{
	const struct bench_backend *b = bench_backend_find("patched");
	struct machine_config config = { .n_pcpus = 2,
					 .n_vcpus = 1,
					 .n_kickers = 2,
					 .transport = transport,
					 .sizes = b->fast->sizes };
	static struct carrier c;
	int last = topo_n_pus(topo) - 1;
	struct team_member m[2] = {
		{ .pu = 0, .run = send_one, .arg = s, .is_kicker = true },
		{ .pu = last, .run = b->wired->carrier, .arg = &c },
	};
	struct machine_ipis ipis;
	char err[256];

	c = (struct carrier){ .first_cpu = 1,
			      .n_cpus = 1,
			      .n_vcpus = 1,
			      .kicker = 1,
			      .shares_pu = last == 0,
			      .hold_until = hold_until };
	assert_int_equal(machine_init(&config), 0);
	b->wired->prepare();
	if (team_run(topo, m, 2, 1000000, err, sizeof(err)))
		fail_msg("%s", err);
	assert_int_equal(machine_drain(c.sent + 1, &ipis), 0);
	machine_fini();
}

static void missing_is_skipped(enum machine_transport transport)
{
	const char *why = machine_transport_missing(transport);

	if (!why)
		return;
	print_message("skipped: %s: %s\n", machine_transport_name[transport], why);
	skip();
}

static void a_stint_ends_when_the_signal_is_delivered(void **state)
{
	uint64_t hold_until = clock_now() + clock_from_ns(60000000);
	struct sender s = { .ring = true, .quiet_ns = 5000000000 };

	(void)state;
	missing_is_skipped(MACHINE_SIGNAL);
	run(MACHINE_SIGNAL, &s, hold_until);
	assert_true(s.ended >= hold_until);
}

static void a_stint_does_not_end_by_what_a_kicker_writes(void **state)
{
	struct sender s = { .ring = false, .quiet_ns = 50000000 };

	(void)state;
	missing_is_skipped(MACHINE_SIGNAL);
	run(MACHINE_SIGNAL, &s, 0);
	assert_int_equal(s.ended, 0);
}

static void a_stint_ends_by_membarrier(void **state)
{
	struct sender s = { .ring = true, .quiet_ns = 5000000000 };

	(void)state;
	missing_is_skipped(MACHINE_MEMBARRIER);
	run(MACHINE_MEMBARRIER, &s, 0);
	assert_true(s.ended > 0);
}

static void a_stint_ends_by_signal(void **state)
{
	struct sender s = { .ring = true, .quiet_ns = 5000000000 };

	(void)state;
	missing_is_skipped(MACHINE_SIGNAL);
	run(MACHINE_SIGNAL, &s, 0);
	assert_true(s.ended > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stint_ends_by_signal),
		cmocka_unit_test(a_stint_ends_by_membarrier),
		cmocka_unit_test(a_stint_ends_when_the_signal_is_delivered),
		cmocka_unit_test(a_stint_does_not_end_by_what_a_kicker_writes),
	};
	char err[256];

	clock_init();
	if (topo_load(&topo, err, sizeof(err))) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
