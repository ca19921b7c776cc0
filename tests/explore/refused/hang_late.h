/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One that waits only if it has lost a race. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	while (outcome == KICK_CLAIMED)
		barrier();
	return outcome;
}
