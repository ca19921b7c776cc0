/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A CPU is suspended by an NMI, whose handler has the next run end at once; it looks at the order again under
 * the lock before it goes on: Jailhouse's suspend_cpu().  Its loop only re-reads, while a handler may store.
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

KICK_DECLARE(.summary = "spins until each CPU is suspended, which spins until it may go on",
	     .origin = "Jailhouse, suspend_cpu()", .features = KICK_F_SIGNAL | KICK_F_PAUSE);

struct kick_vcpu {
	struct kick_fas control_lock;
	kick_int suspend_cpu;	   /* the controller's */
	kick_int cpu_suspended;	   /* the vCPU's thread's, under the lock */
	kick_int preemption_timer; /* ends the next run at once */
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
	WRITE_ONCE(vcpu->preemption_timer, 1);
}

static inline void kick_stop_all(struct kick_vm *vm)
{
	for (int i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);
		int suspended;

		kick_fas_lock(&vcpu->control_lock);
		WRITE_ONCE(vcpu->suspend_cpu, 1);
		suspended = READ_ONCE(vcpu->cpu_suspended);
		kick_fas_unlock(&vcpu->control_lock);
		if (suspended)
			continue;
		kick_signal(vcpu);
		while (!READ_ONCE(vcpu->cpu_suspended))
			kick_pause();
	}
}

static inline void kick_resume_all(struct kick_vm *vm)
{
	smp_mb(); /* what was done in the pause before the order goes; pairs with the loops in kick_park() */
	for (int i = 0; i < kick_nr_vcpus(vm); i++)
		WRITE_ONCE(kick_get_vcpu(vm, i)->suspend_cpu, 0);
}

static inline void kick_park(struct kick_vcpu *vcpu)
{
	kick_fas_lock(&vcpu->control_lock);
	while (READ_ONCE(vcpu->suspend_cpu)) {
		WRITE_ONCE(vcpu->cpu_suspended, 1);
		kick_fas_unlock(&vcpu->control_lock);
		while (READ_ONCE(vcpu->suspend_cpu))
			kick_pause();
		kick_window(KICK_W_RESUME_PARK);
		kick_fas_lock(&vcpu->control_lock);
	}
	WRITE_ONCE(vcpu->cpu_suspended, 0);
	kick_fas_unlock(&vcpu->control_lock);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	WRITE_ONCE(vcpu->preemption_timer, 0);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	kick_window(KICK_W_LOOK_RUN);
	if (kick_run_begin(vcpu, &vcpu->preemption_timer))
		return true;
	WRITE_ONCE(vcpu->preemption_timer, 0);
	return false;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	(void)vcpu;
	view->claimed = false;
	view->requests = 0;
	view->cpu = -1;
}
