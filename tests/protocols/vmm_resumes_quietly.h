/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmm_suspends, but who is suspended sleeps on its order, and who resumes it wakes nobody. */
KICK_DECLARE(.summary = "takes the order to stay back, and wakes nobody who sleeps on it",
	     .origin = "test", .features = KICK_F_SIGNAL | KICK_F_PAUSE,
	     .stress_tso = { KICK_SILENT, 0, "who sleeps on a word looks again each millisecond there" },
	     .stress_weak = { KICK_SILENT, 0, "the same" },
	     .explore = { { "pause", KICK_M_ALL, KICK_V_DEADLOCK } });

#define kick_decl parent_decl
#define kick_park parent_park
#include "tests/protocols/vmm_suspends.h"
#undef kick_decl
#undef kick_park

static inline void kick_park(struct kick_vcpu *vcpu)
{
	kick_fas_lock(&vcpu->control_lock);
	while (READ_ONCE(vcpu->suspend_cpu)) {
		WRITE_ONCE(vcpu->cpu_suspended, 1);
		kick_fas_unlock(&vcpu->control_lock);
		kick_wait(&vcpu->suspend_cpu, 1);
		kick_fas_lock(&vcpu->control_lock);
	}
	WRITE_ONCE(vcpu->cpu_suspended, 0);
	kick_fas_unlock(&vcpu->control_lock);
}
