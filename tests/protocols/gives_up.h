/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kicker that looks a few times whether the vCPU has left by itself, and sends nothing.  Such a loop ends:
 * it is no wait, although one turn of it looks like the next.
 */
KICK_DECLARE(.summary = "looks four times, and gives up", .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;
	for (int turn = 0; turn < 4 && READ_ONCE(vcpu->mode) == IN_GUEST_MODE; turn++)
		kick_pause();
	return KICK_OUTSIDE;
}
