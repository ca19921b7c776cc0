/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 8 MB of locals. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	char large[8 << 20];

	__asm__ __volatile__("" : : "r"(large) : "memory");
	return parent_send(vcpu, flags);
}
