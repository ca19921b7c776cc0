/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a kick of a claimed stint says that it sent an IPI. */
#define kick_send patched_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = patched_send(vcpu, flags);

	return outcome == KICK_CLAIMED ? KICK_SENT : outcome;
}
