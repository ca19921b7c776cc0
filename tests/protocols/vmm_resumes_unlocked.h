/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A CPU is suspended by an NMI, and says so; resume takes the order back and does not wait.  Suspended again
 * at once, it may still say so of the time before, and not see the order: Jailhouse's cpu_suspended without
 * its lock.
 */
#include "kick_vmm.h"
#define KICK_LACKS_LOAD
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_REQUESTS
#define KICK_LACKS_SEND
#define KICK_LACKS_EXIT_WORK
#define KICK_LACKS_NEW_CALL

KICK_DECLARE(.summary = "trusts the acknowledgement of the pause before", .origin = "after Jailhouse",
	     .features = KICK_F_SIGNAL | KICK_F_PAUSE,
	     .stress_tso = { KICK_SILENT, 0, "a store buffer must hold one store for a whole pause" },
	     .stress_weak = { KICK_SILENT, 0, "the same" },
	     .explore = { { "pause", KICK_M_SC, 0 }, { "pause", KICK_M_STORE_BUFFER, KICK_V_WAIT } });

struct kick_vcpu {
	kick_int suspend;   /* the controller's */
	kick_int suspended; /* the vCPU's thread's */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_stop_all(struct kick_vm *vm)
{
	for (int i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		WRITE_ONCE(vcpu->suspend, 1);
		if (READ_ONCE(vcpu->suspended))
			continue;
		kick_signal(vcpu);
		while (!READ_ONCE(vcpu->suspended))
			kick_pause();
	}
}

static inline void kick_resume_all(struct kick_vm *vm)
{
	for (int i = 0; i < kick_nr_vcpus(vm); i++)
		WRITE_ONCE(kick_get_vcpu(vm, i)->suspend, 0);
}

static inline void kick_park(struct kick_vcpu *vcpu)
{
	if (!READ_ONCE(vcpu->suspend))
		return;
	WRITE_ONCE(vcpu->suspended, 1);
	while (READ_ONCE(vcpu->suspend))
		kick_pause();
	kick_window(KICK_W_RESUME_PARK);
	WRITE_ONCE(vcpu->suspended, 0);
}

/* An NMI that comes before the guest runs ends it at once. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	kick_signal_mask(vcpu, true);
	if (!READ_ONCE(vcpu->suspend) && kick_run_begin(vcpu, NULL))
		return true;
	kick_signal_mask(vcpu, false);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	kick_signal_mask(vcpu, false);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	(void)vcpu;
	view->claimed = false;
	view->requests = 0;
	view->cpu = -1;
}
