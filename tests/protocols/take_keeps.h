/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: one exchange takes them all. */
KICK_DECLARE(.summary = "requests are taken by one exchange",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_take parent_take
#include "impl/patched.h"
#undef kick_decl
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	(void)parent_take;
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}
