// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads of a VMM: signals, and sleeping by kick_wait().  A thread's place is its pCPU, which it keeps.
 *
 * A signal pends at a thread until that polls: before each of its operations outside of KVM_RUN.  So it
 * comes between any two of them, by where its sender's step lies; one that is under way for longer is a
 * sender that was slow.  Several that pend are one.
 */
#include "explore/engine/engine.h"
#include "explore/world/ops_explore.h"

static struct xp_op op_of(enum xp_kind kind, int cpu, const struct xp_site *site)
{
	return (struct xp_op){ .kind = kind, .slot = XP_SLOT_PCPU + cpu, .cpu = cpu, .site = site };
}

void xp_signal(int cpu, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_SIGNAL, cpu, site);
	bool changes;

	xp_point(&op);
	changes = !xp.pcpu[cpu].pending;
	xp.pcpu[cpu].pending = 1;
	xp_happened(&op, changes, 0);
}

/* Most find nothing: that is no node of a graph. */
bool xp_poll(bool take, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_POLL, xp_cpu(), site);

	if (xp.setup)
		return false;
	op.n = !take;
	xp_point(&op);
	if (!xp.pcpu[op.cpu].pending) {
		xp_note(0);
		return false;
	}
	if (take)
		xp.pcpu[op.cpu].pending = 0;
	xp_happened(&op, take, 1);
	return true;
}

/* So long that what the thread knew when it took the signal is there for the sender, too. */
void xp_taken(int cpu, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_TAKEN, cpu, site);

	xp_point(&op);
	xp_happened(&op, false, 0);
}

bool xp_nap(int cpu, bool by_signal, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_NAP, cpu, site);
	struct xp_pcpu *place = &xp.pcpu[cpu];
	bool woken;

	op.n = by_signal;
	xp_point(&op);
	woken = place->woken;
	place->woken = false;
	xp_happened(&op, true, woken);
	return woken;
}

const struct xp_site xp_site_idle = { "waits for the next call", "", 0 };

void xp_idle(void)
{
	struct xp_op op = op_of(XP_GUEST_WAIT, xp_cpu(), &xp_site_idle);

	op.n = xp_self();
	xp_point(&op);
	xp_happened(&op, false, 1);
}

void xp_wake(int cpu, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_WAKE, cpu, site);

	xp_point(&op);
	xp.pcpu[cpu].woken = true;
	xp_happened(&op, true, 0);
}

bool xp_trylock(int *lock, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_TRYLOCK, .p = lock, .site = site };
	bool got;

	op.slot = xp_slot(lock, sizeof(*lock));
	xp_point(&op);
	got = !*lock;
	if (got)
		*lock = 1;
	xp_happened(&op, got, got);
	return got;
}

void xp_kernel_entry(const struct xp_site *site)
{
	if (xp.model->buffered)
		xp_fence(KICK_MB, site);
}
