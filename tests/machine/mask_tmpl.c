// SPDX-License-Identifier: GPL-2.0-or-later
/* One backend's mask form, walk and sleep on the emulated host. */
#include "kick_ops_native.h"
#include "kick.h"
#include "machine/world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "machine/carrier_run.h"
#include "mask.h"

static void prepare(void)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(carrier_vcpu(i));
}

static void poll(int cpu)
{
	carrier_poll(&machine.pcpu[cpu]);
}

static void view(int i, struct kick_view *out)
{
	kick_view(carrier_vcpu(i), out);
}

static bool mask(unsigned int req, const unsigned long *bitmap, unsigned int nbits)
{
	return kick_mask(this_vm(), req, bitmap, nbits);
}

static bool wake(int i)
{
	return kick_wake(carrier_vcpu(i));
}

static void carrier(struct team_member *m)
{
	struct carrier *c = m->arg;

	c->kickers_left = m->kickers_left;
	machine_become(c->first_cpu, c->kicker);
	carrier_run(c);
	c->sent = machine_self.sent;
}

static bool goes_on(const struct team_member *m)
{
	return __atomic_load_n(m->kickers_left, __ATOMIC_ACQUIRE) && !machine_stop;
}

static void next_time(struct mask_loner *l)
{
	__atomic_store_n(&l->times, l->times + 1, __ATOMIC_RELEASE);
}

static void walker(struct team_member *m)
{
	struct mask_loner *l = m->arg;
	struct kick_vcpu *vcpu = carrier_vcpu(l->vcpu);

	machine_become(l->cpu, l->kicker);
	carrier_load(l->vcpu, l->cpu);
	while (goes_on(m)) {
		kick_walk_begin(vcpu);
		next_time(l);
		for (int i = 0; i < 50; i++) {
			machine_relax();
			if (!machine_self.doorbell->irqs_off) /* a walk must not let them in */
				machine_serve(machine_self.doorbell);
		}
		next_time(l);
		kick_walk_end(vcpu);
		machine_serve(machine_self.doorbell);
		sched_yield();
	}
	carrier_put(l->vcpu);
	l->sent = machine_self.sent;
}

/* Sleep until there is a request, serve it. */
static void sleeper(struct team_member *m)
{
	struct mask_loner *l = m->arg;
	struct kick_vcpu *vcpu = carrier_vcpu(l->vcpu);

	machine_become(l->cpu, l->kicker);
	carrier_load(l->vcpu, l->cpu);
	while (!machine.vcpu[l->vcpu].served[MASK_GOODBYE] && !machine_stop) {
		next_time(l);
		kick_block(vcpu);
		next_time(l);
		carrier_service(l->vcpu);
		machine_serve(machine_self.doorbell);
	}
	carrier_put(l->vcpu);
	l->sent = machine_self.sent;
}

#define NAME_(a, b) a##b
#define NAME(a, b) NAME_(a, b)
#define STRING_(a) #a
#define STRING(a) STRING_(a)
extern const struct mask_backend NAME(mask_backend_, KICK_BACKEND);
const struct mask_backend NAME(mask_backend_, KICK_BACKEND) = {
	.name = STRING(KICK_BACKEND),
	.decl = &kick_decl,
	.sizes = { sizeof(struct kick_vcpu), sizeof(struct kick_vm), sizeof(struct kick_pcpu),
		   sizeof(struct kick_kicker) },
	.prepare = prepare,
	.load = carrier_load,
	.put = carrier_put,
	.enter = carrier_enter,
	.poll = poll,
	.view = view,
	.mask = mask,
	.wake = wake,
	.carrier = carrier,
	.walker = walker,
	.sleeper = sleeper,
};
