/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 8 MB of locals. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	volatile char large[8 << 20];

	large[0] = 0;
	return parent_send(vcpu, flags + large[0]);
}
