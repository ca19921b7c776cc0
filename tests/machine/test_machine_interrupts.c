// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an IPI does to guest mode on the emulated host, step by step: one thread plays the carrier of
 * pCPUs 0..3 and the kicker on pCPU 4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "kick_ops_native.h"
#include "kick.h"

static void (*in_window)(enum kick_window window);
#define kick_window(window) ((void)(in_window ? in_window(window) : (void)0))
#include "machine/world.h"
#include "impl/patched.h"

#include "machine/carrier_run.h"

enum { CARRIER_CPUS = 4, KICKER_CPU = 4, VCPUS = 3 };

static int start(void **state)
{
	struct machine_config config = { .n_pcpus = CARRIER_CPUS + 1, .n_vcpus = VCPUS,
					 .n_kickers = 1 };

	(void)state;
	config.sizes = (struct machine_sizes){ sizeof(struct kick_vcpu), sizeof(struct kick_vm),
					       sizeof(struct kick_pcpu), sizeof(struct kick_kicker) };
	in_window = NULL;
	if (machine_init(&config))
		return -1;
	machine_become(KICKER_CPU, 0);
	for (int i = 0; i < VCPUS; i++)
		kick_vcpu_init(carrier_vcpu(i));
	return 0;
}

static int stop(void **state)
{
	(void)state;
	machine_fini();
	return 0;
}

static void into_guest(int i, int cpu)
{
	carrier_load(i, cpu);
	carrier_enter(i);
	assert_true(machine.vcpu[i].stint & 1);
}

static enum kick_outcome kick(int i)
{
	machine_move(KICKER_CPU);
	return kick_send(carrier_vcpu(i), 0);
}

static void send_ipi(int cpu)
{
	machine_move(KICKER_CPU);
	kick_ipi(cpu);
}

static void poll_all(void)
{
	for (int cpu = 0; cpu < CARRIER_CPUS; cpu++)
		carrier_poll(&machine.pcpu[cpu]);
}

static void assert_books(uint64_t useful, uint64_t stale, uint64_t spurious, uint64_t dbl,
			 uint64_t dropped, uint64_t invalid)
{
	struct machine_ipis sum;

	assert_int_equal(machine_drain(machine_self.sent, &sum), 0);
	assert_int_equal(sum.useful, useful);
	assert_int_equal(sum.stale, stale);
	assert_int_equal(sum.spurious, spurious);
	assert_int_equal(sum.dbl, dbl);
	assert_int_equal(sum.dropped, dropped);
	assert_int_equal(sum.invalid, invalid);
	assert_int_equal(machine_drain(machine_self.sent + 1, &sum), -EIO);
}

static void a_kick_ends_its_stint_and_no_other(void **state)
{
	uint64_t stint0, stint1;

	(void)state;
	into_guest(0, 0);
	into_guest(1, 1);
	stint0 = machine.vcpu[0].stint;
	stint1 = machine.vcpu[1].stint;
	assert_int_equal(kick(1), KICK_SENT);
	assert_int_equal(kick(1), KICK_CLAIMED);
	poll_all();
	assert_int_equal(machine.vcpu[0].stint, stint0);
	assert_int_equal(machine.vcpu[1].stint, stint1 + 2); /* out, and in again */
	assert_int_equal(machine.vcpu[1].exits, 1);
	assert_books(1, 0, 0, 0, 0, 0);
}

static void an_ipi_to_an_empty_pcpu_is_stale(void **state)
{
	uint64_t stint;

	(void)state;
	into_guest(0, 0);
	stint = machine.vcpu[0].stint;
	send_ipi(2);
	poll_all();
	assert_int_equal(machine.vcpu[0].stint, stint);
	assert_books(0, 1, 0, 0, 0, 0);
}

static void an_ipi_to_the_host_is_spurious_and_over(void **state)
{
	(void)state;
	carrier_load(0, 0);
	send_ipi(0);
	carrier_enter(0);
	assert_true(machine.vcpu[0].stint & 1);
	poll_all();
	assert_int_equal(machine.vcpu[0].exits, 0);
	assert_books(0, 0, 1, 0, 0, 0);
}

static void send_when_published(enum kick_window window)
{
	if (window != KICK_W_MODE_CHECK)
		return;
	in_window = NULL;
	__atomic_fetch_add(&machine.pcpu[0].bell.ipis, 1, __ATOMIC_RELEASE);
	machine_self.sent++;
}

/* An unclaimed one, so that the entry goes on: it must not be taken before guest mode. */
static void an_ipi_with_interrupts_off_ends_the_stint_after_entry(void **state)
{
	(void)state;
	carrier_load(0, 0);
	in_window = send_when_published;
	carrier_enter(0);
	assert_int_equal(machine.vcpu[0].stint, 1);
	assert_int_equal(machine_pending(&machine.pcpu[0]), 1);
	poll_all();
	assert_int_equal(machine.vcpu[0].exits, 1);
	assert_int_equal(machine.vcpu[0].stint, 3);
	assert_books(0, 0, 1, 0, 0, 0); /* nobody had claimed this stint */
}

static void kick_when_published(enum kick_window window)
{
	if (window != KICK_W_MODE_CHECK)
		return;
	in_window = NULL;
	assert_int_equal(kick(0), KICK_SENT);
	machine_move(0);
}

static void a_kick_before_the_check_prevents_the_entry(void **state)
{
	(void)state;
	carrier_load(0, 0);
	in_window = kick_when_published;
	carrier_enter(0);
	assert_int_equal(machine.vcpu[0].stint, 0);
	assert_false(machine.pcpu[0].irqs_off);
	poll_all();
	assert_int_equal(machine.vcpu[0].stint, 1);
	assert_books(0, 0, 1, 0, 0, 0);
}

static void merged_ipis_are_double(void **state)
{
	(void)state;
	into_guest(0, 0);
	assert_int_equal(kick(0), KICK_SENT);
	send_ipi(0);
	send_ipi(0);
	poll_all();
	assert_int_equal(machine.vcpu[0].exits, 1);
	assert_books(1, 0, 0, 2, 0, 0);
}

static void a_natural_exit_makes_a_late_ipi_spurious(void **state)
{
	(void)state;
	into_guest(0, 0);
	assert_int_equal(kick(0), KICK_SENT);
	carrier_exit(0, false);
	poll_all();
	assert_int_equal(machine.vcpu[0].exits, 0);
	assert_int_equal(machine.vcpu[0].natural, 1);
	assert_books(0, 0, 1, 0, 0, 0);
}

static void put_divides_spurious_from_stale(void **state)
{
	(void)state;
	into_guest(0, 0);
	carrier_exit(0, false);
	send_ipi(0);
	carrier_put(0);
	send_ipi(0);
	poll_all();
	assert_int_equal(machine.vcpu[0].cpu, -1);
	assert_books(0, 1, 1, 0, 0, 0);
}

static void offline_and_impossible_numbers_are_caught(void **state)
{
	(void)state;
	into_guest(0, 3);
	machine.online[0] &= ~(1UL << 3);
	assert_int_equal(kick(0), KICK_OFFLINE);
	assert_int_equal(machine_self.sent, 0);
	carrier_exit(0, false);
	send_ipi(3);
	send_ipi(-1);
	poll_all();
	assert_books(0, 0, 0, 0, 1, 1);
}

static void a_call_is_acknowledged_by_the_host_it_reaches(void **state)
{
	uint32_t ticket;

	(void)state;
	into_guest(0, 0);
	machine_move(KICKER_CPU);
	ticket = machine_send_call(0);
	assert_int_equal(machine.pcpu[0].acked_calls, ticket - 1);
	poll_all();
	assert_int_equal(machine.pcpu[0].acked_calls, ticket);
	assert_int_equal(machine.vcpu[0].exits, 1);
	machine_move(KICKER_CPU);
	kick_call_one(KICKER_CPU, true); /* the waiter serves its own */
	assert_int_equal(machine.pcpu[KICKER_CPU].acked_calls, 1);
}

/* One event, one migration, and the history says where to. */
static void a_vcpu_moves_once_per_event(void **state)
{
	struct carrier c = { .n_cpus = CARRIER_CPUS, .migrations_per_s = 1, .natural_exits_per_s = 1 };
	struct machine_vcpu *v = &machine.vcpu[0];

	(void)state;
	into_guest(0, 0);
	for (int n = 1; n < 10; n++) {
		c.next_move = 0;
		c.next_exit = UINT64_MAX;
		carrier_keep_house(&c);
		assert_int_equal(v->migrations, n);
		assert_int_equal(v->cpu, n % CARRIER_CPUS);
		assert_int_equal(v->epoch, n + 1);
		assert_int_equal(v->epoch_cpu[v->epoch], v->cpu);
		assert_int_equal(v->stint & 1, 1);
	}
	c.next_exit = 0;
	carrier_keep_house(&c);
	assert_int_equal(v->migrations, 9);
	assert_int_equal(v->natural, 9 + 1);
	assert_books(0, 0, 0, 0, 0, 0);
}

static void all_vcpus_move_and_none_shares_a_pcpu(void **state)
{
	struct carrier c = { .n_cpus = CARRIER_CPUS, .migrations_per_s = 1 };

	(void)state;
	for (int i = 0; i < VCPUS; i++)
		into_guest(i, i);
	for (int n = 1; n < 10; n++) {
		unsigned int used = 0;

		c.next_move = 0;
		c.next_exit = UINT64_MAX;
		carrier_keep_house(&c);
		for (int i = 0; i < VCPUS; i++) {
			assert_int_equal(machine.vcpu[i].migrations, n);
			assert_int_equal(machine.pcpu[machine.vcpu[i].cpu].vcpu, i);
			used |= 1u << machine.vcpu[i].cpu;
		}
		assert_int_equal(__builtin_popcount(used), VCPUS);
	}
}

/* A full inbox, or no free pCPU, delays a hand-over; nothing gets lost. */
static void hand_over_loses_no_vcpu(void **state)
{
	struct carrier a = { .n_cpus = 2, .migrations_per_s = 1 };
	struct carrier b = { .first_cpu = 2, .n_cpus = 1, .migrations_per_s = 1, .peer = &a };

	(void)state;
	a.peer = &b;
	a.next_exit = b.next_exit = UINT64_MAX;
	into_guest(0, 0);
	into_guest(1, 1);
	for (int n = 0; n < 20; n++) {
		struct carrier *c = n % 3 ? &a : &b;
		int found = 0;

		c->next_move = 0;
		carrier_keep_house(c);
		for (int i = 0; i < 2; i++)
			found += machine.vcpu[i].cpu >= 0 ?
					 machine.pcpu[machine.vcpu[i].cpu].vcpu == i :
					 a.inbox == (uint32_t)i + 1 || b.inbox == (uint32_t)i + 1;
		assert_int_equal(found, 2);
	}
	assert_true(machine.vcpu[0].migrations > 1 && machine.vcpu[1].migrations > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
		TEST(a_kick_ends_its_stint_and_no_other),
		TEST(an_ipi_to_an_empty_pcpu_is_stale),
		TEST(an_ipi_to_the_host_is_spurious_and_over),
		TEST(an_ipi_with_interrupts_off_ends_the_stint_after_entry),
		TEST(a_kick_before_the_check_prevents_the_entry),
		TEST(merged_ipis_are_double),
		TEST(a_natural_exit_makes_a_late_ipi_spurious),
		TEST(put_divides_spurious_from_stale),
		TEST(offline_and_impossible_numbers_are_caught),
		TEST(a_call_is_acknowledged_by_the_host_it_reaches),
		TEST(a_vcpu_moves_once_per_event),
		TEST(all_vcpus_move_and_none_shares_a_pcpu),
		TEST(hand_over_loses_no_vcpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
