// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The oracle on a real guest: kicks that are lost on purpose must be called lost, and real ones not.
 * A lost kick is one that does nothing; a thread of ours then plays the natural exit that heals it, or
 * notices the signal that rescues it.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kvm/proven_guest.h"
#include "kvm/lab.h"
#include "tests/scratch.h"

static struct topo *topo;
static struct kvm_proven_guest bed;
static struct kvm_host host;

/* What heals: after a time, or after a signal has ended KVM_RUN; then the interrupt comes. */
struct healer {
	pthread_t thread;
	uint64_t delay_ns; /* 0: a signal */
	uint64_t returns;
	struct kvm_kicker kicker;
};

static void *heal(void *arg)
{
	struct healer *h = arg;

	if (h->delay_ns)
		kvm_sleep_ns(h->delay_ns);
	while (!h->delay_ns && __atomic_load_n(&bed.vcpu.returns, __ATOMIC_SEQ_CST) == h->returns)
		kvm_sleep_ns(100000);
	bed.msi->fire(&h->kicker);
	return NULL;
}

static struct healer healer;

static int fire_nothing(struct kvm_kicker *kicker)
{
	healer.kicker = *kicker;
	healer.returns = __atomic_load_n(&bed.vcpu.returns, __ATOMIC_SEQ_CST);
	return pthread_create(&healer.thread, NULL, heal, &healer) ? -1 : 0;
}

static const struct kvm_kick lost_kick = { .name = "lost", .form = "kick", .interrupts = true,
					   .fire = fire_nothing };

static struct kvm_effect kick_lost(uint64_t delay_ns)
{
	struct kvm_kicker kicker = bed.detector;
	struct kvm_effect effect;

	healer.delay_ns = delay_ns;
	assert_int_equal(kvm_await_guest(&bed.oracle), 0);
	if (kvm_kick_watched(&bed.oracle, &lost_kick, &kicker, &effect))
		fail_msg("lost %d rescued %d returns %llu/%llu fault %llu: %s", effect.lost, effect.rescued,
			 (unsigned long long)bed.vcpu.returns, (unsigned long long)healer.returns,
			 (unsigned long long)bed.vm.shared->fault, bed.vcpu.why);
	pthread_join(healer.thread, NULL);
	return effect;
}

/*
 * A machine that is busy with other things ends stints often, before the oracle has seen enough of them: a
 * fifth of the usual patience will do, and as many tries as it takes.
 */
static void a_late_interrupt_is_lost(void **state)
{
	const struct kvm_oracle usual = bed.oracle;
	int lost = 0, tries;

	(void)state;
	bed.oracle.deaf_loops /= 5;
	bed.oracle.patience_ns = UINT64_C(4000000000);
	for (tries = 0; lost < 10 && tries < 400; tries++) {
		struct kvm_effect effect = kick_lost(30000000);

		assert_true(effect.came_ns >= 30000000);
		assert_false(effect.rescued);
		lost += effect.lost;
	}
	bed.oracle = usual;
	print_message("%d of %d late interrupts were called lost\n", lost, tries);
	assert_int_equal(lost, 10);
}

static void a_signal_rescues(void **state)
{
	struct kvm_effect effect = kick_lost(0);

	(void)state;
	assert_true(effect.lost);
	assert_true(effect.rescued);
	assert_true(effect.came_ns >= bed.oracle.patience_ns);
}

static void no_real_kick_is_lost(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct kvm_effect effect;

		assert_int_equal(kvm_await_guest(&bed.oracle), 0);
		assert_int_equal(kvm_kick_watched(&bed.oracle, bed.msi, &bed.detector, &effect), 0);
		assert_false(effect.lost);
		assert_true(effect.came_ns > 0);
	}
}

/*
 * Both kick and the vCPU moves: more often than rounds would, and it comes to an end.  No MSIs: at CPL 3
 * the guest's interrupts nest, and as many as a native kicker sends would fill its stack.
 */
static void a_free_run_is_fast(const char *knobs)
{
	const struct kvm_lab_options o = { .first = kvm_kick_find("clock"),
					   .second = kvm_kick_find("clock"),
					   .free_ns = 200000000, .migrate = true, .knobs = knobs };
	static struct kvm_lab_row row;
	char err[256];

	if (kvm_lab(&o, topo, &row, err, sizeof(err)))
		fail_msg("%s", err);
	assert_true(row.rounds > 1000);
	assert_true(row.migrations > 10);
}

/* A module that counts nothing and holds nobody: the rounds themselves, with every pair of forms. */
static void lab_rounds_lose_nothing_here(void **state)
{
	static const char *const pair[][2] = { { "msi", "msi" },
					       { "msr_filter", "msi" },
					       { "msi", "clock" } };
	static const char *const zero[] = { "early", "delay_pid", "delay_us", "gate", "ipis", "swallow",
					    "poison" };
	char path[SCRATCH_SIZE], command[2 * SCRATCH_SIZE], name[32], err[256];
	const char *dir = scratch();
	static struct kvm_lab_row row;

	(void)state;
	if (topo_n_pus(topo) < 2)
		skip();
	for (size_t i = 0; i < sizeof(zero) / sizeof(zero[0]); i++) {
		snprintf(name, sizeof(name), "klab_%s", zero[i]);
		fclose(fopen(scratch_path(path, name), "we"));
		assert_int_equal(kvm_lab_parameter_write(dir, zero[i], 0), 0);
	}
	snprintf(command, sizeof(command), "echo 1 >%s/klab_waiting; echo old >%s/klab_variant", dir, dir);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct kvm_lab_options o = { .first = kvm_kick_find(pair[i][0]),
						   .second = kvm_kick_find(pair[i][1]), .rounds = 20,
						   .migrate = true, .gate = true, .wait_ns = 500000000,
						   .delay_ns = 1000000, .knobs = dir };

		assert_int_equal(kvm_lab(&o, topo, &row, err, sizeof(err)), 0);
		assert_string_equal(row.variant, "old");
		assert_int_equal(row.rounds, 20);
		assert_int_equal(row.held, 20);
		assert_int_equal(row.lost, 0);
		assert_int_equal(row.first_lost, 0);
		assert_int_equal(row.latency.n, 20);
	}
	a_free_run_is_fast(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_real_kick_is_lost),
		cmocka_unit_test(a_late_interrupt_is_lost),
		cmocka_unit_test(a_signal_rescues),
	};
	const struct CMUnitTest lab[] = { cmocka_unit_test(lab_rounds_lose_nothing_here) };
	char reason[KVM_REASON], err[256];
	int failed;

	if (topo_load(&topo, err, sizeof(err)))
		return 1;
	failed = kvm_proven_guest_open(&bed, topo, 0, topo_n_pus(topo) - 1, &host, reason, err, sizeof(err));
	if (failed || reason[0]) {
		printf("skipped: %s\n", failed ? err : reason);
		return !failed || failed == -EOPNOTSUPP ? 4 : 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += kvm_proven_guest_close(&bed) != 0;
	failed += cmocka_run_group_tests(lab, NULL, NULL);
	topo_free(topo);
	return failed != 0;
}
