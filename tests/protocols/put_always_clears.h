/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: the number is stale from then on anyway. */
KICK_DECLARE(.summary = "cpu is -1 after every put",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_vcpu_put parent_vcpu_put
#include "impl/patched.h"
#undef kick_decl
#undef kick_vcpu_put

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	parent_vcpu_put(vcpu);
	WRITE_ONCE(vcpu->cpu, -1);
}
