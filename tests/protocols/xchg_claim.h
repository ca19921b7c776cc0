/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but the claim is an exchange, whatever the mode was. */
KICK_DECLARE(.summary = "the claim is an exchange, whatever the mode was",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_MODE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_MODE },
	     .explore = { { "claims", KICK_M_ALL, KICK_V_MODE },
			  { "claims-mask", KICK_M_ALL, KICK_V_MODE } });

#define kick_decl parent_decl
#define KVM_CLAIM(vcpu) xchg(&(vcpu)->mode, EXITING_GUEST_MODE)
#include "impl/patched.h"
#undef kick_decl
