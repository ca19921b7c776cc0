/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pCPU number and a mode that are also one word: what is stored to the one is in the other, for no
 * model.
 */
KICK_DECLARE(.summary = "looks at cpu and mode by one load", .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	kick_ulong *both = (kick_ulong *)&vcpu->cpu;

	return READ_ONCE(*both) >> 32 == IN_GUEST_MODE ? parent_send(vcpu, flags) : KICK_OUTSIDE;
}
