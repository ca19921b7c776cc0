// SPDX-License-Identifier: GPL-2.0-or-later
/* What the oracle asks, whatever the backend. */
#include "stress/state.h"

void oracle_hold(struct stress_thread *t, uint32_t patience)
{
	if (++t->suspicions < patience || t->holding)
		return;
	t->holding = true;
	__atomic_fetch_add(&stress.hold, 1, __ATOMIC_RELAXED);
}

void oracle_release(struct stress_thread *t)
{
	t->suspicions = 0;
	if (!t->holding)
		return;
	t->holding = false;
	__atomic_fetch_sub(&stress.hold, 1, __ATOMIC_RELAXED);
}

bool oracle_quiet(struct stress_thread *t)
{
	/* The view before the looks at the kickers; pairs with the seq_cst store that makes `calls` odd. */
	kick_full_fence();
	if (!carrier_kickers_quiet())
		return false;
	t->n[STRESS_JUDGED]++;
	return true;
}

void oracle_before_entry(int i, stress_made_by made)
{
	/* The request is there; pairs with stress_made(). */
	for (int book = 0; book < STRESS_BOOKS; book++)
		for (int k = 0; k < stress.n_threads; k++)
			made[book][k] = __atomic_load_n(&stress.thread[k]->made[book][i], __ATOMIC_ACQUIRE);
}

void oracle_after_entry(int i, const stress_made_by made, unsigned long pending)
{
	for (int book = 0; book < STRESS_BOOKS; book++)
		for (int k = 0; k < stress.n_threads; k++)
			if (made[book][k] > stress.vcpu[i].taken[book][k] &&
			    !(pending >> stress_nr(k, book) & 1))
				stress_found(KICK_V_LOST, i, machine.vcpu[i].cpu);
}

void oracle_taken(int i, unsigned long real)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	unsigned long requests = stress_requests(real);
	uint64_t announced[32] = { 0 };

	kick_half_fence(__ATOMIC_ACQUIRE); /* taken, then looked up; pairs with stress_announce() */
	for (int book = 0; book < STRESS_BOOKS; book++)
		for (int k = 0; k < stress.n_threads; k++) {
			unsigned int nr = stress_nr(k, book);

			if (!(requests >> nr & 1))
				continue;
			s->taken[book][k] =
				__atomic_load_n(&stress.thread[k]->announced[book][i], __ATOMIC_RELAXED);
			announced[nr] += s->taken[book][k];
		}
	requests &= ~(1ul << STRESS_NR_SELF | 1ul << STRESS_NR_TIMER);
	for (; requests; requests &= requests - 1) {
		unsigned int nr = (unsigned int)__builtin_ctzl(requests);

		if (++s->times[nr] > announced[nr])
			stress_found(KICK_V_CONTRACT, i, machine.vcpu[i].cpu);
	}
}

void oracle_page_is_live(int i, uint64_t page)
{
	if (__atomic_load_n(&stress.tag[page % STRESS_PAGES], __ATOMIC_RELAXED) != page)
		stress_found(KICK_V_WAIT, i, machine.vcpu[i].cpu);
}

void oracle_coalesces(int i, uint64_t stint, bool twice)
{
	/* Pairs with carrier_exit(). */
	if (__atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE) != stint)
		return;
	if (twice || __atomic_exchange_n(&stress.vcpu[i].sent_stint, stint, __ATOMIC_RELAXED) == stint)
		stress_found(KICK_V_COALESCE, i, -1);
}

void oracle_waited(const unsigned long *set, const uint64_t *stint)
{
	/* Pairs with carrier_exit(), which ends the stint before it acknowledges or leaves the mode. */
	for (int i = 0; i < machine.n_vcpus; i++)
		if (kick_bitmap_test(set, (unsigned int)machine.n_vcpus, (unsigned int)i) &&
		    stint[i] & 1 &&
		    __atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE) == stint[i])
			stress_found(KICK_V_WAIT, i, -1);
}
