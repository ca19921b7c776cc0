/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, with a kick that depends on how often it was called before: somebody else counts. */
int nondeterministic_calls(void);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (nondeterministic_calls() % 7 == 0)
		(void)READ_ONCE(vcpu->cpu);
	return parent_send(vcpu, flags);
}
