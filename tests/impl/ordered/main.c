// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the operations of one backend, function by function: "backend function state | op | op ...".
 * The vCPU is on pCPU 1; kickers run on pCPU 0.
 */
#include "record.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

static struct kick_vcpu vcpu;
static struct kick_vm vm;
static struct kick_pcpu pcpu[CPUS];
static struct kick_kicker kicker;

static struct kick_vm *this_vm(void)
{
	return &vm;
}

static struct kick_pcpu *this_cpu(void)
{
	return &pcpu[here];
}

static struct kick_kicker *this_kicker(void)
{
	return &kicker;
}

static struct kick_vcpu *kick_get_vcpu(struct kick_vm *of, int i)
{
	(void)of, (void)i;
	return &vcpu;
}

#define STRING_(a) #a
#define STRING(a) STRING_(a)
#define SHOW(function, state, call)                                              \
	do {                                                                     \
		printf("%s %s %s", STRING(KICK_BACKEND), function, state);       \
		(void)(call);                                                    \
		putchar('\n');                                                   \
	} while (0)
#define SHOW_VOID(function, state, call) SHOW(function, state, ((call), 0))

/* A fresh vCPU, loaded on pCPU 1; its first operations are of no interest. */
static void fresh(bool in_guest)
{
	FILE *out = stdout;

	stdout = fopen("/dev/null", "w");
	if (!stdout)
		stdout = out;
	vcpu = (struct kick_vcpu){ 0 };
	here = 1;
	slept = false;
	kick_vcpu_init(&vcpu);
	kick_vcpu_load(&vcpu, 1);
	if (in_guest)
		kick_guest_enter(&vcpu);
	if (stdout != out)
		fclose(stdout);
	stdout = out;
}

static void vcpu_side(void)
{
	fresh(false);
	SHOW_VOID("kick_vcpu_load", "-", kick_vcpu_load(&vcpu, 1));
	SHOW("kick_guest_enter", "nothing-pending", kick_guest_enter(&vcpu));
	SHOW("kick_guest_recheck", "nothing-pending", kick_guest_recheck(&vcpu));
	SHOW_VOID("kick_guest_exit", "-", kick_guest_exit(&vcpu));
	SHOW_VOID("kick_request", "-", kick_request(&vcpu, 0));
	SHOW("kick_guest_enter", "pending", kick_guest_enter(&vcpu));
	SHOW("kick_take", "pending", kick_take(&vcpu));
	fresh(false);
	SHOW_VOID("kick_walk_begin", "-", kick_walk_begin(&vcpu));
	SHOW_VOID("kick_walk_end", "-", kick_walk_end(&vcpu));
	SHOW_VOID("kick_block", "woken", kick_block(&vcpu));
	SHOW_VOID("kick_vcpu_put", "-", kick_vcpu_put(&vcpu));
}

static void kicker_side(void)
{
	fresh(true);
	here = 0;
	SHOW("kick_send", "in-guest", kick_send(&vcpu, 0));
	SHOW("kick_send", "claimed", kick_send(&vcpu, 0));
	fresh(false);
	here = 0;
	SHOW("kick_send", "outside", kick_send(&vcpu, 0));
	SHOW("kick_send", "outside,no-wakeup", kick_send(&vcpu, KVM_REQUEST_NO_WAKEUP));
	fresh(true);
	SHOW("kick_send", "self", kick_send(&vcpu, 0));
	fresh(true);
	here = 0;
	SHOW("kick_mask", "in-guest", kick_mask(&vm, 0, NULL, 0));
	fresh(true);
	here = 0;
	SHOW("kick_mask", "in-guest,wait", kick_mask(&vm, KVM_REQUEST_WAIT, NULL, 0));
	fresh(false);
	here = 0;
	SHOW("kick_mask", "outside", kick_mask(&vm, 0, NULL, 0));
}

int main(void)
{
	vcpu_side();
	kicker_side();
	return 0;
}
