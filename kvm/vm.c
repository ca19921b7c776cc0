// SPDX-License-Identifier: GPL-2.0-or-later
/* Building the virtual machine step by step, and taking it down. */
#include "kvm/vm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm/stats.h"

uint64_t kvm_vm_exits(const struct kvm_vm *vm)
{
	uint64_t exits = 0;

	return pread(vm->stats, &exits, sizeof(exits), vm->exits_at) == sizeof(exits) ? exits : 0;
}

void kvm_vm_modules(char *text, size_t size)
{
	DIR *dir = opendir("/sys/module");
	struct dirent *entry;
	size_t used = 0;

	text[0] = '\0';
	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "kvm_", 4) && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "+" : "",
						 entry->d_name);
	if (dir)
		closedir(dir);
}

#if defined(__x86_64__)

enum { TSS_ADDRESS = 0xfffbd000 }; /* three pages that older VMX needs in guest memory */
enum { APIC_SPURIOUS = 0xf0, APIC_ENABLED = 0x1ff, MAX_CPUID = 256 };

static int say(const char *what, char *err, size_t err_size)
{
	int failed = -errno;

	snprintf(err, err_size, "%s: %s", what, strerror(errno));
	return failed;
}

/* The same of what a system lacks, unless it is memory or files that ran out. */
static int say_lacks(const char *what, char *err, size_t err_size)
{
	int failed = say(what, err, err_size);

	return failed == -ENOMEM || failed == -EMFILE || failed == -ENFILE ? failed : -EOPNOTSUPP;
}

static int open_device(struct kvm_vm *vm, char *err, size_t err_size)
{
	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return say_lacks("/dev/kvm", err, err_size);
	if (ioctl(vm->kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION &&
	    ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_IRQCHIP) > 0 &&
	    ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_IMMEDIATE_EXIT) > 0 &&
	    ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_BINARY_STATS_FD) > 0)
		return 0;
	snprintf(err, err_size,
		 "/dev/kvm: this kernel's KVM lacks an interrupt controller, immediate_exit "
		 "or binary statistics (Linux 5.14)");
	return -EOPNOTSUPP;
}

int kvm_vm_memory(struct kvm_vm *vm, bool log)
{
	struct kvm_userspace_memory_region region = { .flags = log ? KVM_MEM_LOG_DIRTY_PAGES : 0,
						      .memory_size = GUEST_SIZE,
						      .userspace_addr = (uintptr_t)vm->memory };

	return ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static int make_memory(struct kvm_vm *vm)
{
	void *memory = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		return -errno;
	vm->memory = memory;
	vm->shared = (volatile struct guest_shared *)(vm->memory + GUEST_SHARED);
	kvm_guest_write(vm->memory, vm->cpl);
	return kvm_vm_memory(vm, false);
}

static int make_vm(struct kvm_vm *vm, char *err, size_t err_size)
{
	int failed;

	vm->vm = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->vm < 0) /* the processor's part of it is missing, or another hypervisor has it */
		return say_lacks("KVM_CREATE_VM", err, err_size);
	ioctl(vm->vm, KVM_SET_TSS_ADDR, TSS_ADDRESS); /* a hint that only VMX takes */
	failed = make_memory(vm);
	if (failed) {
		errno = -failed;
		return say("guest memory", err, err_size);
	}
	if (ioctl(vm->vm, KVM_CREATE_IRQCHIP, 0))
		return say("KVM_CREATE_IRQCHIP", err, err_size);
	return 0;
}

/* The processor as the host supports it: long mode is refused without CPUID saying so. */
static int set_cpuid(struct kvm_vm *vm)
{
	struct kvm_cpuid2 *cpuid =
		calloc(1, sizeof(*cpuid) + MAX_CPUID * sizeof(cpuid->entries[0]));
	int failed = 0;

	if (!cpuid)
		return -ENOMEM;
	cpuid->nent = MAX_CPUID;
	if (ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, cpuid) ||
	    ioctl(vm->vcpu, KVM_SET_CPUID2, cpuid))
		failed = -errno;
	free(cpuid);
	return failed;
}

static int set_registers(struct kvm_vm *vm)
{
	static const uint32_t enabled = APIC_ENABLED;
	struct kvm_lapic_state apic;
	struct kvm_sregs sregs;
	struct kvm_regs regs;

	if (ioctl(vm->vcpu, KVM_GET_SREGS, &sregs))
		return -errno;
	kvm_guest_registers(&sregs, &regs, vm->cpl);
	if (ioctl(vm->vcpu, KVM_SET_SREGS, &sregs) || ioctl(vm->vcpu, KVM_SET_REGS, &regs) ||
	    ioctl(vm->vcpu, KVM_GET_LAPIC, &apic))
		return -errno;
	memcpy(apic.regs + APIC_SPURIOUS, &enabled, sizeof(enabled));
	return ioctl(vm->vcpu, KVM_SET_LAPIC, &apic) ? -errno : 0;
}

static int make_vcpu(struct kvm_vm *vm, char *err, size_t err_size)
{
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	off_t at;

	vm->vcpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
	if (vm->vcpu < 0 || size <= 0)
		return say("KVM_CREATE_VCPU", err, err_size);
	vm->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (vm->run == MAP_FAILED) {
		vm->run = NULL;
		return say("mmap of the vCPU", err, err_size);
	}
	vm->run_size = (size_t)size;
	errno = -set_cpuid(vm);
	if (!errno)
		errno = -set_registers(vm);
	if (errno)
		return say("the vCPU's registers", err, err_size);
	vm->stats = ioctl(vm->vcpu, KVM_GET_STATS_FD, 0);
	errno = vm->stats < 0 ? errno : -kvm_stats_find(vm->stats, "exits", &at);
	if (errno)
		return say("the vCPU's statistics", err, err_size);
	vm->exits_at = (int)at;
	return 0;
}

/* An eventfd that raises the first vector without a system call on the VM, as a device would. */
static int make_irqfd(struct kvm_vm *vm, char *err, size_t err_size)
{
	union {
		struct kvm_irq_routing head;
		char room[sizeof(struct kvm_irq_routing) + sizeof(struct kvm_irq_routing_entry)];
	} routing = { .head = { .nr = 1 } };
	struct kvm_irqfd irqfd = { .gsi = KVM_GSI };

	routing.head.entries[0] = (struct kvm_irq_routing_entry){
		.gsi = KVM_GSI,
		.type = KVM_IRQ_ROUTING_MSI,
		.u.msi = { .address_lo = GUEST_APIC, .data = kvm_guest_vector[0] }
	};
	vm->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	irqfd.fd = (uint32_t)vm->eventfd;
	if (vm->eventfd < 0 || ioctl(vm->vm, KVM_SET_GSI_ROUTING, &routing) ||
	    ioctl(vm->vm, KVM_IRQFD, &irqfd))
		return say("irqfd", err, err_size);
	return 0;
}

int kvm_vm_open(struct kvm_vm *vm, int cpl, char *err, size_t err_size)
{
	int failed;

	*vm = (struct kvm_vm){
		.kvm = -1, .vm = -1, .vcpu = -1, .stats = -1, .eventfd = -1, .cpl = cpl
	};
	failed = open_device(vm, err, err_size);
	if (!failed)
		failed = make_vm(vm, err, err_size);
	if (!failed)
		failed = make_vcpu(vm, err, err_size);
	if (!failed)
		failed = make_irqfd(vm, err, err_size);
	if (failed)
		kvm_vm_close(vm);
	return failed;
}

#else

int kvm_vm_open(struct kvm_vm *vm, int cpl, char *err, size_t err_size)
{
	*vm = (struct kvm_vm){
		.kvm = -1, .vm = -1, .vcpu = -1, .stats = -1, .eventfd = -1, .cpl = cpl
	};
	snprintf(err, err_size, "there is no guest for this architecture yet, only for x86-64");
	return -EOPNOTSUPP;
}

int kvm_vm_memory(struct kvm_vm *vm, bool log)
{
	(void)vm;
	(void)log;
	return -EOPNOTSUPP;
}

#endif

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void kvm_vm_close(struct kvm_vm *vm)
{
	if (vm->run)
		munmap(vm->run, vm->run_size);
	vm->run = NULL;
	close_one(&vm->eventfd);
	close_one(&vm->stats);
	close_one(&vm->vcpu);
	close_one(&vm->vm);
	close_one(&vm->kvm);
	if (vm->memory)
		munmap(vm->memory, GUEST_SIZE);
	vm->memory = NULL;
}
