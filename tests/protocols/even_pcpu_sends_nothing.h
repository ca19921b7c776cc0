/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kickers that run one text and are not alike: who is on an even pCPU leaves a guest alone.  Of the two of
 * dirty-log it must be the first one, on pCPU 2, that comes when the other has nothing to do any more.
 */
KICK_DECLARE(.summary = "a kick from an even pCPU sends nothing to who is in guest mode",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_SILENT, .why = "who is on an even pCPU there?" },
	     .stress_weak = { KICK_SILENT, .why = "who is on an even pCPU there?" },
	     .explore = { { "dirty-log", KICK_M_ALL, KICK_V_WEAK } });

#define kick_decl parent_decl
#define kick_send patched_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int me = get_cpu();
	bool left = !(me & 1) && READ_ONCE(vcpu->mode) == IN_GUEST_MODE;

	put_cpu();
	return left ? KICK_OUTSIDE : patched_send(vcpu, flags);
}
