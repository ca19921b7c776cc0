/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, whose take says what is pending and leaves it there: the vCPU's thread goes round for ever. */
#define kick_take parent_take
#include "impl/patched.h"
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests);
}
