/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one signal that nobody can catch. */
int raise(int signal);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	raise(9);
	return parent_send(vcpu, flags);
}
