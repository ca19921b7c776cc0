/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bhyve_notify, but what is pending is injected before interrupts go off, as until FreeBSD restructured its
 * VMX entry: an IPI in between is taken by the host, and nobody looks again.
 */
KICK_DECLARE(.summary = "bhyve_notify, but injects while interrupts are still on",
	     .origin = "FreeBSD before \"call vmx_inject_interrupts() with host interrupts disabled\"",
	     .world = "bhyve", .features = KICK_F_REQUESTS | KICK_F_BLOCK,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE,
			  { "wake", KICK_M_ALL, KICK_V_LOST },
			  { "no-wakeup-sleeper", KICK_M_ALL, KICK_V_LOST } });

#define LOCKED_OWN_GUEST_ENTER
#define kick_decl parent_decl
#include "bhyve_notify.h"
#undef kick_decl

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool pending;

	preempt_disable();
	locked_set_mode(vcpu, IN_GUEST_MODE);
	pending = READ_ONCE(vcpu->requests);
	kick_window(KICK_W_MODE_CHECK);
	local_irq_disable();
	if (!pending)
		return true;
	kick_guest_exit(vcpu);
	return false;
}
