// SPDX-License-Identifier: GPL-2.0-or-later
/* A scenario as a program for the engine, and the judge of its executions. */
#include "explore/world/scenario.h"

#include "explore/engine/engine.h"

struct xp_scenario xp_scenario;
int xp_stint_at_kick[8][XP_MOST_VCPUS];

static const struct xp_backend *judged;

const struct xp_backend *xp_judged(void)
{
	return judged;
}

/* When an execution is judged: at its end, or on its way. */
struct moment {
	uint32_t enabled;
	const int *claimer; /* NULL: at the end, where no kick will mend anything */
};

/* Where a fiber is stuck, or XP_KINDS: nowhere, or in the host, without a pCPU. */
static enum xp_kind stuck_in(int fiber, const struct moment *now)
{
	const struct xp_fiber *f = &xp.fiber[fiber];

	return f->done || now->enabled >> fiber & 1 || f->op->site == &xp_site_turn ||
	       f->op->site == &xp_site_idle ?
		       XP_KINDS : (enum xp_kind)f->op->kind;
}

static unsigned int judge_guest(int i, const struct moment *now, const struct kick_view *view,
				const struct xp_requests *r)
{
	unsigned int found = 0, kicking = now->claimer ? r->kicking : 0;
	int k;

	if (now->claimer && now->claimer[i] >= 0 && kicking >> now->claimer[i] & 1)
		return 0;
	if (view->requests & ~r->over & (now->claimer ? r->made : ~0ul))
		found |= KICK_V_LOST;
	if (view->claimed)
		found |= KICK_V_POISONED;
	if (!xp_scenario.records)
		return found;
	if (view->claimed && !xp_scenario.request)
		found |= KICK_V_STRICT;
	for (k = xp_scenario.vcpus; k < xp.n_fibers; k++)
		if (xp.stint[i] && xp_stint_at_kick[k][i] == xp.stint[i] && !(kicking >> k & 1))
			found |= KICK_V_WEAK;
	return found;
}

static unsigned int judge_vcpu(int i, const struct moment *now)
{
	struct xp_requests r;
	struct kick_view view;
	unsigned int found;

	judged->view(i, &view);
	judged->requests(i, &r);
	/* A request that a kick made is there, or the vCPU took it. */
	found = r.made & ~r.taken & ~view.requests & ~r.over ? KICK_V_LOST : 0;
	found |= r.stale ? KICK_V_STALE : 0;
	found |= r.overtaken ? KICK_V_CONTRACT : 0;
	found |= (r.twice ? KICK_V_COALESCE : 0) | (r.claimed && !view.claimed ? KICK_V_MODE : 0);
	switch (stuck_in(i, now)) {
	case XP_KINDS:
		return found;
	case XP_SLEEP:
		if (xp_scenario.no_wakeup)
			return found;
		return found | (view.requests & (now->claimer ? r.made : ~0ul) ? KICK_V_WAKE : 0);
	case XP_NAP:
	case XP_AWAIT: /* by kick_wait(): who has halted sleeps until there is work */
		if (!r.enters)
			return found | KICK_V_DEADLOCK;
		if (xp_scenario.no_wakeup)
			return found;
		return found | (view.requests & (now->claimer ? r.made : ~0ul) ? KICK_V_WAKE : 0);
	case XP_GUEST_WAIT: /* and no IPI will come */
		return found | judge_guest(i, now, &view, &r);
	default:
		return found | KICK_V_DEADLOCK;
	}
}

static unsigned int judge_at(const struct moment *now)
{
	unsigned int found = 0;
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++)
		found |= judge_vcpu(i, now);
	for (; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done && !(now->enabled >> i & 1))
			found |= KICK_V_DEADLOCK;
	return found;
}

static unsigned int judge(void)
{
	return judge_at(&(struct moment){ 0 });
}

unsigned int xp_judge_so_far(uint32_t enabled, const int claimer[XP_MOST_VCPUS])
{
	return judge_at(&(struct moment){ enabled, claimer });
}

void xp_returned(unsigned int nr)
{
	static const struct xp_site site = { "the kick returns", "", 0 };
	struct kick_view view;

	xp_step(&site);
	xp.looking = true;
	judged->view(0, &view);
	xp.looking = false;
	if (xp.stint[0] && view.requests >> nr & 1 && !xp.pcpu[xp.fiber[0].cpu].pending)
		xp_found(KICK_V_LOST);
}

void xp_scenario_program(const struct xp_backend *backend, const struct xp_scenario *scenario,
			 struct xp_program *program)
{
	int i, guest_cpus = xp_guest_cpus(scenario);

	xp_scenario = *scenario;
	judged = backend;
	*program = (struct xp_program){
		.name = backend->name,
		.arena = backend->world,
		.size = backend->size,
		.plain = backend->plain,
		.own_at = backend->own_at,
		.own_size = backend->own_size,
		.books = { { backend->masks, backend->masks_size },
			   { xp_stint_at_kick, sizeof(xp_stint_at_kick) } },
		.n_vcpus = scenario->vcpus,
		.n_fibers = scenario->vcpus + scenario->kickers,
		.n_pcpus = guest_cpus + scenario->kickers,
		.hosts_take = scenario->form == XP_FULL,
		.records = scenario->records || scenario->views || scenario->immediate,
		.count_ipis = scenario->immediate,
		.by_stack = XP_STACKS_TELL && scenario->play != XP_KERNEL,
		/* The stints at kicks lie elsewhere. */
		.kicks_by_stack = XP_STACKS_TELL && scenario->play == XP_KERNEL && !scenario->records &&
				  !scenario->views,
		.setup = backend->setup,
		.run = backend->run,
		.judge = judge,
	};
	for (i = 0; i < program->n_fibers; i++)
		program->cpu[i] = i < scenario->vcpus ? xp_first_cpu(scenario, i) :
							xp_kicker_cpu(scenario, i - scenario->vcpus);
}
