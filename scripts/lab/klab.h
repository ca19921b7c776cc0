/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lab adds to KVM, in all variants alike but for the claim: a window between the two racing
 * accesses of a kick, held open for one thread, and counters of what became of each kick.  Included
 * once, by kvm_main.c; all of it is seen in /sys/module/kvm/parameters/klab_*.
 */
#ifndef KLAB_H
#define KLAB_H

#include <linux/atomic.h>
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include <linux/timekeeping.h>

static char *klab_variant = KLAB_VARIANT;
module_param(klab_variant, charp, 0444);

/* The thread whose kicks are held, and for how long at most. */
static int klab_delay_pid;
static unsigned int klab_delay_us;
module_param(klab_delay_us, uint, 0644);

/* 1: hold until user space writes 0.  0: hold for the whole of klab_delay_us. */
static int klab_gate;
module_param(klab_gate, int, 0644);

/* A gate was used for this thread: once it is open, later windows of the same call are no windows. */
static bool klab_gated;

/* The patched order waits where the old one does, before its claim. */
static int klab_early;
module_param(klab_early, int, 0644);

static int klab_pid_set(const char *text, const struct kernel_param *kp)
{
	klab_gated = false;
	return param_set_int(text, kp);
}

static const struct kernel_param_ops klab_pid_ops = {
	.set = klab_pid_set,
	.get = param_get_int,
};
module_param_cb(klab_delay_pid, &klab_pid_ops, &klab_delay_pid, 0644);

static int klab_count_set(const char *text, const struct kernel_param *kp)
{
	long n;
	int error = kstrtol(text, 0, &n);

	if (!error)
		atomic_long_set(kp->arg, n);
	return error;
}

static int klab_count_get(char *text, const struct kernel_param *kp)
{
	return sysfs_emit(text, "%ld\n", atomic_long_read(kp->arg));
}

static const struct kernel_param_ops klab_count_ops = {
	.set = klab_count_set,
	.get = klab_count_get,
};

#define KLAB_COUNT(name)                                                                               \
	static atomic_long_t klab_##name;                                                              \
	module_param_cb(klab_##name, &klab_count_ops, &klab_##name, 0644)

KLAB_COUNT(waiting); /* threads that are inside a window now */
KLAB_COUNT(claims);  /* IN_GUEST became EXITING */
KLAB_COUNT(swallow); /* found EXITING and sent nothing: trusts whoever claimed */
KLAB_COUNT(outside); /* found any other mode */
KLAB_COUNT(ipis);    /* pCPUs chosen as targets */
KLAB_COUNT(stale);   /* ... which the vCPU had left before the claim */
KLAB_COUNT(poison);  /* ... and the claimed stint goes on, with nobody to end it */

/*
 * The claim of the kick that runs on this pCPU; preemption is off from the claim to the judgement.
 * Kicks from interrupts are counted, but not judged: they would overwrite a task's record.
 * A mask kick is judged by the last vCPU it claimed; the lab's guest has one.
 */
struct klab_record {
	struct kvm_vcpu *vcpu;
	u64 stint;
	int cpu;
	int target;
	bool swallowed;
};
static DEFINE_PER_CPU(struct klab_record, klab_record);

static noinline void klab_window(bool here)
{
	u64 end;

	if (!here || !in_task() || current->pid != READ_ONCE(klab_delay_pid))
		return;
	end = ktime_get_ns() + READ_ONCE(klab_delay_us) * (u64)NSEC_PER_USEC;
	atomic_long_inc(&klab_waiting);
	if (READ_ONCE(klab_gate)) {
		WRITE_ONCE(klab_gated, true);
		while (READ_ONCE(klab_gate) && ktime_get_ns() < end)
			cpu_relax();
	} else if (!READ_ONCE(klab_gated)) {
		while (ktime_get_ns() < end)
			cpu_relax();
	}
	atomic_long_dec(&klab_waiting);
}

/*
 * The claim itself.  The variant that looks first pays a load where the vCPU is outside or claimed; its
 * look is ordered behind the request by the wake-up's barrier, or by one that the generator put in.
 */
static int klab_exiting_guest_mode(struct kvm_vcpu *vcpu)
{
#if KLAB_LOOK_FIRST
	int mode = READ_ONCE(vcpu->mode);

	if (mode != IN_GUEST_MODE)
		return mode;
#endif
	return kvm_vcpu_exiting_guest_mode(vcpu);
}

/* A kick's claim, counted: the mode that was found. */
static noinline int klab_claim(struct kvm_vcpu *vcpu)
{
	int mode = klab_exiting_guest_mode(vcpu);
	struct klab_record *record;

	if (mode == EXITING_GUEST_MODE)
		atomic_long_inc(&klab_swallow);
	else if (mode != IN_GUEST_MODE)
		atomic_long_inc(&klab_outside);
	else
		atomic_long_inc(&klab_claims);
	if (!in_task())
		return mode;
	record = this_cpu_ptr(&klab_record);
	record->vcpu = mode == IN_GUEST_MODE ? vcpu : NULL;
	record->stint = READ_ONCE(vcpu->stat.exits);
	record->cpu = READ_ONCE(vcpu->cpu);
	record->target = -1;
	record->swallowed = mode == EXITING_GUEST_MODE;
	return mode;
}

static noinline bool klab_should_kick(struct kvm_vcpu *vcpu)
{
	return klab_claim(vcpu) == IN_GUEST_MODE;
}

static noinline void klab_target(struct kvm_vcpu *vcpu, int cpu)
{
	struct klab_record *record = this_cpu_ptr(&klab_record);

	atomic_long_inc(&klab_ipis);
	if (!in_task())
		return;
	if (record->vcpu == vcpu)
		record->target = cpu;
	if (record->swallowed)
		atomic_long_dec(&klab_swallow); /* it waits, so it interrupts all the same */
	record->swallowed = false;
}

/* The IPI has been sent: does it reach the stint that was claimed? */
static noinline void klab_judge(void)
{
	struct klab_record *record = this_cpu_ptr(&klab_record);
	struct kvm_vcpu *vcpu = record->vcpu;
	int now;

	if (!in_task() || !vcpu || record->target < 0)
		return;
	record->vcpu = NULL;
	now = READ_ONCE(vcpu->cpu);
	if (record->target == record->cpu || record->target == now)
		return;
	atomic_long_inc(&klab_stale);
	if (READ_ONCE(vcpu->mode) == EXITING_GUEST_MODE && READ_ONCE(vcpu->stat.exits) == record->stint)
		atomic_long_inc(&klab_poison);
}

#endif
