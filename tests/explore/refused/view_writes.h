/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What it does next hangs on how often a judge has looked. */
#define kick_view(vcpu, view) parent_view(vcpu, view)
#include "impl/packed.h"
#undef kick_view

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	parent_view(vcpu, view);
	vcpu->cpu++;
}
