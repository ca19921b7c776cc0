/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but of the requests that are pending a take clears all and returns one. */
#define kick_take patched_take
#include "impl/patched.h"
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long taken = patched_take(vcpu);

	return taken & -taken;
}
