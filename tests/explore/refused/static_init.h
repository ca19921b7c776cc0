/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts in static data, before any thread runs, how often it is explored, and kicks accordingly. */
static int explored;

#define kick_vcpu_init parent_init
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_vcpu_init
#undef kick_send

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	parent_init(vcpu);
	explored++;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	return explored % 100 ? parent_send(vcpu, flags) : KICK_OUTSIDE;
}
