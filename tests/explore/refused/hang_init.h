/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It does not even begin. */
#define kick_vcpu_init parent_init
#include "impl/patched.h"
#undef kick_vcpu_init

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	for (;;)
		barrier(); /* and not nothing, which a compiler leaves out */
}
