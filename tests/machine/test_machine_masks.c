// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mask form of every backend that has one, step by step: one thread plays the carrier of 130
 * vCPUs, each in guest mode on a pCPU of its own, and the kicker on the pCPU after them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "machine/machine.h"
#include "mask.h"

enum { VCPUS = 130, ME = VCPUS, CPUS = VCPUS + 1, REQUEST = 5 };

#define X(name) extern const struct mask_backend mask_backend_##name;
#include "kick_backends.def"
#undef X
static const struct mask_backend *const backends[] = {
#define X(name) &mask_backend_##name,
#include "kick_backends.def"
#undef X
};

static const unsigned long all_ones[4] = { ~0UL, ~0UL, ~0UL, ~0UL };

static void start(const struct mask_backend *b)
{
	struct machine_config config = { .n_pcpus = CPUS, .n_vcpus = VCPUS, .n_kickers = 1,
					 .sizes = b->sizes };

	assert_int_equal(machine_init(&config), 0);
	machine_become(ME, 0);
	b->prepare();
}

static void everybody_in(const struct mask_backend *b)
{
	for (int i = 0; i < VCPUS; i++) {
		b->load(i, i);
		b->enter(i);
		assert_true(machine.vcpu[i].stint & 1);
	}
	machine_move(ME);
}

static void finish(void)
{
	struct machine_ipis sum;

	assert_int_equal(machine_drain(machine_self.sent, &sum), 0);
	assert_int_equal(sum.invalid, 0);
	machine_fini();
}

static unsigned long requests(const struct mask_backend *b, int i)
{
	struct kick_view view;

	b->view(i, &view);
	return view.requests;
}

static int pending(int cpu)
{
	return (int)machine_pending(&machine.pcpu[cpu]);
}

/* Its mask form interrupts: busted_nokick's does not, and does not claim to wait. */
static bool interrupts(const struct mask_backend *b)
{
	return b->decl->features & KICK_F_WAIT;
}

#define for_each_mask(b)                                                                           \
	for (size_t n_ = 0; n_ < sizeof(backends) / sizeof(backends[0]); n_++)                     \
		for (const struct mask_backend *b = backends[n_]; b; b = NULL)                     \
			if (b->decl->features & KICK_F_MASK)

static void reaches(const struct mask_backend *b, const unsigned long *bitmap, unsigned int nbits)
{
	int n = bitmap && nbits < VCPUS ? (int)nbits : VCPUS;

	start(b);
	everybody_in(b);
	assert_int_equal(b->mask(REQUEST, bitmap, nbits), interrupts(b) && n > 0);
	for (int i = 0; i < VCPUS; i++) {
		if (requests(b, i) == (i < n ? 1UL << REQUEST : 0) && pending(i) == (i < n && interrupts(b)))
			continue;
		fail_msg("%s, %u bits: vCPU %d has requests %#lx and %d IPIs", b->name, nbits, i,
			 requests(b, i), pending(i));
	}
	for (int i = 0; i < VCPUS && interrupts(b); i++) {
		b->poll(i);
		assert_int_equal(machine.vcpu[i].exits, i < n);
		assert_int_equal(machine.vcpu[i].served[REQUEST], i < n);
		assert_int_equal(machine.vcpu[i].stint & 1, 1);
	}
	finish();
}

static void a_mask_reaches_its_vcpus_and_no_other(void **state)
{
	static const unsigned int nbits[] = { 0, 1, 63, 64, 65, 128, 129, VCPUS, 192 };

	(void)state;
	for_each_mask(b) {
		for (size_t i = 0; i < sizeof(nbits) / sizeof(nbits[0]); i++)
			reaches(b, all_ones, nbits[i]);
		reaches(b, NULL, 0);
	}
}

/* Bits are those of vCPUs, wherever these run. */
static void a_mask_follows_its_vcpu(void **state)
{
	static const unsigned long third_word[3] = { 0, 0, 2 };

	(void)state;
	for_each_mask(b) {
		start(b);
		b->load(129, 7);
		b->enter(129);
		machine_move(ME);
		assert_int_equal(b->mask(REQUEST, third_word, 130), interrupts(b));
		assert_int_equal(pending(7), interrupts(b));
		assert_int_equal(pending(129), 0);
		finish();
	}
}

static void vcpus_in_the_host_get_requests_and_no_ipi(void **state)
{
	(void)state;
	for_each_mask(b) {
		bool blind = b->decl->features & KICK_F_BLIND_MASK;

		start(b);
		b->load(0, 0);
		b->load(1, ME);
		b->load(2, 2);
		b->put(2);
		machine_move(ME);
		assert_int_equal(b->mask(REQUEST, NULL, 0), blind);
		for (int i = 0; i < 4; i++)
			assert_int_equal(requests(b, i), 1UL << REQUEST);
		assert_int_equal(pending(0), blind);
		assert_int_equal(pending(ME), 0);
		finish();
	}
}

static void no_action_makes_no_request(void **state)
{
	(void)state;
	for_each_mask(b) {
		start(b);
		everybody_in(b);
		assert_int_equal(b->mask(REQUEST | KVM_REQUEST_NO_ACTION, all_ones, 2), interrupts(b));
		assert_int_equal(requests(b, 0) | requests(b, 1), 0);
		assert_int_equal(pending(1), interrupts(b));
		finish();
	}
}

static void a_claimed_stint_is_not_called_twice(void **state)
{
	(void)state;
	for_each_mask(b) {
		bool again = interrupts(b) && (!(b->decl->features & KICK_F_CLAIM) ||
					       b->decl->features & KICK_F_BLIND_MASK);

		start(b);
		everybody_in(b);
		assert_int_equal(b->mask(REQUEST, NULL, 0), interrupts(b));
		assert_int_equal(b->mask(REQUEST + 1, NULL, 0), again);
		assert_int_equal(pending(3), interrupts(b) + again);
		assert_int_equal(requests(b, 3), 3UL << REQUEST);
		finish();
	}
}

static void without_memory_all_are_called(void **state)
{
	(void)state;
	for_each_mask(b) {
		if (!interrupts(b) || b->decl->features & KICK_F_OWN_MASKS)
			continue;
		start(b);
		everybody_in(b);
		machine.no_mask_memory = true;
		assert_true(b->mask(REQUEST, all_ones, 1));
		for (int cpu = 0; cpu < CPUS; cpu++)
			assert_int_equal(pending(cpu), cpu != ME);
		assert_int_equal(requests(b, 0), 1UL << REQUEST);
		assert_int_equal(requests(b, 1), 0);
		finish();
	}
}

static void an_offline_pcpu_gets_no_call(void **state)
{
	(void)state;
	for_each_mask(b) {
		start(b);
		everybody_in(b);
		machine.online[1] &= ~(1UL << (70 - KICK_BITS_PER_LONG));
		b->mask(REQUEST, NULL, 0);
		assert_int_equal(pending(70), 0);
		assert_int_equal(pending(71), interrupts(b));
		assert_int_equal(requests(b, 70), 1UL << REQUEST);
		finish();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mask_reaches_its_vcpus_and_no_other),
		cmocka_unit_test(a_mask_follows_its_vcpu),
		cmocka_unit_test(vcpus_in_the_host_get_requests_and_no_ipi),
		cmocka_unit_test(no_action_makes_no_request),
		cmocka_unit_test(a_claimed_stint_is_not_called_twice),
		cmocka_unit_test(without_memory_all_are_called),
		cmocka_unit_test(an_offline_pcpu_gets_no_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
