/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kicker waits for an acknowledgement as the vCPU sleeps: by kick_schedule(), on the vCPU's task. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	kick_schedule(&vcpu->task);
	return outcome;
}
