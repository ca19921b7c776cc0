/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A counter that lies outside of the structs. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static int sent;

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (++sent > 1000)
		return KICK_OUTSIDE;
	return parent_send(vcpu, flags);
}
