/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: only one of several wakers finds it asleep. */
KICK_DECLARE(.summary = "a sleeper is woken by an exchange",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	if (!(flags & KVM_REQUEST_NO_WAKEUP)) {
		struct kick_task *task;

		smp_mb();
		task = READ_ONCE(vcpu->wait);
		if (task && xchg(&task->state, TASK_RUNNING) == TASK_INTERRUPTIBLE)
			return KICK_WOKEN;
	}
	return parent_send(vcpu, flags | KVM_REQUEST_NO_WAKEUP);
}
