/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts stay off where nothing was entered. */
KICK_DECLARE(.summary = "an entry that fails leaves interrupts off",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_guest_enter parent_guest_enter
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_enter

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool in = parent_guest_enter(vcpu);

	if (!in)
		local_irq_disable();
	return in;
}
