/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: what was seen is taken by one operation. */
KICK_DECLARE(.summary = "requests are taken by an and of all that were seen",
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
	unsigned long seen = READ_ONCE(vcpu->requests);

	(void)parent_take;
	return seen ? fetch_and(&vcpu->requests, ~seen) & seen : 0;
}
