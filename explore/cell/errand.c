// SPDX-License-Identifier: GPL-2.0-or-later
/* The two ends of an errand: what the child packs, and what the parent makes of it. */
#include "explore/cell/errand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "apart/apart.h"
#include "explore/cell/memory_room.h"
#include "explore/cell/witness.h"
#include "explore/engine/state.h"
#include "explore/world/weaken.h"

enum { MOST_MET = 512 };

/* What goes to the child and comes back; the errand's pointers lead into it. */
static struct letter {
	struct xp_errand errand;
	struct xp_cell cell;
	struct xp_options options;
	struct xp_budget budget;
	struct xp_weakenings weak;
	struct lanes lanes[2];
	struct xp_met met[MOST_MET];
	size_t n_met;
	void *more; /* kept */
} letter;

static struct apart_server server;
static struct xp_witness *witness; /* of the server's child */
/* What the child was made for: another one is made for anything else. */
static struct {
	const struct xp_backend *backend;
	void (*work)(struct xp_errand *errand);
	void *arg;
} made_for;
static const struct xp_watcher *outer; /* the caller's, or NULL */
static uint64_t room;		       /* when the first errand began; 0: none has */

static bool is_stopped(void *arg)
{
	(void)arg;
	return xp_stopped(outer);
}

/* The child's news go to the parent, which has the terminal. */
static void pass_on(void *arg, const struct xp_news *news)
{
	(void)arg;
	xp_witness_news(witness, news);
}

void xp_errand_limit(void)
{
#if !defined(FIBER_ASAN) && !defined(FIBER_TSAN)
	unsigned long pages = 0;
	struct rlimit limit;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%*u %*u %*u %*u %*u %lu", &pages) == 1 && room != UINT64_MAX &&
	    !getrlimit(RLIMIT_DATA, &limit)) {
		rlim_t most = pages * (uint64_t)sysconf(_SC_PAGESIZE) + room / 8 * 7;

		limit.rlim_cur = most < limit.rlim_cur ? most : limit.rlim_cur;
		setrlimit(RLIMIT_DATA, &limit);
	}
	if (f)
		fclose(f);
#endif
}

static void pack_lanes(const struct xp_cell *cell, bool all, struct lanes *lanes)
{
	struct lanes made;

	if (xp_lanes(cell, all, &made))
		return;
	*lanes = made;
	lanes->step = apart_keep(made.step, made.n * sizeof(*made.step));
	lanes_fini(&made);
}

/* In the child, for each errand. */
static void work(void *arg)
{
	static const struct xp_watcher watcher = { .stopped = is_stopped, .news = pass_on };
	static bool begun;
	struct letter *l = arg;
	struct xp_errand *e = &l->errand;

	if (!begun) {
		xp_witness_enter(witness);
		xp_errand_limit();
	}
	begun = true;
	outer = l->budget.watcher;
	l->budget.watcher = &watcher;
	e->more = e->more_size ? calloc(1, e->more_size) : NULL;
	if (e->watch)
		xp_watch_begin();
	e->work(e);
	if (e->watch)
		xp_watch_end();
	if (e->cell->has_example && e->options && !e->options->no_example) {
		pack_lanes(e->cell, false, &l->lanes[0]);
		if (e->want_all)
			pack_lanes(e->cell, true, &l->lanes[1]);
	}
	if (e->watch)
		l->n_met = xp_met_save(l->met, MOST_MET, e->cell->backend->name);
	if (e->more)
		l->more = apart_keep(e->more, e->more_size);
	free(e->more);
}

static uint64_t look(void *arg, double *patience)
{
	(void)arg;
	return xp_witness_look(witness, patience, outer);
}

static void end_text(char *text, size_t size)
{
	text[size - 1] = 0;
}

/* The child's lanes with steps of one's own; none, if they make no sense. */
static void unpack_lanes(const struct lanes *packed, struct lanes *lanes)
{
	*lanes = *packed;
	lanes->step = NULL;
	if (packed->n && packed->n <= XP_TRACE)
		lanes->step = apart_take(packed->step, packed->n * sizeof(*lanes->step));
	lanes->room = lanes->n;
	if (!lanes->step || lanes->n_lanes < 1 || lanes->n_lanes > LANES_MAX) {
		free(lanes->step);
		*lanes = (struct lanes){ 0 };
		return;
	}
	end_text(lanes->head, sizeof(lanes->head));
	end_text(lanes->end, sizeof(lanes->end));
	for (int i = 0; i < lanes->n_lanes; i++)
		end_text(lanes->lane[i].name, sizeof(lanes->lane[i].name));
	for (struct lanes_step *s = lanes->step; s < lanes->step + lanes->n; s++) {
		s->lane = s->lane < 0 || s->lane >= lanes->n_lanes ? 0 : s->lane;
		s->to = s->to < -1 || s->to >= lanes->n_lanes ? -1 : s->to;
		end_text(s->does, sizeof(s->does));
		end_text(s->effect, sizeof(s->effect));
		end_text(s->order, sizeof(s->order));
		end_text(s->source, sizeof(s->source));
		end_text(s->where, sizeof(s->where));
		end_text(s->found, sizeof(s->found));
	}
}

static void unpack(struct xp_errand *e)
{
	void *more = e->more_size ? apart_take(letter.more, e->more_size) : NULL;

	*e->cell = letter.cell;
	unpack_lanes(&letter.lanes[0], &e->lanes);
	unpack_lanes(&letter.lanes[1], &e->all_lanes);
	if (e->watch) {
		xp_watch_begin(); /* forgets what was reached before */
		xp_watch_end();
		xp_met_load(letter.met, letter.n_met < MOST_MET ? letter.n_met : MOST_MET,
			    e->cell->backend->name);
	}
	if (more)
		memcpy(e->more, more, e->more_size);
	free(more);
}

/* The letter; its reader has but what lies in it, and what is static. */
static void write_letter(const struct xp_errand *e)
{
	letter.errand = *e;
	letter.cell = *e->cell;
	letter.errand.cell = &letter.cell;
	letter.options = e->options ? *e->options : (struct xp_options){ 0 };
	letter.errand.options = e->options ? &letter.options : NULL;
	letter.budget = e->budget ? *e->budget : (struct xp_budget){ 0 };
	letter.errand.budget = &letter.budget;
	if (e->budget)
		letter.options.arg = &letter.budget;
	if (e->cell->weak) {
		letter.weak = *e->cell->weak;
		letter.cell.weak = &letter.weak;
	}
	letter.lanes[0] = letter.lanes[1] = (struct lanes){ 0 };
	letter.n_met = 0;
	letter.more = NULL;
}

static void dismiss(void)
{
	apart_dismiss(&server);
	xp_witness_free(witness);
	witness = NULL;
}

static struct apart_end send_letter(const struct xp_errand *e)
{
	static const struct apart a = { .work = work, .arg = &letter, .look = look, .stopped = is_stopped,
					.piece = { { &letter, sizeof(letter) } } };

	if (server.pid && (made_for.backend != e->cell->backend || made_for.work != e->work ||
			   made_for.arg != e->arg))
		dismiss();
	if (!server.pid) {
		xp_witness_free(witness);
		witness = xp_witness_new();
	}
	made_for.backend = e->cell->backend;
	made_for.work = e->work;
	made_for.arg = e->arg;
	if (!room)
		room = xp_memory_room("");
	outer = e->budget ? e->budget->watcher : NULL;
	write_letter(e);
	return apart_ask(&server, &a);
}

bool xp_errand_run(struct xp_errand *e)
{
	static struct xp_cell asked;
	struct apart_end end;

	asked = *e->cell;
	e->lanes = e->all_lanes = (struct lanes){ 0 };
	if (e->options && xp_cell_refused(e->cell, e->options))
		return true;
	end = send_letter(e);
	if (end.how == APART_DONE) {
		unpack(e);
		xp_cell_check(e->cell, &asked);
	} else {
		xp_witness_testify(witness, e->cell, &end);
	}
	return end.how == APART_DONE;
}

void xp_errands_end(void)
{
	dismiss();
}

void xp_errand_fini(struct xp_errand *e)
{
	lanes_fini(&e->lanes);
	lanes_fini(&e->all_lanes);
}

void xp_errand_cell(struct xp_errand *e)
{
	xp_cell_run(e->cell, e->options);
}
