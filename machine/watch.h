/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What counts as poisoned and as lost: verdicts about a vCPU at moments that prove them, never by time.
 * A template includes this after the backend.
 */
#ifndef MACHINE_WATCH_H
#define MACHINE_WATCH_H

#include "machine/carrier.h"

/*
 * Is this stint poisoned, or a request lost?  In guest mode, no IPI pending, and no kicker inside a
 * kick at some moment after the claim or request was seen: nobody is left who could still send one.
 * A lost kick is rescued by an exit, which is what nature would do one day.
 */
static inline void carrier_watch(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	struct machine_pcpu *p = &machine.pcpu[v->cpu];
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	if (!(view.claimed || view.requests))
		return;
	/* The claim before its kicker, who is seen inside; pairs with the store that makes `calls` odd. */
	smp_rmb();
	if (machine_pending(p) || !carrier_kickers_quiet() || machine_pending(p))
		return;
	if (view.claimed && v->poisoned_stint != v->stint) {
		v->poisoned++;
		v->poisoned_stint = v->stint;
	}
	if (view.requests) {
		v->lost++;
		carrier_exit(i, false);
		carrier_enter(i);
	}
}

/*
 * A kicker, its kick returned, asks about the stint it kicked.  The IPI, if there is one, was sent
 * before it asked: when this very stint goes on and nothing is pending, the kick is lost.
 */
static inline void carrier_look_at_rescue(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];

	/* Before the look at the doorbell; pairs with the release in await_exit(). */
	if (__atomic_load_n(&v->rescue, __ATOMIC_ACQUIRE) != v->stint || !(v->stint & 1) ||
	    machine_pending(&machine.pcpu[v->cpu]))
		return;
	v->lost++;
	carrier_exit(i, false);
}

#endif
