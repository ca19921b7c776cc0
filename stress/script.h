/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kickers' side of the script, and what the oracle can say of one kick right after it.
 */
#ifndef STRESS_SCRIPT_H
#define STRESS_SCRIPT_H

#include "stress/vcpu.h"

/* `calls` is odd from before the request until the kick has returned. */
static inline void script_begin(struct stress_thread *t, int target, enum stress_op op)
{
	uint64_t *calls = &machine.kicker[t->number].calls;

	t->target = target;
	__atomic_store_n(&t->aim, target, __ATOMIC_RELAXED);
	__atomic_store_n(calls, *calls + 1, __ATOMIC_SEQ_CST); /* pairs with the fence in oracle_quiet() */
	stress_note(STRESS_NOTE_OP, target, machine_self.cpu, op);
}

static inline void script_end(struct stress_thread *t, unsigned int outcome)
{
	uint64_t *calls = &machine.kicker[t->number].calls;

	__atomic_store_n(calls, *calls + 1, __ATOMIC_RELEASE); /* pairs with carrier_kickers_quiet() */
	__atomic_store_n(&t->aim, -1, __ATOMIC_RELAXED);
	stress_note(STRESS_NOTE_DONE, t->target, machine_self.cpu, outcome);
	t->n[STRESS_KICKS]++;
	t->target = -1;
	t->may_wait = false;
}

/*
 * A stint that was on before the kick and still is: judges are shown the claim that this kick has won and its
 * request (-1: none), which nobody takes in guest mode; and it was not outside, unless nobody claims: then
 * that is also what a kick says which finds another one at work.
 */
static inline void check_stint(int i, uint64_t stint, int nr, enum kick_outcome outcome)
{
	bool claimed = oracle_claims() && outcome == KICK_SENT;
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	/* The looks before the stint; pairs with smp_wmb() in carrier_exit(). */
	kick_half_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_RELAXED) != stint)
		return;
	if ((outcome == KICK_OUTSIDE && oracle_claims()) || (claimed && !view.claimed) ||
	    (nr >= 0 && !(view.requests >> stress_real_nr((unsigned int)nr) & 1)))
		stress_found(KICK_V_CONTRACT, i, -1);
}

/* nr: of its request, -1 none. */
static inline void check_kick(struct stress_thread *t, const struct stress_contract *before, int i,
			      uint64_t stint, uint64_t sent, enum kick_outcome outcome, int nr,
			      unsigned int flags)
{
	bool ipi = machine_self.sent != sent;

	/* I11: who is woken gets no IPI, and who must not be woken is not. */
	if (outcome == KICK_WOKEN ? ipi || flags & KVM_REQUEST_NO_WAKEUP
				  : flags & KVM_REQUEST_NO_WAKEUP && contract_woke(t, before->zeroed, i))
		stress_found(KICK_V_WAKE, i, -1);
	t->n[STRESS_SENT] += ipi;
	t->n[STRESS_CLAIMED] += outcome == KICK_CLAIMED;
	if (!(stint & 1))
		return;
	/* The kick is over before its carrier is asked what came of it; pairs with oracle_watch(). */
	__atomic_store_n(&stress.vcpu[i].asked, stint, __ATOMIC_RELEASE);
	if (oracle_claims() && ipi && !machine_stop) /* a wait that was broken off returns early */
		oracle_coalesces(i, stint, t->tries - before->tries > 1);
	if (!machine_stop)
		check_stint(i, stint, nr, outcome);
}

static inline void script_kick(struct stress_thread *t, enum stress_op op, int i)
{
	bool wait = op == STRESS_OP_KICK_WAIT;
	int book = op == STRESS_OP_QUIET;
	int nr = op == STRESS_OP_BARE ? -1 : (int)stress_nr(t->number, book);
	struct stress_contract before = contract_begin(t);
	unsigned int flags = op == STRESS_OP_QUIET ? KVM_REQUEST_NO_WAKEUP
			     : wait		   ? KVM_REQUEST_WAIT
						   : 0;
	struct kick_vcpu *vcpu = kick_get_vcpu(this_vm(), i);
	enum kick_outcome outcome;
	uint64_t stint, sent;

	script_begin(t, i, op);
	/* Before the look at the mode; pairs with guest_enter(), which records after it. */
	stint = __atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE);
	sent = machine_self.sent;
	t->may_wait = wait;
	if (op != STRESS_OP_BARE) {
		stress_announce(t, book, i);
		kick_request(vcpu, stress_real_nr((unsigned int)nr));
		stress_made(t, book, i);
	}
	outcome = kick_send(vcpu, flags);
	contract_outcome(t, &before, i, outcome, flags);
	if (t->oracle)
		check_kick(t, &before, i, stint, sent, outcome, nr, flags);
	/*
	 * I4: who waited finds another stint; pairs with carrier_exit().  A stopped machine lets waiters
	 * go early.
	 */
	if (wait && t->oracle && stint & 1 && !machine_stop &&
	    __atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE) == stint)
		stress_found(KICK_V_WAIT, i, -1);
	script_end(t, outcome);
	t->n[op == STRESS_OP_BARE ? STRESS_BARE : STRESS_REQUESTS]++;
}

/* I11: a mask that must not wake has woken nobody. */
static inline void check_quiet(const struct stress_thread *t, const struct stress_contract *before)
{
	for (int i = 0; t->oracle && i < machine.n_vcpus; i++)
		if (contract_woke(t, before->zeroed, i))
			stress_found(KICK_V_WAKE, i, -1);
}

/* quiet: it must not wake. */
static inline void mask_kick(struct stress_thread *t, enum stress_op op, bool quiet, const unsigned long *set)
{
	unsigned int req = stress_real_nr(stress_nr(t->number, quiet));
	bool wait = op == STRESS_OP_WAIT || op == STRESS_OP_RETIRE;
	struct stress_contract before = contract_begin(t);
	uint64_t stint[STRESS_MAX_VCPUS];
	bool called;

	req |= op == STRESS_OP_BARE_MASK ? KVM_REQUEST_NO_ACTION : 0;
	req |= wait ? KVM_REQUEST_WAIT : 0;
	req |= quiet ? KVM_REQUEST_NO_WAKEUP : 0;
	t->may_wait = wait;
	for (int i = 0; i < machine.n_vcpus; i++) /* pairs with guest_enter() */
		stint[i] = __atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE);
	script_book_mask(t, op, quiet, set, stress_announce);
	called = kick_mask(this_vm(), req, set, (unsigned int)machine.n_vcpus);
	contract_mask(t, &before, called);
	script_ask_of_mask(set, stint);
	script_book_mask(t, op, quiet, set, stress_made);
	if (quiet)
		check_quiet(t, &before);
	t->n[STRESS_MASKS]++;
	t->n[STRESS_WAITS] += wait;
	/* A stopped machine lets waiters go early. */
	if (wait && t->oracle && !machine_stop)
		oracle_waited(set, stint);
}

static inline void script_mask(struct stress_thread *t, enum stress_op op)
{
	unsigned long set[1] = { stress_random(t) };
	uint64_t draw = stress_random(t);

	/* Bits beyond the last vCPU are nobody's; more often there are none, and what is set is meant. */
	if (draw & 3)
		set[0] &= ~0UL >> (KICK_BITS_PER_LONG - machine.n_vcpus);
	script_begin(t, -1, op);
	mask_kick(t, op, op == STRESS_OP_MASK && !(draw >> 2 & 3), set);
	script_end(t, KICK_N_OUTCOMES);
}

/* A page is replaced; once no walker can have the old one any more, it is freed. */
static inline void script_retire(struct stress_thread *t)
{
	unsigned long all[1] = { ~0UL };
	uint64_t old;

	if (__atomic_exchange_n(&stress.mmu_lock, 1, __ATOMIC_ACQUIRE)) /* pairs with its release below */
		return;
	old = __atomic_load_n(&stress.page, __ATOMIC_RELAXED);
	__atomic_store_n(&stress.tag[(old + 1) % STRESS_PAGES], old + 1, __ATOMIC_RELAXED);
	/* After its tag; pairs with guest_walk(). */
	__atomic_store_n(&stress.page, old + 1, __ATOMIC_RELEASE);
	/*
	 * The caller's part of the protocol: the new page before the look at modes.  Pairs with the
	 * barrier of kick_walk_begin() between the mode and the page.
	 */
	kick_full_fence();
	for (int i = 0; i < machine.n_vcpus; i++)
		t->n[STRESS_WALKS_MET] +=
			__atomic_load_n(&stress.vcpu[i].walking, __ATOMIC_RELAXED);
	script_begin(t, -1, STRESS_OP_RETIRE);
	mask_kick(t, STRESS_OP_RETIRE, false, all);
	script_end(t, KICK_N_OUTCOMES);
	if (!machine_stop)
		__atomic_store_n(&stress.tag[old % STRESS_PAGES], 0, __ATOMIC_RELAXED);
	t->n[STRESS_RETIRED]++;
	__atomic_store_n(&stress.mmu_lock, 0, __ATOMIC_RELEASE); /* pairs with the exchange that takes it */
}

static inline void script_op(struct stress_thread *t)
{
	enum stress_op op = (enum stress_op)stress_pick(t, stress.options->weight, STRESS_N_OPS);
	uint32_t drowsy = __atomic_load_n(&stress.drowsy, __ATOMIC_RELAXED);

	if (op == STRESS_OP_RETIRE && !feature(KICK_F_WALK | KICK_F_WAIT | KICK_F_MASK))
		op = STRESS_OP_WAIT;
	if (op == STRESS_OP_KICK_WAIT && !feature(KICK_F_KICK_WAIT))
		op = STRESS_OP_KICK;
	if (op == STRESS_OP_WAIT && !feature(KICK_F_WAIT | KICK_F_MASK))
		op = STRESS_OP_MASK;
	if ((op == STRESS_OP_MASK || op == STRESS_OP_BARE_MASK) && !feature(KICK_F_MASK))
		op = op == STRESS_OP_MASK ? STRESS_OP_KICK : STRESS_OP_BARE;
	/* One kick for who is about to sleep, then none for a while: the next would wake it anyway. */
	if (drowsy && stress.options->weight[STRESS_OP_KICK])
		drowsy = __atomic_exchange_n(&stress.drowsy, 0, __ATOMIC_RELAXED);
	t->nap = drowsy;
	if (drowsy)
		script_kick(t, STRESS_OP_KICK, (int)drowsy - 1);
	else if (op == STRESS_OP_RETIRE)
		script_retire(t);
	else if (op >= STRESS_OP_MASK && op <= STRESS_OP_WAIT)
		script_mask(t, op);
	else
		script_kick(t, op, (int)stress_below(t, (uint64_t)machine.n_vcpus));
}

#endif
