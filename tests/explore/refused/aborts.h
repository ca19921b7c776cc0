/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It has enough of it. */
void abort(void) __attribute__((noreturn));
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (flags != ~0u)
		abort();
	return parent_send(vcpu, flags);
}
