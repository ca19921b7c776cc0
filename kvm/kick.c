// SPDX-License-Identifier: GPL-2.0-or-later
/* One function per kick.  None of these calls takes the vCPU's mutex: they work while it runs. */
#include "kvm/kick.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const struct kvm_kick *kvm_kick_find(const char *name)
{
	for (const struct kvm_kick *kick = kvm_kicks; kick->name; kick++)
		if (!strcmp(kick->name, name))
			return kick;
	return NULL;
}

int kvm_kick_prepare(const struct kvm_kick *kick, struct kvm_kicker *kicker, struct kvm_vm *vm,
		     struct kvm_vcpu *vcpu, int vector, char *why, size_t size)
{
	int failed;

	*kicker = (struct kvm_kicker){ .vm = vm, .vcpu = vcpu, .vector = vector };
	if (kick->needs && ioctl(vm->kvm, KVM_CHECK_EXTENSION, kick->capability) <= 0) {
		snprintf(why, size, "this kernel has no %s", kick->needs);
		return -EOPNOTSUPP;
	}
	failed = kick->prepare ? kick->prepare(kicker) : 0;
	if (!failed)
		failed = kick->fire(kicker);
	if (failed)
		snprintf(why, size, "%s: %s", kick->name, strerror(-failed));
	return failed;
}

void kvm_kick_finish(const struct kvm_kick *kick, struct kvm_kicker *kicker)
{
	if (kick->finish)
		kick->finish(kicker);
}

static int fire_floor(struct kvm_kicker *k)
{
	return ioctl(k->vm->vm, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY) < 0 ? -errno : 0;
}

static int fire_signal(struct kvm_kicker *k)
{
	return kvm_vcpu_signal(k->vcpu);
}

#if defined(__x86_64__)

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static int fire_msi(struct kvm_kicker *k)
{
	struct kvm_msi msi = { .address_lo = GUEST_APIC, .data = kvm_guest_vector[k->vector] };

	return call(k->vm->vm, KVM_SIGNAL_MSI, &msi);
}

/* The line is routed to the first vector, whatever was asked for. */
static int prepare_irqfd(struct kvm_kicker *k)
{
	k->vector = 0;
	return 0;
}

static int fire_irqfd(struct kvm_kicker *k)
{
	static const uint64_t one = 1;

	return write(k->vm->eventfd, &one, sizeof(one)) == sizeof(one) ? 0 : -errno;
}

static int prepare_clock(struct kvm_kicker *k)
{
	int failed = call(k->vm->vm, KVM_GET_CLOCK, &k->clock);

	k->clock.flags = 0;
	return failed;
}

static int fire_clock(struct kvm_kicker *k)
{
	return call(k->vm->vm, KVM_SET_CLOCK, &k->clock);
}

static int prepare_irqchip(struct kvm_kicker *k)
{
	k->chip.chip_id = KVM_IRQCHIP_IOAPIC;
	return call(k->vm->vm, KVM_GET_IRQCHIP, &k->chip);
}

static int fire_irqchip(struct kvm_kicker *k)
{
	return call(k->vm->vm, KVM_SET_IRQCHIP, &k->chip);
}

/* A filter that allows everything, as before. */
static int fire_msr_filter(struct kvm_kicker *k)
{
	struct kvm_msr_filter filter = { .flags = KVM_MSR_FILTER_DEFAULT_ALLOW };

	return call(k->vm->vm, KVM_X86_SET_MSR_FILTER, &filter);
}

/* A filter that denies no event. */
static int fire_pmu_filter(struct kvm_kicker *k)
{
	struct kvm_pmu_event_filter filter = { .action = KVM_PMU_EVENT_DENY };

	return call(k->vm->vm, KVM_SET_PMU_EVENT_FILTER, &filter);
}

static int prepare_dirty_log(struct kvm_kicker *k)
{
	return kvm_vm_memory(k->vm, true);
}

/* The guest writes its loop counter all the time, so there is always a page to protect again. */
static int fire_dirty_log(struct kvm_kicker *k)
{
	struct kvm_dirty_log log = { .dirty_bitmap = k->log };

	return call(k->vm->vm, KVM_GET_DIRTY_LOG, &log);
}

static void finish_dirty_log(struct kvm_kicker *k)
{
	kvm_vm_memory(k->vm, false);
}

#define NEEDS(capability) capability, #capability

const struct kvm_kick kvm_kicks[] = {
	{ "floor", "floor", false, 0, NULL, NULL, fire_floor, NULL },
	{ "msi", "kick", true, NEEDS(KVM_CAP_SIGNAL_MSI), NULL, fire_msi, NULL },
	{ "irqfd", "kick", true, NEEDS(KVM_CAP_IRQFD), prepare_irqfd, fire_irqfd, NULL },
	{ "clock", "mask_wait", false, NEEDS(KVM_CAP_ADJUST_CLOCK), prepare_clock, fire_clock, NULL },
	{ "irqchip", "mask_wait", false, NEEDS(KVM_CAP_IRQCHIP), prepare_irqchip, fire_irqchip, NULL },
	{ "msr_filter", "mask", false, NEEDS(KVM_CAP_X86_MSR_FILTER), NULL, fire_msr_filter, NULL },
	{ "pmu_filter", "mask", false, NEEDS(KVM_CAP_PMU_EVENT_FILTER), NULL, fire_pmu_filter, NULL },
	{ "dirty_log", "mask_wait", false, 0, NULL, prepare_dirty_log, fire_dirty_log, finish_dirty_log },
	{ "signal", "signal", false, 0, NULL, NULL, fire_signal, NULL },
	{ 0 },
};

#else

/* Where there is no guest there is nothing to kick; the names are known all the same. */
static int fire_none(struct kvm_kicker *k)
{
	(void)k;
	return -EOPNOTSUPP;
}

#define NONE(name, form) { name, form, false, 0, NULL, NULL, fire_none, NULL }

const struct kvm_kick kvm_kicks[] = {
	{ "floor", "floor", false, 0, NULL, NULL, fire_floor, NULL },
	NONE("msi", "kick"), NONE("irqfd", "kick"), NONE("clock", "mask_wait"),
	NONE("irqchip", "mask_wait"), NONE("msr_filter", "mask"), NONE("pmu_filter", "mask"),
	NONE("dirty_log", "mask_wait"),
	{ "signal", "signal", false, 0, NULL, NULL, fire_signal, NULL },
	{ 0 },
};

#endif
