// SPDX-License-Identifier: GPL-2.0-or-later
/* What backends declare for stress, and what the script is called. */
#include <stdio.h>
#include <string.h>

#include "stress/stress.h"

/* clang-format off */
const char *const stress_op_name[STRESS_N_OPS] = { "kick", "bare", "quiet", "mask", "bare-mask",
						   "wait", "kick-wait", "retire" };
const char *const stress_event_name[STRESS_N_EVENTS] = { "migrate", "exit", "block", "walk", "self",
							 "neighbour", "offline" };
const char *const stress_fault_name[STRESS_N_FAULTS] = { "stalls", "late-ipis", "load", "no-memory" };
const char *const stress_window_name[KICK_N_WINDOWS] = {
	[KICK_W_CPU_CLAIM] = "cpu-claim",	[KICK_W_BEFORE_CLAIM] = "before-claim",
	[KICK_W_CLAIM_IPI] = "claim-ipi",	[KICK_W_REQUEST_MODE] = "request-mode",
	[KICK_W_CPU_CHECKED] = "cpu-checked",	[KICK_W_LOAD_ENTER] = "load-enter",
	[KICK_W_MODE_CHECK] = "mode-check",	[KICK_W_EXIT] = "exit",
	[KICK_W_CHECK_SLEEP] = "check-sleep",	[KICK_W_WALK] = "walk",
};
const char *const stress_count_name[STRESS_N_COUNTS] = {
	[STRESS_KICKS] = "kicks",		[STRESS_REQUESTS] = "requests",
	[STRESS_BARE] = "bare kicks",		[STRESS_MASKS] = "mask kicks",
	[STRESS_WAITS] = "waiting mask kicks",	[STRESS_RETIRED] = "retired pages",
	[STRESS_WALKS_MET] = "walks met by a retired page", [STRESS_SELF] = "self kicks",
	[STRESS_SELF_RACED] = "raced self kicks", [STRESS_NEIGHBOURS] = "kicks from a vCPU's pCPU",
	[STRESS_STINTS] = "stints",		[STRESS_MIGRATIONS] = "migrations",
	[STRESS_NATURAL] = "natural exits",	[STRESS_SLEEPS] = "sleeps",
	[STRESS_WOKEN] = "wake-ups by kicks",	[STRESS_TIMERS] = "wake-ups by the timer",
	[STRESS_WALKS] = "walks",		[STRESS_BUGS] = "bugs found in walks",
	[STRESS_OFFLINES] = "pCPUs taken offline",
	[STRESS_SENT] = "kicks that sent an IPI", [STRESS_CLAIMED] = "kicks of a claimed stint",
	[STRESS_DELAYS] = "delays in windows",	[STRESS_MOVED] = "migrations inside windows",
	[STRESS_JUDGED] = "moments without a kick", [STRESS_STALLED] = "stalls by a signal",
};
/* clang-format on */

const char *stress_na(const struct stress_backend *b)
{
	if (b->decl->features & KICK_F_NO_PROTOCOL)
		return "no protocol: there is nothing to judge";
	return NULL;
}

const struct kick_stress_expect *stress_expect(const struct stress_backend *b)
{
#if defined(__x86_64__) || defined(__i386__) || defined(__s390x__)
	return &b->decl->stress_tso;
#else
	return &b->decl->stress_weak;
#endif
}

static void join(unsigned int bits, const char *const *names, int n, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < n; i++)
		if (bits >> i & 1 && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "+" : "", names[i]);
}

void stress_window_names(unsigned int mask, char *text, size_t size)
{
	if (mask && mask != STRESS_ALL_WINDOWS)
		join(mask, stress_window_name, KICK_N_WINDOWS, text, size);
	else
		snprintf(text, size, "%s", mask ? "all" : "none");
}

void stress_fault_names(unsigned int faults, char *text, size_t size)
{
	join(faults, stress_fault_name, STRESS_N_FAULTS, text, size);
}

static unsigned int judged(void)
{
	unsigned int bits = 0;

	for (int i = 0; i < KICK_N_PROPERTIES; i++)
		bits |= kick_properties[i].judges & KICK_STRESS_JUDGES ? kick_properties[i].bit : 0;
	return bits;
}

bool stress_misdeclared(const struct stress_backend *b, char *why, size_t size)
{
	const struct kick_stress_expect *both[] = { &b->decl->stress_tso, &b->decl->stress_weak };

	for (int i = 0; i < 2; i++) {
		const struct kick_stress_expect *e = both[i];
		const char *wrong = NULL;

		if (e->verdict == KICK_CAUGHT && !e->finds)
			wrong = "caught, and not by what";
		else if (e->verdict != KICK_CAUGHT && e->finds)
			wrong = "not caught, and by what";
		else if (e->finds & ~judged())
			wrong = "caught by what stress does not judge";
		else if (e->verdict == KICK_SILENT && !e->why)
			wrong = "silent, and not why";
		if (!wrong)
			continue;
		snprintf(why, size, "its declaration (%s) says: %s", i ? "stress_weak" : "stress_tso", wrong);
		return true;
	}
	return false;
}

bool stress_nearest_preset(const struct stress_backend *b, int kind, const char **preset,
			   const char **model)
{
	static const char *const names[] = { "sc", "tso", "pso", "rc11", "lkmm", "armv8" };
	const struct kick_expect *e = b->decl->explore;
	size_t n = sizeof(b->decl->explore) / sizeof(b->decl->explore[0]);

	for (size_t i = 0; i < n && e[i].preset; i++) {
		if (!(e[i].finds >> kind & 1) || !e[i].models)
			continue;
		*preset = e[i].preset;
		*model = names[__builtin_ctz(e[i].models)];
		return true;
	}
	return false;
}
