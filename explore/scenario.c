// SPDX-License-Identifier: GPL-2.0-or-later
/* The presets, and the judge of a finished execution. */
#include "explore/scenario.h"

#include <string.h>

#include "explore/engine.h"

#define REQUESTS .request = true, .needs = KICK_F_REQUESTS

/* clang-format off */
/* kickers, kicks, vcpus, migrations, pcpus, exits, core_exits */
const struct xp_scenario xp_presets[] = {
	{ "one-kick", "1 kicker, 1 kick of a request, 1 migration",
	  1, 1, 1, 1, 2, 1, 0, REQUESTS, .quick = true },
	{ "two-kicks", "2 kickers x 1 kick of a request, 1 migration",
	  2, 1, 1, 1, 2, 1, 0, REQUESTS, .quick = true },
	{ "two-kicks-two-migrations", "2 kickers x 1 kick of a request, 2 migrations",
	  2, 1, 1, 2, 2, 1, 1, REQUESTS },
	{ "twice-two-kicks", "2 kickers x 2 kicks of a request, 2 migrations",
	  2, 2, 1, 2, 2, 1, 1, REQUESTS },
	{ "three-kickers", "3 kickers x 1 kick of a request, 1 migration",
	  3, 1, 1, 1, 2, 1, 1, REQUESTS },
	{ "dirty-log", "2 kickers x 1 kick without a request, 1 migration",
	  2, 1, 1, 1, 2, 1, 1, .records = true, .needs = KICK_F_REQUESTS, .quick = true },
	{ "self", "the vCPU kicks itself in its first stint; 1 kicker x 1 kick of a request, 1 migration",
	  1, 1, 1, 1, 2, 1, 0, .request = true, .self = true,
	  .needs = KICK_F_REQUESTS | KICK_F_SELF, .quick = true },
	{ "wake", "the vCPU sleeps first; 2 kickers x 1 kick of a request, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .block = true,
	  .needs = KICK_F_REQUESTS | KICK_F_BLOCK, .quick = true },
	{ "put-clears", "as one-kick, but vcpu->cpu is -1 while the vCPU is not loaded",
	  1, 1, 1, 1, 2, 1, 1, REQUESTS, .put_clears = true, .quick = true },
	{ "mask", "1 mask kick and 1 kick, each of a request, 1 migration",
	  2, 1, 1, 1, 2, 1, 0, .request = true, .masks = 1,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-wait", "1 waiting mask kick and 1 kick, each of a request, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .records = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT, .quick = true },
	{ "wait", "2 waiting kicks (masks, if a kick cannot wait) of the same request, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .same = true, .wait = true, .records = true,
	  .needs = KICK_F_REQUESTS, .quick = true },
	{ "walker", "the vCPU walks pages; 1 kicker retires one with a waiting mask kick, no migration",
	  1, 1, 1, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .walk = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK, .quick = true },
	{ 0 },
};
/* clang-format on */

struct xp_scenario xp_scenario;
struct xp_outcome xp_outcome[8];

const struct xp_scenario *xp_preset(const char *name)
{
	const struct xp_scenario *s;

	for (s = xp_presets; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const char *xp_scenario_check(const struct xp_scenario *s)
{
	if (s->kickers < 1 || s->kickers > 4)
		return "1 to 4 kickers";
	if (s->kicks < 1 || s->kicks > 6)
		return "1 to 6 kicks of each kicker";
	if (s->migrations < 0 || s->migrations > 8)
		return "0 to 8 migrations";
	if (s->pcpus < 2 || s->pcpus > 3)
		return "2 or 3 pCPUs for the vCPU";
	if (s->exits < 0 || s->exits > 3)
		return "0 to 3 natural exits before a migration";
	return NULL;
}

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "kick_backends.def"
#undef X

const struct xp_backend *const xp_backends[] = {
#define X(name) &xp_backend_##name,
#include "kick_backends.def"
#undef X
	NULL,
};

const struct xp_backend *xp_backend(const char *name)
{
	int i;

	for (i = 0; xp_backends[i]; i++)
		if (!strcmp(xp_backends[i]->name, name))
			return xp_backends[i];
	return NULL;
}

const char *xp_na(const struct xp_backend *backend, const struct xp_scenario *scenario)
{
	static const struct {
		unsigned int feature;
		const char *reason;
	} lacks[] = {
		{ KICK_F_REQUESTS, "it has no requests" },
		{ KICK_F_SELF, "a self kick does nothing in this protocol" },
		{ KICK_F_BLOCK, "its vCPU never sleeps" },
		{ KICK_F_MASK, "it has no mask kick" },
		{ KICK_F_WAIT, "its mask kick never waits" },
		{ KICK_F_WALK, "it has no page walks" },
	};
	unsigned int features = backend->decl->features, needs = scenario->needs;
	size_t i;

	if (scenario->wait && !(features & KICK_F_KICK_WAIT))
		needs |= KICK_F_MASK | KICK_F_WAIT;

	if (features & KICK_F_NO_PROTOCOL)
		return "it is no protocol";
	if (features & KICK_F_SIGNAL)
		return "it kicks by signal, which is not modelled";
	for (i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (needs & ~features & lacks[i].feature)
			return lacks[i].reason;
	return NULL;
}

static const struct xp_backend *judged;

/* Where a fiber is stuck for good, or XP_KINDS. */
static enum xp_kind stuck_in(int fiber)
{
	return xp.fiber[fiber].done ? XP_KINDS : (enum xp_kind)xp.fiber[fiber].op->kind;
}

static unsigned int judge_vcpu(int i)
{
	struct kick_view view;
	unsigned int found = 0;
	int k;

	judged->view(i, &view);
	switch (stuck_in(i)) {
	case XP_KINDS:
		return 0;
	case XP_SLEEP:
		return view.requests ? KICK_V_WAKE : 0;
	case XP_GUEST_WAIT:
		break;
	default:
		return KICK_V_DEADLOCK;
	}
	/* In guest mode, and no IPI will ever come. */
	if (view.requests)
		found |= KICK_V_LOST;
	if (view.claimed)
		found |= KICK_V_POISONED;
	if (!xp_scenario.records)
		return found;
	if (view.claimed && !xp_scenario.request)
		found |= KICK_V_STRICT;
	for (k = xp_scenario.vcpus; k < xp.n_fibers; k++)
		if (xp.stint[i] && xp_outcome[k].stint_at_kick == xp.stint[i])
			found |= KICK_V_WEAK;
	return found;
}

static unsigned int judge(void)
{
	unsigned int found = 0;
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++)
		found |= judge_vcpu(i);
	for (; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done)
			found |= KICK_V_DEADLOCK;
	return found;
}

void xp_returned(unsigned int nr)
{
	static const struct xp_site site = { "the kick returns", "", 0 };
	struct kick_view view;

	xp_step(&site);
	judged->view(0, &view);
	if (xp.stint[0] && view.requests >> nr & 1 && !xp.pcpu[xp.fiber[0].cpu].pending)
		xp_found(KICK_V_LOST);
}

void xp_scenario_program(const struct xp_backend *backend, const struct xp_scenario *scenario,
			 struct xp_program *program)
{
	int i;

	xp_scenario = *scenario;
	judged = backend;
	*program = (struct xp_program){
		.name = backend->name,
		.arena = backend->world,
		.size = backend->size,
		.n_fibers = scenario->vcpus + scenario->kickers,
		.n_pcpus = scenario->vcpus * scenario->pcpus + scenario->kickers,
		.hosts_take = scenario->form == XP_FULL,
		.records = scenario->records || scenario->immediate,
		.count_ipis = scenario->immediate,
		.setup = backend->setup,
		.run = backend->run,
		.judge = judge,
	};
	for (i = 0; i < program->n_fibers; i++)
		program->cpu[i] = i < scenario->vcpus ? i * scenario->pcpus :
							(scenario->vcpus * scenario->pcpus +
							 i - scenario->vcpus);
}
