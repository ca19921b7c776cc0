/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal between the look at a plain field and its clearing, which lie between no operations, is lost. */
#include "kick_vmm.h"

#define HANDLER_SAYS(vcpu) ((vcpu)->stop = true)
#define THREAD_LOOKS(vcpu) looks(vcpu)
static inline bool looks(struct kick_vcpu *vcpu);
#include "tests/explore/refused/family/handler.h"

static inline bool looks(struct kick_vcpu *vcpu)
{
	bool stop = vcpu->stop;

	vcpu->stop = false;
	return stop;
}
