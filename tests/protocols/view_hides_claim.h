/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges hear of no claim. */
KICK_DECLARE(.summary = "a view that never shows a claim",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "view", KICK_M_SC, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_view(...) parent_view(__VA_ARGS__)
#include "impl/patched.h"
#undef kick_decl
#undef kick_view

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	parent_view(vcpu, view);
	view->claimed = false;
}
