/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It asks for memory without end, and uses it. */
void *malloc(__SIZE_TYPE__ size);
void explicit_bzero(void *at, __SIZE_TYPE__ size);
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	while (flags != ~0u) {
		void *more = malloc(1 << 20);

		if (more)
			explicit_bzero(more, 1 << 20);
	}
	return parent_send(vcpu, flags);
}
