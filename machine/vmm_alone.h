/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM's thread (kick_vmm.h) where one thread plays all parts: what is timed or counted is the kicker's
 * text, or the vCPU's.  A signal pends until KVM_RUN; where a kicker waits, the vCPU has its turn and leaves
 * KVM_RUN.
 *
 * The includer says what else a signal and the look of a wait are, VMM_ALONE_SENT() and VMM_ALONE_LOOK(),
 * and how the vCPU's turn is kept out of what it counts: VMM_ALONE_TURN(text).
 */
#ifndef MACHINE_VMM_ALONE_H
#define MACHINE_VMM_ALONE_H

#include <setjmp.h>

struct vmm_alone {
	struct kick_vcpu *in_run; /* this vCPU is in KVM_RUN */
	bool pending;
	unsigned int waits; /* that are left until whoever waits is given up; 0: any */
	jmp_buf given_up;
};
enum { VMM_ALONE_WAITS = 64 };
static struct vmm_alone vmm_alone;

static inline void kick_guest_exit(struct kick_vcpu *vcpu);

static __attribute__((noinline, cold, unused)) void vmm_alone_turn(void)
{
	if (vmm_alone.waits && !--vmm_alone.waits)
		longjmp(vmm_alone.given_up, 1);
	if (vmm_alone.in_run && vmm_alone.pending)
		VMM_ALONE_TURN(kick_guest_exit(vmm_alone.in_run));
}

static __attribute__((noinline, cold, unused)) void kick_signal(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	vmm_alone.pending = true;
	VMM_ALONE_SENT();
}

static inline bool kick_signal_eat(struct kick_vcpu *vcpu)
{
	bool was = vmm_alone.pending;

	(void)vcpu;
	vmm_alone.pending = false;
	return was;
}

static inline bool kick_wait_signal(struct kick_vcpu *vcpu, kick_int *word, int value)
{
	(void)vcpu;
	(void)word, (void)value;
	VMM_ALONE_LOOK();
	vmm_alone_turn();
	return true;
}

static inline bool vmm_alone_run(struct kick_vcpu *vcpu, const kick_int *immediate_exit)
{
	vmm_alone.in_run = vcpu;
	if (!vmm_alone.pending && !(immediate_exit && kick_peek(*immediate_exit)))
		return true;
	vmm_alone.in_run = NULL;
	return false;
}

static inline void vmm_alone_leave(struct kick_vcpu *vcpu)
{
	vmm_alone.in_run = NULL;
	if (__builtin_expect(vmm_alone.pending, 0)) {
		vmm_alone.pending = false;
		kick_handler(vcpu);
	}
}

#define kick_wait(word, value) ((void)(word), (void)(value), VMM_ALONE_LOOK(), vmm_alone_turn())
#define kick_signal_wait(vcpu) ((void)(vcpu), vmm_alone_turn())
#define kick_signal_mask(vcpu, blocked) ((void)(vcpu), (void)(blocked))
#define kick_run_begin(vcpu, immediate_exit) vmm_alone_run(vcpu, immediate_exit)
#define kick_run_end(vcpu) vmm_alone_leave(vcpu)
#undef kick_pause
#define kick_pause() vmm_alone_turn()

#endif
