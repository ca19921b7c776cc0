/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It hears no signal, and never returns. */
int sigfillset(void *set);
int sigprocmask(int how, const void *set, void *old);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	unsigned long all[32];

	sigfillset(all);
	sigprocmask(0, all, NULL);
	while (flags != ~0u)
		barrier();
	return parent_send(vcpu, flags);
}
