// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A state is what an execution can change: the arena and the books, pCPUs, lanes, what is noted of fibers,
 * and their stacks with the registers on top.  Not part of it is what the search knows of levels, and what
 * stays for the whole exploration: agents keep their numbers.  A graph is there still, and its model goes on
 * from a level by itself.
 */
#include "explore/engine/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "explore/engine/state.h"

enum { SPACING = 12 }; /* levels without a state between two, at the most */

static struct checkpoint {
	char *bytes;
	size_t n, room;
	int level;
} kept[XP_LEVELS];
static int n_kept;

bool xp_from_the_start, xp_noted_apart;

/* One walk over the parts of a state serves both ways. */
struct walk {
	struct checkpoint *to; /* NULL: they are put back */
	const char *from;
	bool failed;
};

static void part(struct walk *w, void *at, size_t size)
{
	struct checkpoint *c = w->to;

	if (!c) {
		memcpy(at, w->from, size);
		w->from += size;
		return;
	}
	if (c->n + size > c->room) {
		size_t room = 2 * (c->n + size);
		char *more = realloc(c->bytes, room);

		w->failed |= !more;
		if (w->failed)
			return;
		c->bytes = more;
		c->room = room;
	}
	memcpy(c->bytes + c->n, at, size);
	c->n += size;
}

#define PART(w, what) part(w, &(what), sizeof(what))

static void fiber_parts(struct walk *w, struct xp_fiber *f)
{
	char *end = f->fiber.stack + f->fiber.size;

	PART(w, f->fiber.sp);
	part(w, f->fiber.sp, (size_t)(end - (char *)f->fiber.sp));
	part(w, &f->op, offsetof(struct xp_fiber, n_lanes) - offsetof(struct xp_fiber, op));
}

/* Lanes that have come since then were empty. */
static void lane_parts(struct walk *w, int n_agents)
{
	for (int i = xp.n_fibers; i < n_agents; i++) {
		PART(w, xp.lane[i].n);
		PART(w, xp.lane[i].head);
		if (xp.lane[i].n)
			PART(w, xp.lane[i].store);
	}
	for (int i = n_agents; i < xp.n_agents; i++)
		xp.lane[i].n = xp.lane[i].head = 0;
}

static void parts(struct walk *w)
{
	int n_agents = xp.n_agents;

	part(w, xp.program->arena, xp.program->size);
	for (int i = 0; i < XP_BOOKS; i++)
		part(w, (void *)(uintptr_t)xp.program->books[i].at, xp.program->books[i].size);
	part(w, xp.pcpu, (size_t)xp.program->n_pcpus * sizeof(xp.pcpu[0]));
	PART(w, xp.stint);
	PART(w, xp.ipis);
	PART(w, xp.agent_last);
	PART(w, xp.depth);
	PART(w, xp.last);
	PART(w, xp.current);
	PART(w, xp.starting);
	PART(w, xp.found);
	PART(w, xp.loaded);
	PART(w, xp.loaded_size);
	PART(w, xp_stands);
	for (int i = 0; i < xp.n_fibers; i++)
		fiber_parts(w, &xp.fiber[i]);
	PART(w, n_agents);
	lane_parts(w, n_agents);
}

void xp_checkpoints_forget(void)
{
	n_kept = 0;
}

bool xp_checkpoint_wanted(void)
{
	const struct xp_level *l = &xp.level[xp.depth];
	int before = n_kept ? kept[n_kept - 1].level : 0;

	if (!XP_STACKS_MOVE || xp_from_the_start || xp_noted_apart || !xp.search->returns || xp.recording)
		return false;
	return l->todo & ~(1u << l->agent) || xp.depth - before >= SPACING;
}

void xp_checkpoint_save(void)
{
	struct checkpoint *c = &kept[n_kept];
	struct walk w = { .to = c };

	c->n = 0;
	c->level = xp.depth;
	parts(&w);
	n_kept += !w.failed; /* without it more is executed again, and that is all */
}

int xp_checkpoint_resume(void)
{
	struct walk w = { 0 };

	if (!xp.forced && !xp.replay) /* another walk */
		n_kept = 0;
	while (n_kept && kept[n_kept - 1].level > xp.replay)
		n_kept--;
	if (!n_kept || !xp.forced)
		return -1;
	w.from = kept[n_kept - 1].bytes;
	parts(&w);
	return kept[n_kept - 1].level;
}
