/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing orders the request before the number where nobody may be woken. */
KICK_DECLARE(.summary = "a kick that may not wake looks for cpu -1 without a barrier",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_SILENT, .why = "set_bit() is a full barrier, or as good as one" },
	     .stress_weak = { KICK_SILENT, .why = "set_bit() is a full barrier, or as good as one" },
	     .explore = { { "no-wakeup", KICK_M_RC11, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;
	if (READ_ONCE(vcpu->cpu) == -1)
		return KICK_OUTSIDE;
	return parent_send(vcpu, flags | KVM_REQUEST_NO_WAKEUP);
}
