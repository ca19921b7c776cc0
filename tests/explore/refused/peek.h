/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word that is read past its words: no judge sees it. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (kick_peek(vcpu->mode) == OUTSIDE_GUEST_MODE)
		return KICK_OUTSIDE;
	return parent_send(vcpu, flags);
}
