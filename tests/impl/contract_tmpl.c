// SPDX-License-Identifier: GPL-2.0-or-later
/* One backend for the depth-first search of contract_ops.h: what its vCPU and its kickers do. */
#include "contract_ops.h"
#include "kick.h"
#include "contract_world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

static struct {
	struct kick_vcpu vcpu;
	struct kick_vm vm;
	struct kick_pcpu pcpu[CT_CPUS];
	struct kick_kicker kicker[CT_THREADS];
} world;

static struct kick_vm *this_vm(void)
{
	return &world.vm;
}

static struct kick_pcpu *this_cpu(void)
{
	return &world.pcpu[ct_cpu()];
}

static struct kick_kicker *this_kicker(void)
{
	return &world.kicker[ct_self()];
}

static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, int i)
{
	(void)vm, (void)i;
	return &world.vcpu;
}

/* It was loaded on pCPU 0 once, and is outside. */
static void init(void)
{
	kick_vcpu_init(&world.vcpu);
	kick_vcpu_load(&world.vcpu, 0);
}

static void vcpu(int migrations)
{
	while (migrations--) {
		kick_vcpu_put(&world.vcpu);
		ct_migrate(!ct_cpu());
		kick_vcpu_load(&world.vcpu, ct_cpu());
	}
	for (;;) {
		kick_take(&world.vcpu);
		if (!kick_guest_enter(&world.vcpu))
			continue;
		ct_guest_wait();
		kick_guest_exit(&world.vcpu);
	}
}

static void kicker(void)
{
	kick_request(&world.vcpu, ct_self());
	kick_send(&world.vcpu, 0);
}

static bool pending(void)
{
	struct kick_view view;

	kick_view(&world.vcpu, &view);
	return view.requests;
}

static bool claimed(void)
{
	struct kick_view view;

	kick_view(&world.vcpu, &view);
	return view.claimed;
}

#define NAME_(a, b) a##b
#define NAME(a, b) NAME_(a, b)
#define STRING_(a) #a
#define STRING(a) STRING_(a)
extern const struct ct_backend NAME(ct_backend_, KICK_BACKEND);
const struct ct_backend NAME(ct_backend_, KICK_BACKEND) = {
	STRING(KICK_BACKEND), &world, sizeof(world), init, vcpu, kicker, pending, claimed,
};
/* The whole contract compiles, called or not. */
extern void *const NAME(ct_all_, KICK_BACKEND)[];
void *const NAME(ct_all_, KICK_BACKEND)[] = { kick_mask, kick_walk_begin, kick_walk_end, kick_block,
					      kick_wake, kick_guest_recheck, this_vm, this_cpu,
					      this_kicker, kick_get_vcpu };
