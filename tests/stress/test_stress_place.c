// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where stress puts its threads, on machines that are not here: every distance that a machine has gets its
 * turn, with the windows on and off; no PU has two threads while another has none; and a kicker is as far
 * from a carrier as the turn says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "stress/state.h"
#include "topo/topo.h"

static const char *const machines[] = {
	"pu:1",
	"core:2 pu:1",
	"core:4 pu:2",
	"pack:2 [numa] l3:2 core:4 pu:2",
	"pack:2 die:2 [numa] l3:2 core:8 pu:2",
	"pack:8 [numa] l3:4 core:16 pu:2",
};
enum { N_MACHINES = sizeof(machines) / sizeof(machines[0]), PHASES = 96, MOST = 1024 };

static struct topo *load(const char *text)
{
	struct topo *topo;
	char err[256];

	if (topo_load_synthetic(&topo, text, err, sizeof(err)))
		fail_msg("%s: %s", text, err);
	return topo;
}

static void every_distance_has_its_turn(void **state)
{
	(void)state;
	for (int m = 0; m < N_MACHINES; m++) {
		struct topo *topo = load(machines[m]);
		struct stress_options o;
		unsigned int there, seen[2] = { 0 };
		bool apart;

		stress_options_init(&o);
		there = stress_distances(&o, topo);
		assert_true(there);
		for (unsigned int n = 0; n < PHASES; n++)
			seen[n & 1] |= TOPO_BIT(stress_turn_of(there, n, &apart)); /* odd: windows off */
		assert_int_equal(seen[0], there);
		assert_int_equal(seen[1], there);
		o.distances = TOPO_BIT(TOPO_SMT);
		there = stress_distances(&o, topo);
		assert_int_equal(there & ~TOPO_BIT(TOPO_SMT), 0);
		topo_free(topo);
	}
}

static void check_phase(const struct topo *topo, const struct stress_phase *p, int kickers, int carriers)
{
	int pu[MOST], load_of[MOST] = { 0 }, pus = topo_n_pus(topo), threads = kickers + carriers, most = 0;
	bool at_distance = false;

	assert_int_equal(stress_place(p, kickers, carriers, pu), 0);
	for (int k = 0; k < threads; k++) {
		assert_in_range(pu[k], 0, pus - 1);
		most = ++load_of[pu[k]] > most ? load_of[pu[k]] : most;
	}
	for (int k = 0; k < kickers; k++)
		for (int c = kickers; c < threads; c++)
			at_distance |= topo_distance(topo, pu[k], pu[c]) == p->distance;
	if (p->distance != TOPO_SAME && threads <= pus)
		assert_int_equal(most, 1);
	assert_true(at_distance);
}

static void threads_are_as_far_apart_as_the_turn_says(void **state)
{
	(void)state;
	for (int m = 0; m < N_MACHINES; m++) {
		struct topo *topo = load(machines[m]);
		struct stress_options o;
		int kickers, carriers, all[] = { 0, 2, topo_n_pus(topo), 2 * topo_n_pus(topo) };

		stress_options_init(&o);
		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
			o.threads = all[i] == 1 ? 2 : all[i] > MOST ? MOST : all[i];
			stress_crew(&o, topo, &kickers, &carriers);
			if (o.threads)
				assert_int_equal(kickers + carriers, o.threads);
			for (unsigned int n = 0; n < (topo_n_pus(topo) > 64 ? 8 : PHASES); n++) {
				struct stress_phase p = { .options = &o, .topo = topo, .number = n,
							  .seed = n };

				p.distance = stress_turn_of(stress_distances(&o, topo), n, &p.apart);
				check_phase(topo, &p, kickers, carriers);
			}
		}
		topo_free(topo);
	}
}

/* A thread per PU, and no more than sixteen unless they were asked for. */
static void the_default_uses_the_machine_up_to_a_cap(void **state)
{
	(void)state;
	for (int m = 0; m < N_MACHINES; m++) {
		struct topo *topo = load(machines[m]);
		int kickers, carriers, pus = topo_n_pus(topo);
		struct stress_options o;

		stress_options_init(&o);
		stress_crew(&o, topo, &kickers, &carriers);
		assert_int_equal(kickers + carriers, pus < 3 ? 3 : pus < 16 ? pus : 16);
		topo_free(topo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_distance_has_its_turn),
		cmocka_unit_test(threads_are_as_far_apart_as_the_turn_says),
		cmocka_unit_test(the_default_uses_the_machine_up_to_a_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
