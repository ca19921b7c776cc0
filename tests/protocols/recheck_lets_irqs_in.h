/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From then on an IPI is taken by the host, and ends no stint. */
KICK_DECLARE(.summary = "a look from the fast path lets interrupts in",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "self", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_guest_recheck parent_guest_recheck
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_recheck

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	local_irq_enable();
	return parent_guest_recheck(vcpu);
}
