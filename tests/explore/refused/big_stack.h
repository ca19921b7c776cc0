/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 200 kB of locals. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	volatile char large[200000];

	large[0] = 0;
	return parent_send(vcpu, flags + large[0]);
}
