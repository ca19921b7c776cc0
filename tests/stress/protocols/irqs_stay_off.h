/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but an entry that is broken off leaves interrupts off. */
#define kick_guest_enter patched_guest_enter
#include "impl/patched.h"
#undef kick_guest_enter

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool entered = patched_guest_enter(vcpu);

	if (!entered)
		local_irq_disable();
	return entered;
}
