/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pointer to nowhere. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int *volatile nowhere = NULL;

	return *nowhere ? KICK_OUTSIDE : parent_send(vcpu, flags);
}
