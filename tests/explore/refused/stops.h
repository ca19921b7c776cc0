/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It stops itself. */
int raise(int signal);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	raise(19);
	return parent_send(vcpu, flags);
}
