// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Schedules as text: "v3" three steps of the vCPU's fiber, "a2" two of the first kicker's, "v'2" two
 * of the vCPU's buffered stores reach memory ("v'@7:2" under pso: those to word 7), "?1" a choice.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/cell.h"

static char fiber_letter(int fiber)
{
	int kicker = fiber - xp_scenario.vcpus;

	return kicker < 0 ? "vwxy"[fiber] : "abcdefgh"[kicker];
}

static int letter_fiber(char c)
{
	static const char vcpus[] = "vwxy", kickers[] = "abcdefgh";
	const char *v = strchr(vcpus, c), *k = strchr(kickers, c);

	if (!c || (!v && !k))
		return -1;
	return v ? v - vcpus : k - kickers + xp_scenario.vcpus;
}

static int append(char *text, int at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static int append(char *text, int at, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text + at, XP_SCHEDULE - at, fmt, args);
	va_end(args);
	return at + n < XP_SCHEDULE ? at + n : XP_SCHEDULE - 1;
}

static int append_run(char *text, int at, int agent, int n)
{
	const char *dot = at ? "." : "";

	if (agent < xp.n_fibers)
		return append(text, at, "%s%c%d", dot, fiber_letter(agent), n);
	if (xp.lane[agent].slot < 0)
		return append(text, at, "%s%c'%d", dot, fiber_letter(xp_owner(agent)), n);
	return append(text, at, "%s%c'@%d:%d", dot, fiber_letter(xp_owner(agent)),
		      xp.lane[agent].slot, n);
}

void xp_example_schedule(char text[XP_SCHEDULE])
{
	int i, at = 0, n = 0;

	text[0] = 0;
	for (i = 0; i < xp.depth; i++) {
		struct xp_level *l = &xp.level[i];

		if (l->choices) {
			at = append(text, at, "%s?%u", at ? "." : "", l->choice);
			continue;
		}
		n++;
		if (i + 1 == xp.depth || l[1].choices || l[1].agent != l->agent) {
			at = append_run(text, at, l->agent, n);
			n = 0;
		}
	}
}

int xp_example_preemptions(void)
{
	int i, n = 0;

	for (i = 1; i < xp.depth; i++) {
		struct xp_level *l = &xp.level[i];

		n += !l->choices && xp_preempts(l->enabled, l->last, l->agent);
	}
	return n;
}

/* The replay search. */
static const char *cursor;
static int run_agent, run_left; /* run_agent: fiber, or -1 - fiber for its lane */
static int run_slot;

/* What does not fit is left out, and at the end whoever can goes on. */
static bool lenient;

void xp_example_load(const char *schedule)
{
	cursor = schedule;
	run_left = 0;
}

void xp_example_lenient(bool is)
{
	lenient = is;
}

static bool read_token(void)
{
	char *end;
	int fiber;

	if (*cursor == '.')
		cursor++;
	fiber = letter_fiber(*cursor);
	if (fiber < 0 || fiber >= xp.n_fibers)
		return false;
	cursor++;
	run_agent = fiber;
	run_slot = -1;
	if (*cursor == '\'') {
		cursor++;
		run_agent = -1 - fiber;
	}
	if (*cursor == '@') {
		run_slot = strtol(cursor + 1, &end, 10);
		if (*end != ':')
			return false;
		cursor = end + 1;
	}
	run_left = strtol(cursor, &end, 10);
	if (end == cursor || run_left < 1)
		return false;
	cursor = end;
	return true;
}

static int find_agent(void)
{
	int i;

	if (run_agent >= 0)
		return run_agent;
	for (i = xp.n_fibers; i < xp.n_agents; i++)
		if (xp.lane[i].fiber == -1 - run_agent && xp.lane[i].slot == run_slot)
			return i;
	return -1;
}

static void skip_token(void)
{
	run_left = 0;
	cursor += *cursor == '.';
	cursor += strcspn(cursor, ".");
}

static int pick_near(uint32_t enabled)
{
	int agent;

	for (; run_left || *cursor; run_left = 0) {
		if (!run_left && !read_token()) {
			skip_token();
			continue;
		}
		agent = find_agent();
		if (agent >= 0 && enabled >> agent & 1) {
			run_left--;
			return agent;
		}
	}
	return __builtin_ctz(enabled);
}

static int pick(uint32_t enabled)
{
	int agent;

	xp_turns_look(enabled);
	if (lenient)
		return pick_near(enabled);
	if (!run_left && !read_token()) {
		xp_fail("the schedule ends, or is not one, at step %d", xp.depth);
		return -1;
	}
	run_left--;
	agent = find_agent();
	if (agent < 0 || !(enabled >> agent & 1)) {
		xp_fail("the schedule names somebody who cannot go on at step %d", xp.depth);
		return -1;
	}
	return agent;
}

static int choose(int n)
{
	char *end;
	long value;

	if (lenient && (run_left || cursor[*cursor == '.'] != '?'))
		return 0;
	if (*cursor == '.')
		cursor++;
	if (run_left || *cursor != '?') {
		xp_fail("the schedule misses a choice at step %d", xp.depth);
		return 0;
	}
	value = strtol(cursor + 1, &end, 10);
	cursor = end;
	if (lenient)
		return value >= 0 && value < n ? (int)value : 0;
	if (value < 0 || (value >= n && !xp.model->ahead)) {
		xp_fail("the schedule makes a choice that is not offered, at step %d", xp.depth);
		return 0;
	}
	return value;
}

static void take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

static void end(void)
{
	xp_turns_look(0);
	if (!lenient && (run_left || *cursor))
		xp_fail("the execution ends before the schedule does");
}

static bool next(void)
{
	return false;
}

const struct xp_search xp_replay = {
	.name = "replay", .pick = pick, .take = take, .choose = choose, .end = end, .next = next,
};
