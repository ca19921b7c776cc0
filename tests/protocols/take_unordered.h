/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bit is what counts, it thinks: what a request is about is read whenever. */
KICK_DECLARE(.summary = "a take that orders nothing behind it",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { { "data", KICK_M_RC11 | KICK_M_LKMM | KICK_M_ARMV8, KICK_V_STALE } });

#define kick_decl parent_decl
#define kick_take parent_take
#include "impl/patched.h"
#undef kick_decl
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long pending = READ_ONCE(vcpu->requests);

	for (unsigned int nr = 0; nr < 32; nr++)
		if (pending >> nr & 1)
			clear_bit(nr, &vcpu->requests);
	return pending;
}
