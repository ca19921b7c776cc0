/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It waits for a signal that nobody sends. */
int pause(void);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	pause();
	return parent_send(vcpu, flags);
}
