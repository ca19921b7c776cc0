// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protocols that are each broken in one way, until stress has found it: within so many kicks, in runs that
 * go on until then.  Where a machine is so busy that those kicks take too long, nothing is said of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "stress/stress.h"
#include "topo/topo.h"

enum { MOST_RUNS = 40, RUN_NS = 1000000000, ENOUGH_KICKS = 1000000 };

#define PROTOCOLS(X)                                                                               \
	X(mask_idle, KICK_V_LOST)                                                                  \
	X(mask_skips, KICK_V_LOST)                                                                 \
	X(mask_says_no, KICK_V_CONTRACT)                                                           \
	X(take_loses, KICK_V_LOST)                                                                 \
	X(take_high, KICK_V_LOST)                                                                  \
	X(no_action, KICK_V_CONTRACT)                                                              \
	X(says_sent, KICK_V_CONTRACT)                                                              \
	X(irqs_stay_off, KICK_V_CONTRACT)                                                          \
	X(preempt_stays_off, KICK_V_CONTRACT)                                                      \
	X(late_irq_off, KICK_V_POISONED)                                                           \
	X(xchg_claim, KICK_V_MODE)

#define DECLARE(name, bit) extern const struct stress_backend stress_backend_##name;
PROTOCOLS(DECLARE)

static int undecided;

/* Kicks until it is found, 0: it was not. */
static unsigned long long find(const struct stress_backend *shape, unsigned int bit,
			       unsigned long long *kicks)
{
	static struct stress_result result;
	struct kick_declaration decl = *shape->decl;
	struct stress_backend backend = *shape;
	struct topo *topo = NULL;
	struct stress_options o;
	char err[256] = "";

	decl.stress_tso = decl.stress_weak = (struct kick_stress_expect){ KICK_CAUGHT, bit, NULL };
	backend.decl = &decl;
	*kicks = 0;
	assert_int_equal(topo_load(&topo, err, sizeof(err)), 0);
	for (int run = 1; run <= MOST_RUNS && *kicks < ENOUGH_KICKS; run++) {
		bool found;

		stress_options_init(&o);
		o.seed = (uint64_t)run;
		o.duration_ns = RUN_NS;
		o.until_found = true;
		assert_int_equal(stress_run(&backend, &o, topo, &result, err, sizeof(err)), 0);
		*kicks += result.n[STRESS_KICKS];
		found = result.bits & bit;
		stress_result_fini(&result);
		if (found) {
			topo_free(topo);
			return *kicks;
		}
	}
	topo_free(topo);
	return 0;
}

static void broken_ones_are_found(void **state)
{
	static const struct {
		const struct stress_backend *backend;
		unsigned int bit;
	} protocols[] = {
#define ROW(name, bit) { &stress_backend_##name, bit },
		PROTOCOLS(ROW)
	};
	unsigned long long kicks;

	(void)state;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		const char *name = protocols[i].backend->name, *kind = kick_property(protocols[i].bit)->count;

		if (find(protocols[i].backend, protocols[i].bit, &kicks))
			print_message("%s: %s within %llu kicks\n", name, kind, kicks);
		else if (kicks < ENOUGH_KICKS)
			undecided += printf("skipped: %s not decided in %llu kicks\n", name, kicks) > 0;
		else
			fail_msg("%s: no %s in %llu kicks", name, kind, kicks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(broken_ones_are_found) };

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed ? failed : undecided ? 4 : 0;
}
