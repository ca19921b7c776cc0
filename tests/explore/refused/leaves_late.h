/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One that ends the program only if it has lost a race: in the part of a search that has one. */
void _exit(int code) __attribute__((noreturn));
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	if (outcome == KICK_CLAIMED)
		_exit(0);
	return outcome;
}
