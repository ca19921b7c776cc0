// SPDX-License-Identifier: GPL-2.0-or-later
/* The presets by name, their free parameters as text, and who has no such cell. */
#include <stdio.h>
#include <string.h>

#include "explore/world/scenario.h"

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
	  2, 1, 1, 0, 2, 0, 0, .request = true, .sleeps = 1,
	  .needs = KICK_F_REQUESTS | KICK_F_BLOCK, .quick = true },
	{ "put-clears", "as one-kick, but vcpu->cpu is -1 while the vCPU is not loaded",
	  1, 1, 1, 1, 2, 1, 1, REQUESTS, .put = XP_CLEARS, .quick = true },
	{ "offline", "2 kickers x 1 kick of a request, 1 migration, and the pCPU that was left goes offline",
	  2, 1, 1, 1, 2, 1, 0, REQUESTS, .offline = true, .put = XP_EITHER },
	{ "mask", "1 mask kick of 2 vCPUs and 1 kick of the first, each of a request, 1 migration of it",
	  2, 1, 2, 1, 2, 1, 0, .request = true, .masks = 1,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK },
	{ "mask-wait", "1 waiting mask kick of 2 vCPUs and 1 kick of the first, no migration",
	  2, 1, 2, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .records = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT },
	{ "wait", "2 waiting kicks (masks, if a kick cannot wait) of the same request, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .same = true, .wait = true, .records = true,
	  .needs = KICK_F_REQUESTS, .quick = true },
	{ "walker", "2 vCPUs walk pages, the first may find a bug and interrupt all; 1 kicker retires one",
	  1, 1, 2, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .walk = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK },
	{ "no-wakeup", "as one-kick, by a kick that must not wake; vcpu->cpu is -1 after a put, or not",
	  1, 1, 1, 1, 2, 1, 0, REQUESTS, .no_wakeup = true, .put = XP_EITHER, .quick = true },
	{ "numbers", "as one-kick without exits, of any request number below 32, by a kick or a mask",
	  1, 1, 1, 1, 2, 0, 0, REQUESTS, .numbers = true, .quick = true },
	{ "two-vcpus", "2 kickers kick a vCPU each, of a request, 1 migration of the first",
	  2, 1, 2, 1, 2, 0, 0, REQUESTS, .each = true, .quick = true },
	{ "high-cpu", "as one-kick, on the highest pCPU numbers",
	  1, 1, 1, 1, 2, 1, 0, REQUESTS, .high = true, .quick = true },
	{ "own-thread", "a vCPU's thread kicks itself in the host, another vCPU's thread kicks it, and 1 kicker",
	  1, 1, 2, 0, 2, 0, 0, REQUESTS, .own_thread = true, .quick = true },
	{ "three-migrations", "1 kicker, 1 kick of a request, 3 migrations",
	  1, 1, 1, 3, 2, 1, 0, REQUESTS, .quick = true },
	{ "sleeps-twice", "the vCPU sleeps, takes what woke it, and sleeps again; 2 kickers x 1 kick of a request",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .sleeps = 2, .needs = KICK_F_REQUESTS | KICK_F_BLOCK, .quick = true },
	{ "mask-wake", "2 vCPUs sleep first; 1 mask kick of both",
	  1, 1, 2, 0, 2, 0, 0, .request = true, .sleeps = 1, .masks = 1,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_BLOCK, .quick = true },
	{ "mask-no-wakeup", "1 mask kick of 2 vCPUs that must not wake, 1 migration of the first; cpu is -1 after a put, or not",
	  1, 1, 2, 1, 2, 0, 0, .request = true, .masks = 1, .no_wakeup = true,
	  .put = XP_EITHER, .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-gaps", "1 mask kick of the first and the third of 3 vCPUs, no migration",
	  1, 1, 3, 0, 2, 0, 0, .request = true, .masks = 1, .targets = 5,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-no-memory", "1 mask kick of 2 vCPUs, perhaps without memory for the mask, 1 migration of the first",
	  1, 1, 2, 1, 2, 0, 0, .request = true, .masks = 1, .no_memory = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-put-clears", "as mask-no-memory with memory, but vcpu->cpu is -1 while the vCPU is not loaded",
	  1, 1, 2, 1, 2, 1, 1, .request = true, .masks = 1, .put = XP_CLEARS,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-bare", "1 mask kick of 2 vCPUs without a request, 1 migration of the first",
	  1, 1, 2, 1, 2, 1, 1, .masks = 1, .records = true, .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "two-masks-wait", "2 waiting mask kicks at once, each of a request of its own, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .masks = 2, .wait = true, .records = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT },
	{ "mask-high-cpu", "1 mask kick of 2 vCPUs on the highest pCPU numbers, 1 migration of the first",
	  1, 1, 2, 1, 2, 0, 0, .request = true, .masks = 1, .high = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "mask-wait-no-memory", "1 waiting mask kick of 2 vCPUs, perhaps without memory for the mask, no migration",
	  1, 1, 2, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .records = true, .no_memory = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT, .quick = true },
	{ "two-masks-no-memory", "2 waiting mask kicks of one vCPU, perhaps without memory for a mask, no migration",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .masks = 2, .wait = true, .records = true, .no_memory = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT, .quick = true },
	{ "three-pcpus", "1 kicker, 1 kick of a request, 2 migrations round 3 pCPUs",
	  1, 1, 1, 2, 3, 1, 0, REQUESTS, .quick = true },
	{ "no-wakeup-sleeper", "the vCPU sleeps first; 2 kickers x 1 kick of a request that must not wake it",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .sleeps = 1, .no_wakeup = true,
	  .needs = KICK_F_REQUESTS | KICK_F_BLOCK, .quick = true },
	{ "mask-no-wakeup-sleeper", "2 vCPUs sleep first; 1 mask kick of both that must not wake them",
	  1, 1, 2, 0, 2, 0, 0, .request = true, .sleeps = 1, .masks = 1, .no_wakeup = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_BLOCK, .quick = true },
	{ "claims", "2 kickers x 1 kick without a request, 1 migration; who is claimed and who sends is looked at",
	  2, 1, 1, 1, 2, 1, 1, .records = true, .looks = true, .needs = KICK_F_CLAIM, .quick = true },
	{ "claims-mask", "as claims, of requests, no migration; the first kicker kicks by a mask",
	  2, 1, 1, 0, 2, 0, 0, .request = true, .masks = 1, .records = true, .looks = true,
	  .needs = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK, .quick = true },
	{ "view", "1 kicker, 1 kick of a request, 1 migration; what kick_view() says of the stint is looked at",
	  1, 1, 1, 1, 2, 0, 0, REQUESTS, .views = true, .quick = true },
	{ "one-walker", "1 vCPU walks pages, and may find a bug and interrupt itself; 1 kicker retires one",
	  1, 1, 1, 0, 2, 0, 0, .request = true, .masks = 1, .wait = true, .walk = true,
	  .needs = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK, .quick = true },
	{ "data", "1 kicker, 1 kick or mask of a request that is about a word; the vCPU takes it, and reads that",
	  1, 1, 1, 0, 2, 1, 1, REQUESTS, .data = true },
	/* Of a VMM's threads; exits: how often KVM_RUN may return by itself. */
	{ "run", "a VMM's thread: 1 kicker, 1 kick of a request",
	  1, 1, 1, 0, 2, 1, 0, REQUESTS, .play = XP_RUNS, .quick = true },
	{ "run-twice", "a VMM's thread: 2 kickers x 1 kick of a request",
	  2, 1, 1, 0, 2, 1, 0, REQUESTS, .play = XP_RUNS, .quick = true },
	{ "storm", "a VMM's thread: 2 kickers x 2 kicks of a request",
	  2, 2, 1, 0, 2, 0, 0, REQUESTS, .play = XP_RUNS },
	{ "pause", "a VMM's thread: stopped, resumed, stopped, resumed by one controller, who waits each time",
	  1, 2, 1, 0, 2, 0, 0, .play = XP_STOPS, .records = true, .needs = KICK_F_PAUSE, .quick = true },
	{ "pause-exit", "a VMM's thread: stopped and resumed, beside a KVM_RUN that returns by itself and its work",
	  1, 1, 1, 0, 2, 1, 0, .play = XP_STOPS, .records = true, .needs = KICK_F_PAUSE, .quick = true },
	{ "exit-all", "2 threads of a VMM: all stopped together, and resumed",
	  1, 1, 2, 0, 2, 0, 0, .play = XP_STOPS, .records = true, .needs = KICK_F_PAUSE },
	{ "stale", "a VMM's thread: 2 calls, of which the first may end by itself; 1 kick, for the call that is on",
	  1, 1, 1, 0, 2, 0, 0, .request = true, .play = XP_CALLS, .records = true,
	  .needs = KICK_F_REQUESTS | KICK_F_PER_CALL, .quick = true },
	{ 0 },
};
/* clang-format on */

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
	if (s->vcpus < 1 || s->vcpus > XP_MOST_VCPUS)
		return "1 to 3 vCPUs";
	if (s->migrations < 0 || s->migrations > 8)
		return "0 to 8 migrations";
	if (s->pcpus < 2 || s->pcpus > 3)
		return "2 or 3 pCPUs for the vCPU";
	if (s->exits < 0 || s->exits > 3)
		return "0 to 3 natural exits before a migration";
	if (s->shared && s->pcpus < s->vcpus)
		return "a pCPU for each of the vCPUs that share them";
	if (s->shared && s->offline)
		return "vCPUs that share their pCPUs, or pCPUs that go offline";
	return NULL;
}

static const char put_letter[] = { [XP_STICKY] = 's', [XP_CLEARS] = 'c', [XP_EITHER] = 'e' };

void xp_parameters_print(const struct xp_scenario *s, char *text, size_t size)
{
	snprintf(text, size, "%dx%dv%dm%dp%de%d%c%c", s->kickers, s->kicks, s->vcpus, s->migrations,
		 s->pcpus, s->exits, put_letter[s->put], s->shared ? 'h' : 'o');
}

bool xp_parameters_parse(const char *text, struct xp_scenario *s)
{
	char put, shared;

	if (sscanf(text, "%dx%dv%dm%dp%de%d%c%c", &s->kickers, &s->kicks, &s->vcpus, &s->migrations,
		   &s->pcpus, &s->exits, &put, &shared) != 8)
		return false;
	s->put = put == 'c' ? XP_CLEARS : put == 'e' ? XP_EITHER : XP_STICKY;
	s->shared = shared == 'h';
	return xp_scenario_check(s) == NULL;
}

const char *xp_na(const struct xp_backend *backend, const struct xp_scenario *scenario)
{
	static const struct {
		unsigned int feature;
		const char *reason;
	} lacks[] = {
		{ KICK_F_REQUESTS, "it has no requests" },
		{ KICK_F_CLAIM, "it claims no stint" },
		{ KICK_F_SELF, "a self kick does nothing in this protocol" },
		{ KICK_F_BLOCK, "its vCPU never sleeps" },
		{ KICK_F_MASK, "it has no mask kick" },
		{ KICK_F_WAIT, "its mask kick never waits" },
		{ KICK_F_WALK, "it has no page walks" },
		{ KICK_F_PAUSE, "it stops and resumes nobody" },
		{ KICK_F_PER_CALL, "its kicks are for no call" },
	};
	unsigned int features = backend->decl->features, needs = scenario->needs;
	size_t i;

	if (scenario->wait && scenario->form == XP_CORE)
		return "hosts take no calls in the core form, so a kick that waits would wait for ever";
	if (scenario->wait && !(features & KICK_F_KICK_WAIT))
		needs |= KICK_F_MASK | KICK_F_WAIT;
	if (features & KICK_F_NO_PROTOCOL)
		return "it is no protocol";
	if (features & KICK_F_SIGNAL && scenario->play == XP_KERNEL)
		return "its vCPU is a thread of a VMM, which no kernel migrates or interrupts: see run";
	if (!(features & KICK_F_SIGNAL) && scenario->play != XP_KERNEL)
		return "its vCPU is no thread of a VMM";
	if (scenario->play != XP_KERNEL && scenario->form == XP_CORE)
		return "signals stay where they are in the core form";
	for (i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (needs & ~features & lacks[i].feature)
			return lacks[i].reason;
	return NULL;
}
