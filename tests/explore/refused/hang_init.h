/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It does not even begin. */
#define kick_vcpu_init parent_init
#include "impl/patched.h"
#undef kick_vcpu_init

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	for (;;)
		__asm__ __volatile__("" : : "r"(vcpu) : "memory");
}
