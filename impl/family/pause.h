/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor's pause, over family/vmm.h: a flag of the VM, a signal to each vCPU, an acknowledgement of
 * each, which then parks until the flag is gone.  A mutant changes one of the words below.
 */
#define VMM_HAS_PAUSE
#define VMM_LOOK(vcpu) (smp_load_seq_cst(&this_vm()->pause) || READ_ONCE((vcpu)->requests) != 0)

/* Signals again until it is acknowledged. */
#ifndef PAUSE_RETRIES
#define PAUSE_RETRIES 0
#endif
/* Resume waits until each vCPU has left its park, which takes its own acknowledgement back. */
#ifndef PAUSE_RESUME_WAITS
#define PAUSE_RESUME_WAITS 1
#endif
/* A lock that an exit needs is held while the acknowledgements are waited for. */
#ifndef PAUSE_LOCKED
#define PAUSE_LOCKED 0
#endif

#include "vmm.h"

static inline void pause_signal(struct kick_vcpu *vcpu)
{
	kick_signal(vcpu);
	if (!PAUSE_RETRIES)
		return;
	while (!smp_load_seq_cst(&vcpu->parked)) {
		kick_signal_wait(vcpu);
		if (!smp_load_seq_cst(&vcpu->parked))
			kick_signal(vcpu);
	}
}

static inline void kick_stop_all(struct kick_vm *vm)
{
	int i;

	if (PAUSE_LOCKED)
		kick_mutex_lock(&vm->states);
	smp_store_seq_cst(&vm->pause, 1);
	for (i = 0; i < kick_nr_vcpus(vm); i++)
		pause_signal(kick_get_vcpu(vm, i));
	for (i = 0; i < kick_nr_vcpus(vm); i++)
		kick_wait(&kick_get_vcpu(vm, i)->parked, 0);
	if (PAUSE_LOCKED)
		kick_mutex_unlock(&vm->states);
}

static inline void kick_resume_all(struct kick_vm *vm)
{
	int i;

	for (i = 0; !PAUSE_RESUME_WAITS && i < kick_nr_vcpus(vm); i++)
		smp_store_seq_cst(&kick_get_vcpu(vm, i)->parked, 0);
	smp_store_seq_cst(&vm->pause, 0);
	kick_post(&vm->pause);
	for (i = 0; PAUSE_RESUME_WAITS && i < kick_nr_vcpus(vm); i++)
		kick_wait(&kick_get_vcpu(vm, i)->parked, 1);
}

static inline void kick_park(struct kick_vcpu *vcpu)
{
	struct kick_vm *vm = this_vm();

	if (!smp_load_seq_cst(&vm->pause))
		return;
	smp_store_seq_cst(&vcpu->parked, 1);
	kick_post(&vcpu->parked);
	kick_window(KICK_W_ACK_PARK);
	kick_wait(&vm->pause, 1);
	kick_window(KICK_W_RESUME_PARK);
	if (!PAUSE_RESUME_WAITS)
		return;
	smp_store_seq_cst(&vcpu->parked, 0);
	kick_post(&vcpu->parked);
}

#ifdef VMM_HAS_EXIT_WORK
/* The exit is an access to the device that keeps the vCPUs' states. */
static inline void kick_exit_work(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	kick_mutex_lock(&this_vm()->states);
	kick_mutex_unlock(&this_vm()->states);
}
#endif
