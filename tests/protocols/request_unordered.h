/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kick has barriers enough, it thinks: the bit need not stay behind what it is about. */
KICK_DECLARE(.summary = "a request without smp_wmb() before it",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { { "data", KICK_M_RC11 | KICK_M_LKMM | KICK_M_ARMV8, KICK_V_STALE } });

#define kick_decl parent_decl
#define kick_request parent_request
#include "impl/patched.h"
#undef kick_decl
#undef kick_request

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	set_bit(nr, &vcpu->requests);
}
