/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that lies behind the vCPU, the engine with it. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	void *volatile all = vcpu; /* whatever it is */

	__builtin_memset(all, 0, flags == ~0u ? 4 : 1 << 22);
	return parent_send(vcpu, flags);
}
