/* SPDX-License-Identifier: GPL-2.0-or-later */
/* It is the judge who runs into it. */
#define kick_view(vcpu, view) parent_view(vcpu, view)
#include "impl/patched.h"
#undef kick_view

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	parent_view(vcpu, view);
	__builtin_trap();
}
