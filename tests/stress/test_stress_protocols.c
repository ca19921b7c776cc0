// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protocols that somebody might write (tests/protocols/), until stress has found what they declare: within so
 * many kicks, in runs that go on until then.  Where a machine is so busy that those kicks take too long,
 * nothing is said of it.  In one that declares nothing, nothing is found.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "stress/stress.h"
#include "topo/topo.h"

/* A sound one has one run, and a short one. */
enum { MOST_RUNS = 40, RUN_NS = 1000000000, SOUND_RUN_NS = 100000000, ENOUGH_KICKS = 5000000 };

#define X(name) extern const struct stress_backend stress_backend_##name;
#include "test_protocols.def"
#undef X

static const struct stress_backend *const protocols[] = {
#define X(name) &stress_backend_##name,
#include "test_protocols.def"
#undef X
};

static int undecided;

/* What one run finds, KICK_V_*. */
static unsigned int run(const struct stress_backend *backend, const struct topo *topo, uint64_t seed,
			uint64_t run_ns, uint64_t *kicks)
{
	static struct stress_result result;
	struct stress_options o;
	char err[256] = "";

	stress_options_init(&o);
	o.seed = seed;
	o.duration_ns = run_ns;
	o.until_found = true;
	o.faults = STRESS_NO_MEMORY;
	assert_int_equal(stress_run(backend, &o, topo, &result, err, sizeof(err)), 0);
	*kicks += result.n[STRESS_KICKS];
	stress_result_fini(&result);
	return result.bits;
}

static void judge(const struct stress_backend *backend, const struct topo *topo)
{
	const struct kick_stress_expect *e = stress_expect(backend);
	unsigned int found = 0;
	uint64_t kicks = 0;
	char why[256];

	if (stress_na(backend))
		return;
	if (stress_misdeclared(backend, why, sizeof(why)))
		fail_msg("%s: %s", backend->name, why);
	for (int i = 1; i <= MOST_RUNS && kicks < ENOUGH_KICKS && (found & e->finds) != e->finds; i++)
		found |= run(backend, topo, (uint64_t)i, RUN_NS, &kicks);
	if (e->verdict == KICK_SOUND)
		found |= run(backend, topo, 1, SOUND_RUN_NS, &kicks);
	if (e->verdict == KICK_SOUND && found)
		fail_msg("%s is sound, and 0x%x was found", backend->name, found);
	if ((found & e->finds) == e->finds)
		print_message("%s: %s within %llu kicks\n", backend->name,
			      e->finds ? stress_kind_name(__builtin_ctz(e->finds)) : "nothing",
			      (unsigned long long)kicks);
	else if (kicks < ENOUGH_KICKS)
		undecided += printf("skipped: %s not decided in %llu kicks\n", backend->name,
				    (unsigned long long)kicks) > 0;
	else
		fail_msg("%s: not found in %llu kicks", backend->name, (unsigned long long)kicks);
}

static void each_is_as_it_declares(void **state)
{
	struct topo *topo = NULL;
	char err[256] = "";

	(void)state;
	assert_int_equal(topo_load(&topo, err, sizeof(err)), 0);
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		judge(protocols[i], topo);
	topo_free(topo);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_as_it_declares) };

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed ? 1 : undecided ? 4 : 0;
}
