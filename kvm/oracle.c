// SPDX-License-Identifier: GPL-2.0-or-later
/* Kick, poll, judge. */
#include "kvm/oracle.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

enum { MS = 1000000 };
static const uint64_t give_up_ns = UINT64_C(5000) * MS;
static const uint64_t spin_ns = 200000; /* then others may have the PU, if it is not only ours */

struct watch {
	const struct kvm_oracle *oracle;
	const volatile uint64_t
		*count; /* grows when the effect has come; NULL: an exit is all there is */
	uint64_t count0, exits0, began;
	uint64_t exits, loops; /* the stint being watched, and where in it the watch began */
	uint64_t loops0;       /* when the call returned */
	uint64_t signalled;    /* when the rescue was tried; 0: not */
};

static const volatile uint64_t *count_of(const struct kvm_oracle *o, const struct kvm_kick *kick,
					 const struct kvm_kicker *kicker)
{
	if (kick->interrupts)
		return &o->vm->shared->interrupts[kicker->vector];
	return strcmp(kick->form, "signal") ? NULL : &o->vcpu->returns;
}

static bool broken(const struct kvm_oracle *o)
{
	return kvm_vcpu_ended(o->vcpu) || o->vm->shared->fault;
}

static void set_hold(const struct kvm_oracle *o, int hold)
{
	if (o->hold)
		__atomic_store_n(o->hold, hold, __ATOMIC_RELAXED);
}

/* Is this stint deaf?  The loops are read first: if no exit is counted yet, they were one stint's. */
static bool deaf(struct watch *w, struct kvm_effect *effect)
{
	uint64_t loops = w->oracle->vm->shared->loops;
	uint64_t exits = kvm_vm_exits(w->oracle->vm);

	if (exits != w->exits0 && !effect->exit_ns)
		effect->exit_ns = kvm_now_ns() - w->began;
	if (exits != w->exits) {
		w->exits = exits;
		w->loops = loops;
	}
	if (loops - w->loops >= w->oracle->deaf_loops / 8)
		set_hold(w->oracle, 1);
	return loops - w->loops >= w->oracle->deaf_loops;
}

/* It went on through exits and all: also lost. */
static bool overdue(const struct watch *w, uint64_t now)
{
	return now - w->began > 100 * MS &&
	       w->oracle->vm->shared->loops - w->loops0 > 20 * w->oracle->deaf_loops;
}

/* One look.  1: go on; 0: done. */
static int look(struct watch *w, struct kvm_effect *effect)
{
	bool is_deaf = deaf(w, effect);
	uint64_t now = kvm_now_ns();

	if (w->count && __atomic_load_n(w->count, __ATOMIC_RELAXED) != w->count0) {
		effect->came_ns = now - w->began;
		effect->rescued = w->signalled != 0;
		return 0;
	}
	if (!w->count)
		return !effect->exit_ns && !is_deaf && now - w->began < 100 * MS;
	if (is_deaf || overdue(w, now))
		effect->lost = true;
	if (effect->lost && !w->signalled && now - w->began > w->oracle->patience_ns) {
		w->signalled = now;
		kvm_vcpu_signal(w->oracle->vcpu);
	}
	if (now - w->began > give_up_ns || broken(w->oracle))
		return broken(w->oracle) ? -EIO : -ETIMEDOUT;
	if (now - w->began > spin_ns)
		sched_yield();
	return 1;
}

int kvm_kick_watched(const struct kvm_oracle *o, const struct kvm_kick *kick,
		     struct kvm_kicker *kicker, struct kvm_effect *effect)
{
	struct watch w = { .oracle = o, .count = count_of(o, kick, kicker) };
	int more;

	*effect = (struct kvm_effect){ 0 };
	w.count0 = w.count ? __atomic_load_n(w.count, __ATOMIC_RELAXED) : 0;
	w.exits0 = w.exits = kvm_vm_exits(o->vm);
	w.began = kvm_now_ns();
	more = kick->fire(kicker);
	effect->call_ns = kvm_now_ns() - w.began;
	w.loops = w.loops0 = o->vm->shared->loops;
	if (more)
		return more;
	do
		more = look(&w, effect);
	while (more > 0);
	set_hold(o, 0);
	return more;
}

int kvm_await_guest(const struct kvm_oracle *o)
{
	uint64_t began = kvm_now_ns(), loops = o->vm->shared->loops;

	while (o->vm->shared->loops - loops < 1 + o->deaf_loops / 64) {
		if (broken(o))
			return -EIO;
		if (kvm_now_ns() - began > give_up_ns)
			return -ETIMEDOUT;
		if (kvm_now_ns() - began > spin_ns)
			sched_yield();
	}
	return 0;
}
