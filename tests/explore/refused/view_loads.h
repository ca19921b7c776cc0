/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a judge sees of it is a step, and nobody has taken it. */
#define kick_view(vcpu, view) parent_view(vcpu, view)
#include "impl/packed.h"
#undef kick_view

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	parent_view(vcpu, view);
	view->requests = READ_ONCE(vcpu->requests);
}
