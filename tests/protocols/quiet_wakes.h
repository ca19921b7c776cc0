/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flag is not looked at. */
KICK_DECLARE(.summary = "a kick that must not wake does",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "no-wakeup-sleeper", KICK_M_ALL, KICK_V_WAKE } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	return parent_send(vcpu, flags & ~KVM_REQUEST_NO_WAKEUP);
}
