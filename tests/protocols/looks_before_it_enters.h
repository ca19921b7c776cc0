/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: one look more, before the mode is published. */
KICK_DECLARE(.summary = "an entry that is given up early",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_guest_enter parent_guest_enter
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_enter

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (READ_ONCE(vcpu->requests))
		return false;
	return parent_guest_enter(vcpu);
}
