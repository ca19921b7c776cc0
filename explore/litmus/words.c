// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The vocabulary of litmus tests.  The kernel's orders are those of kick_words.h: a read-modify-write that
 * returns something is fully ordered unless it says otherwise, one that returns nothing orders nothing.
 */
#include "explore/litmus/words.h"

#include <string.h>

#define FENCE(f) .arguments = "", .kind = LT_FENCE, .fences = 1u << (f)
#define RMW(what, k, t) .arguments = what, .kind = LT_RMW, .op = k, .tells = t
#define FULL .order = KICK_FULL, .ordered = true
#define MUTE(what, k) RMW(what, k, LT_TELLS_NOTHING), .order = KICK_RELAXED

static const struct lt_meaning kernel[] = {
	{ "READ_ONCE", .arguments = "l", .kind = LT_LOAD, .order = KICK_RELAXED },
	{ "rcu_dereference", .arguments = "l", .kind = LT_LOAD, .order = KICK_RELAXED },
	{ "smp_load_acquire", .arguments = "p", .kind = LT_LOAD, .order = KICK_ACQUIRE },
	{ "atomic_read", .arguments = "p", .kind = LT_LOAD, .order = KICK_RELAXED, .ordered = true },
	{ "WRITE_ONCE", .arguments = "lv", .kind = LT_STORE, .order = KICK_RELAXED },
	{ "rcu_assign_pointer", .arguments = "lv", .kind = LT_STORE, .order = KICK_RELEASE },
	{ "smp_store_release", .arguments = "pv", .kind = LT_STORE, .order = KICK_RELEASE },
	{ "smp_store_mb", .arguments = "lv", .kind = LT_STORE_MB, .order = KICK_RELAXED },
	{ "atomic_set", .arguments = "pv", .kind = LT_STORE, .order = KICK_RELAXED, .ordered = true },
	{ "smp_mb", FENCE(KICK_MB) },
	{ "smp_rmb", FENCE(KICK_RMB) },
	{ "smp_wmb", FENCE(KICK_WMB) },
	{ "smp_mb__before_atomic", FENCE(KICK_MB_BEFORE_ATOMIC) },
	{ "smp_mb__after_atomic", FENCE(KICK_MB_AFTER_ATOMIC) },
	{ "smp_mb__after_spinlock", .arguments = "", .kind = LT_AFTER_LOCK, .fences = 1u << KICK_MB },
	{ "barrier", .arguments = "", .kind = LT_NOTHING },
	/* Without a grace period in the test a reader's section orders nothing. */
	{ "rcu_read_lock", .arguments = "", .kind = LT_NOTHING },
	{ "rcu_read_unlock", .arguments = "", .kind = LT_NOTHING },
	{ "spin_lock", .arguments = "p", .kind = LT_LOCK },
	{ "spin_unlock", .arguments = "p", .kind = LT_UNLOCK },
	{ "spin_trylock", .arguments = "p", .kind = LT_TRYLOCK },
	{ "spin_is_locked", .arguments = "p", .kind = LT_LOOK },
	{ "xchg", RMW("pv", XP_XCHG, LT_OLD), FULL },
	{ "atomic_xchg", RMW("pv", XP_XCHG, LT_OLD), FULL },
	{ "cmpxchg", RMW("pvv", XP_CMPXCHG, LT_OLD), FULL },
	{ "atomic_cmpxchg", RMW("pvv", XP_CMPXCHG, LT_OLD), FULL },
	{ "atomic_add", MUTE("vp", XP_ADD) },
	{ "atomic_sub", MUTE("vp", XP_ADD), .minus = true },
	{ "atomic_inc", MUTE("p", XP_ADD), .implied = 1 },
	{ "atomic_dec", MUTE("p", XP_ADD), .implied = -1 },
	{ "atomic_and", MUTE("vp", XP_AND) },
	{ "atomic_or", MUTE("vp", XP_OR) },
	{ "atomic_add_return", RMW("vp", XP_FETCH_ADD, LT_NEW), FULL },
	{ "atomic_sub_return", RMW("vp", XP_FETCH_ADD, LT_NEW), FULL, .minus = true },
	{ "atomic_inc_return", RMW("p", XP_FETCH_ADD, LT_NEW), FULL, .implied = 1 },
	{ "atomic_dec_return", RMW("p", XP_FETCH_ADD, LT_NEW), FULL, .implied = -1 },
	{ "atomic_fetch_add", RMW("vp", XP_FETCH_ADD, LT_OLD), FULL },
	{ "atomic_fetch_sub", RMW("vp", XP_FETCH_ADD, LT_OLD), FULL, .minus = true },
	{ "atomic_fetch_inc", RMW("p", XP_FETCH_ADD, LT_OLD), FULL, .implied = 1 },
	{ "atomic_fetch_dec", RMW("p", XP_FETCH_ADD, LT_OLD), FULL, .implied = -1 },
	{ "atomic_fetch_and", RMW("vp", XP_FETCH_AND, LT_OLD), FULL },
	{ "atomic_fetch_or", RMW("vp", XP_FETCH_OR, LT_OLD), FULL },
	{ "atomic_sub_and_test", RMW("vp", XP_FETCH_ADD, LT_IS_ZERO), .order = KICK_FULL, .minus = true },
	{ "atomic_inc_and_test", RMW("p", XP_FETCH_ADD, LT_IS_ZERO), .order = KICK_FULL, .implied = 1 },
	{ "atomic_dec_and_test", RMW("p", XP_FETCH_ADD, LT_IS_ZERO), .order = KICK_FULL, .implied = -1 },
	{ "atomic_add_negative", RMW("vp", XP_FETCH_ADD, LT_IS_NEGATIVE), .order = KICK_FULL },
	{ "atomic_add_unless", .kind = LT_REFUSED },
	{ "smp_mb__after_unlock_lock", .kind = LT_REFUSED },
	{ "synchronize_rcu", .kind = LT_REFUSED },
	{ "synchronize_rcu_expedited", .kind = LT_REFUSED },
	{ "synchronize_srcu", .kind = LT_REFUSED },
	{ "synchronize_srcu_expedited", .kind = LT_REFUSED },
	{ "srcu_read_lock", .kind = LT_REFUSED },
	{ "srcu_read_unlock", .kind = LT_REFUSED },
	{ 0 },
};

static const struct lt_meaning c11[] = {
	{ "atomic_load_explicit", .arguments = "pm", .kind = LT_LOAD },
	{ "atomic_load", .arguments = "p", .kind = LT_LOAD, .order = KICK_SEQ_CST },
	{ "atomic_store_explicit", .arguments = "pvm", .kind = LT_STORE },
	{ "atomic_store", .arguments = "pv", .kind = LT_STORE, .order = KICK_SEQ_CST },
	{ "atomic_exchange_explicit", RMW("pvm", XP_XCHG, LT_OLD) },
	{ "atomic_exchange", RMW("pv", XP_XCHG, LT_OLD), .order = KICK_SEQ_CST },
	{ "atomic_fetch_add_explicit", RMW("pvm", XP_FETCH_ADD, LT_OLD) },
	{ "atomic_fetch_add", RMW("pv", XP_FETCH_ADD, LT_OLD), .order = KICK_SEQ_CST },
	{ "atomic_fetch_sub_explicit", RMW("pvm", XP_FETCH_ADD, LT_OLD), .minus = true },
	{ "atomic_fetch_sub", RMW("pv", XP_FETCH_ADD, LT_OLD), .order = KICK_SEQ_CST, .minus = true },
	{ "atomic_fetch_or_explicit", RMW("pvm", XP_FETCH_OR, LT_OLD) },
	{ "atomic_fetch_or", RMW("pv", XP_FETCH_OR, LT_OLD), .order = KICK_SEQ_CST },
	{ "atomic_fetch_and_explicit", RMW("pvm", XP_FETCH_AND, LT_OLD) },
	{ "atomic_fetch_and", RMW("pv", XP_FETCH_AND, LT_OLD), .order = KICK_SEQ_CST },
	{ "atomic_compare_exchange_strong_explicit", RMW("prvmm", XP_CMPXCHG, LT_SUCCEEDS) },
	{ "atomic_compare_exchange_strong", RMW("prv", XP_CMPXCHG, LT_SUCCEEDS), .order = KICK_SEQ_CST },
	{ "atomic_thread_fence", .arguments = "m", .kind = LT_FENCE },
	/* May fail for no reason, which is no operation of ours. */
	{ "atomic_compare_exchange_weak_explicit", .kind = LT_REFUSED },
	{ "atomic_compare_exchange_weak", .kind = LT_REFUSED },
	{ 0 },
};

static const struct {
	const char *name;
	enum kick_order order;
} orders[] = {
	{ "relaxed", KICK_RELAXED }, { "acquire", KICK_ACQUIRE }, { "release", KICK_RELEASE },
	{ "acq_rel", KICK_ACQ_REL }, { "seq_cst", KICK_SEQ_CST },
};

static bool order_named(const char *name, size_t n, enum kick_order *order)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strlen(orders[i].name) == n && !memcmp(orders[i].name, name, n)) {
			*order = orders[i].order;
			return true;
		}
	return false;
}

bool xp_lt_order(const char *name, size_t n, enum kick_order *order)
{
	const size_t prefix = strlen("memory_order_");

	return n > prefix && !memcmp(name, "memory_order_", prefix) &&
	       order_named(name + prefix, n - prefix, order);
}

static bool find(const struct lt_meaning *m, const char *name, size_t n, struct lt_meaning *meaning)
{
	for (; m->name; m++)
		if (strlen(m->name) == n && !memcmp(m->name, name, n)) {
			*meaning = *m;
			return true;
		}
	return false;
}

bool xp_lt_meaning(bool is_c11, const char *name, size_t n, struct lt_meaning *meaning)
{
	const struct lt_meaning *words = is_c11 ? c11 : kernel;
	const char *suffix;
	enum kick_order order;

	if (find(words, name, n, meaning))
		return true;
	for (suffix = name + n; suffix > name && suffix[-1] != '_';)
		suffix--;
	if (suffix == name || !order_named(suffix, (size_t)(name + n - suffix), &order) ||
	    !find(words, name, (size_t)(suffix - 1 - name), meaning) || !meaning->ordered)
		return false;
	meaning->order = order;
	return true;
}
