/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kick that waits for nothing. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	while (!(flags & 1u << 31))
		barrier();
	return parent_send(vcpu, flags);
}
