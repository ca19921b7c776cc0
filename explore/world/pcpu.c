// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Emulated pCPUs, locks and sleepers: the operations that may have to wait.
 *
 * From "interrupts off" on an IPI stays pending on its pCPU; a pCPU with interrupts on takes it at
 * once, as noise.  So there is no step of its own for a handler: an IPI that is under way for longer
 * is a sender that was slow before it sent, and the schedule contains that already.
 */
#include "explore/engine/engine.h"
#include "explore/world/ops_explore.h"
#include "kick_declare.h"

static struct xp_op op_of(enum xp_kind kind, int slot, int cpu, const struct xp_site *site)
{
	return (struct xp_op){ .kind = kind, .slot = slot, .cpu = cpu, .site = site };
}

/* Runs an operation that only has to happen at its place. */
static void happen(struct xp_op *op, uint64_t value)
{
	op->a = value;
	if (xp.model->machine && op->kind != XP_SLEEP && op->kind != XP_STEP)
		xp.model->machine(op, false);
	xp_note(value);
	xp_trace(op, value);
}

void xp_lock(int *lock, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_LOCK, -1, 0, site);

	if (xp.setup)
		return;
	op.slot = xp_slot(lock, sizeof(*lock));
	op.p = lock;
	xp_point(&op);
	*lock = 1;
	happen(&op, 1);
}

static void has_got(int *lock)
{
	struct xp_fiber *f = &xp.fiber[xp.current];

	*lock = 1 + xp.current; /* where threads stand by their stacks, that is part of the state */
	if (f->n_holds == XP_HOLDS)
		xp_fail("%s holds more than %d locks at once", xp.program->name, XP_HOLDS);
	else
		f->holds[f->n_holds++] = xp_slot(lock, sizeof(*lock));
}

void xp_lock_own(int *lock, const struct xp_site *site)
{
	xp_lock(lock, site);
	if (!xp.setup)
		has_got(lock);
}

bool xp_trylock_own(int *lock, const struct xp_site *site)
{
	bool got = xp_trylock(lock, site);

	if (got)
		has_got(lock);
	return got;
}

/* By who has got it: anything else hangs in the inside of some locks, or lets two in. */
void xp_unlock_own(int *lock, const struct xp_site *site)
{
	struct xp_fiber *f = &xp.fiber[xp.current];
	int i = 0;

	while (!xp.setup && i < f->n_holds && f->holds[i] != xp_slot(lock, sizeof(*lock)))
		i++;
	if (i < f->n_holds)
		f->holds[i] = f->holds[--f->n_holds];
	else if (!xp.setup)
		xp_found(KICK_V_CONTRACT);
	xp_unlock(lock, site);
}

const struct xp_site xp_site_turn = { "gets its pCPU", "", 0 };

void xp_sleep(int *state, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_SLEEP, -1, 0, site);

	op.slot = xp_slot(state, sizeof(*state));
	op.p = state;
	op.size = sizeof(*state);
	xp_point(&op);
	if (xp.model->sleep)
		xp.model->sleep(&op);
	happen(&op, 1);
}

void xp_irq(bool off, const struct xp_site *site)
{
	int cpu = xp_cpu();
	struct xp_op op = op_of(off ? XP_IRQ_OFF : XP_IRQ_ON, XP_SLOT_PCPU + cpu, cpu, site);
	struct xp_pcpu *pcpu = &xp.pcpu[cpu];

	if (xp.setup || !xp.program->hosts_take)
		return;
	xp_point(&op);
	pcpu->irq_off = off;
	if (!off) {
		pcpu->pending = 0;
		pcpu->acked = pcpu->calls;
	}
	happen(&op, off);
}

void xp_set_offline(int cpu, bool offline)
{
	xp.pcpu[cpu].offline = offline;
}

/* The vCPU on this pCPU, or -1. */
static int vcpu_on(int cpu)
{
	int i;

	for (i = 0; i < xp.program->n_vcpus; i++)
		if (xp.fiber[i].cpu == cpu)
			return i;
	return -1;
}

/* What becomes of an IPI, for the books. */
static enum xp_effect account(int cpu)
{
	struct xp_pcpu *pcpu = &xp.pcpu[cpu];
	int vcpu = vcpu_on(cpu);

	xp.ipis.sent++;
	if (pcpu->offline) {
		xp.ipis.dropped++;
		return XP_OFFLINE;
	}
	if (vcpu < 0) {
		xp.ipis.stale++;
		return XP_STALE;
	}
	if (pcpu->pending) {
		xp.ipis.twice++;
		return XP_TWICE;
	}
	if (xp.stint[vcpu]) {
		xp.ipis.useful++;
		return XP_ENDS_STINT;
	}
	if (pcpu->irq_off)
		return XP_PENDING;
	xp.ipis.spurious++;
	return XP_SPURIOUS;
}

/* Whatever becomes of it, the sender does not know. */
static void send(struct xp_op *op)
{
	if (xp.model->machine)
		xp.model->machine(op, xp_access(op) == XP_WRITE);
	xp_note(0);
	xp_trace(op, account(op->cpu));
}

static bool good_cpu(int cpu)
{
	if (cpu >= 0 && cpu < xp.program->n_pcpus)
		return true;
	xp_found(KICK_V_CPU);
	return false;
}

void xp_ipi(int cpu, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_IPI, XP_SLOT_PCPU + cpu, cpu, site);

	if (!good_cpu(cpu))
		return;
	xp_point(&op);
	send(&op);
	if (xp.pcpu[cpu].irq_off || !xp.program->hosts_take)
		xp.pcpu[cpu].pending = 1;
	if (cpu == xp_cpu() && xp_self() < xp.program->n_vcpus)
		xp_found(KICK_V_SELF);
}

/*
 * A function call: it ends a stint as an IPI does, and its handler runs with interrupts on; 0: it has run
 * at once, and there is nothing to wait for.
 */
int xp_call(int cpu, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_CALL, XP_SLOT_PCPU + cpu, cpu, site);
	struct xp_pcpu *pcpu;

	if (!good_cpu(cpu))
		return 0;
	pcpu = &xp.pcpu[cpu];
	xp_point(&op);
	send(&op);
	if (!pcpu->irq_off && xp.program->hosts_take)
		return 0;
	pcpu->pending = 1;
	xp_note(++pcpu->calls);
	return pcpu->calls;
}

void xp_ack(int cpu, int ticket, const struct xp_site *site)
{
	struct xp_op op = op_of(XP_ACK, XP_SLOT_PCPU + cpu, cpu, site);

	op.n = ticket;
	if (ticket)
		xp_point(&op);
	else if (xp.search->touched)
		xp.search->touched(&op);
	happen(&op, 1);
}

void xp_guest_wait(int vcpu)
{
	static const struct xp_site site = { "in guest mode", "", 0 };
	int cpu = xp_cpu();
	struct xp_op op = op_of(XP_GUEST_WAIT, XP_SLOT_PCPU + cpu, cpu, &site);

	op.n = vcpu;
	xp_point(&op);
	if (!xp.program->hosts_take)
		xp.pcpu[cpu].pending = 0;
	happen(&op, 1);
}

/* The machine's own record of a stint: written by the vCPU's fiber, a step where somebody looks. */
void xp_record(int vcpu, int value)
{
	static const struct xp_site on = { "enters the guest", "", 0 };
	static const struct xp_site off = { "has left the guest", "", 0 };
	struct xp_op op = op_of(XP_RECORD, XP_SLOT_RECORD + vcpu, vcpu, value ? &on : &off);

	if (xp.program->records)
		xp_point(&op);
	xp.stint[vcpu] = value;
	happen(&op, value);
}

int xp_look(int vcpu)
{
	static const struct xp_site site = { "which stint is it?", "", 0 };
	struct xp_op op = op_of(XP_LOOK, XP_SLOT_RECORD + vcpu, vcpu, &site);
	int value;

	xp_point(&op);
	value = xp.stint[vcpu];
	happen(&op, value);
	return value;
}

void xp_step(const struct xp_site *site)
{
	struct xp_op op = op_of(XP_STEP, -1, 0, site);

	xp_point(&op);
	happen(&op, 0);
}
