// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine's state in shared memory, and what can be told of it after its end. */
#include "explore/cell/witness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "explore/cell/refusal.h"
#include "explore/engine/state.h"

/* Seconds of CPU time: in a backend's text, where guard.c is to be first; in the engine. */
enum { PATIENCE = 2, ENGINE_PATIENCE = 120 };

struct xp_witness {
	struct xp_engine engine; /* in the child it is moved to its place */
	struct {
		struct xp_news news;
		uint64_t beats, heard;
	} told __attribute__((aligned(XP_PAGE)));
};

static bool on_pages(void)
{
	return (uintptr_t)&xp % (uintptr_t)sysconf(_SC_PAGESIZE) == 0 &&
	       sizeof(xp) % (size_t)sysconf(_SC_PAGESIZE) == 0;
}

struct xp_witness *xp_witness_new(void)
{
	struct xp_witness *w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return w == MAP_FAILED ? NULL : w;
}

void xp_witness_free(struct xp_witness *w)
{
	if (w)
		munmap(w, sizeof(*w));
}

void xp_witness_enter(struct xp_witness *w)
{
	if (w && on_pages())
		mremap(w, sizeof(xp), sizeof(xp), MREMAP_MAYMOVE | MREMAP_FIXED, &xp);
}

void xp_witness_news(struct xp_witness *w, const struct xp_news *news)
{
	if (!w)
		return;
	w->told.news = *news;
	__atomic_store_n(&w->told.beats, w->told.beats + 1, __ATOMIC_RELEASE); /* pairs with hear() */
}

static void hear(struct xp_witness *w, const struct xp_watcher *watcher)
{
	uint64_t beats = __atomic_load_n(&w->told.beats, __ATOMIC_ACQUIRE); /* pairs with xp_witness_news() */

	if (beats == w->told.heard)
		return;
	w->told.heard = beats;
	xp_tell(watcher, &w->told.news);
}

uint64_t xp_witness_look(struct xp_witness *w, double *patience, const struct xp_watcher *watcher)
{
	volatile const struct xp_engine *e = w ? &w->engine : NULL;
	uint64_t mark = 0;

	*patience = ENGINE_PATIENCE;
	if (!e)
		return 0;
	hear(w, watcher);
	if (e->inside && !e->deciding)
		*patience = PATIENCE;
	mark = xp_mix(xp_mix(mark, e->attempt), e->steps);
	mark = xp_mix(xp_mix(mark, (uint64_t)e->depth), e->executions);
	return xp_mix(xp_mix(mark, e->states), w->told.beats);
}

/* What became of it, in the engine's terms. */
static struct xp_refusal refusal_of(const struct apart_end *end)
{
	struct xp_refusal r = { .what = XP_REFUSED_EXIT, .signal = end->code };

	if (end->how == APART_SPINS || end->how == APART_DEAF)
		r.what = XP_REFUSED_HANG;
	else if (end->how == APART_SLEEPS)
		r.what = XP_REFUSED_ASLEEP;
	else if (end->how == APART_SIGNALLED)
		r.what = XP_REFUSED_SIGNAL;
	return r;
}

struct inquest {
	struct xp_witness *witness;
	const struct xp_cell *cell;
	const struct apart_end *end;
	struct {
		enum xp_refused what;
		char text[sizeof(((struct xp_cell *)0)->reason)];
	} finding;
};

/* In a child of its own, since what it looks at may be anything. */
static void look_at_the_dead(void *arg)
{
	static struct xp_program program;
	struct inquest *q = arg;

	xp_witness_enter(q->witness);
	xp_scenario_program(q->cell->backend, &q->cell->scenario, &program);
	xp.program = &program;
	if (xp.current < 0 || xp.current >= XP_FIBERS)
		xp.current = 0;
	if (!xp.refusal.what) {
		xp.refusal = refusal_of(q->end);
		xp.refusal.fiber = (uint8_t)xp.current;
		xp.refusal.setup = xp.setup;
		if (xp.depth > 0 && xp.depth <= XP_LEVELS)
			xp.refusal.after = xp.level[xp.depth - 1].site;
	}
	q->finding.what = xp.refusal.what;
	xp_refusal_text(q->cell->scenario.name, q->cell->model, q->finding.text, sizeof(q->finding.text));
}

static void without_place(const struct apart_end *end, const char *backend, char *text, size_t size)
{
	if (end->how == APART_SIGNALLED)
		snprintf(text, size, "%s died of signal %d, %s", backend, end->code, strsignal(end->code));
	else if (end->how == APART_EXITED)
		snprintf(text, size, "%s ends the program, with code %d", backend, end->code);
	else
		snprintf(text, size, "%s comes to no end", backend);
}

void xp_witness_testify(struct xp_witness *w, struct xp_cell *cell, const struct apart_end *end)
{
	struct inquest q = { .witness = w, .cell = cell, .end = end };
	const struct apart a = { .work = look_at_the_dead, .arg = &q,
				 .piece = { { &q.finding, sizeof(q.finding) } } };
	size_t n;

	cell->has_example = false;
	if (end->how == APART_NOT) {
		cell->status = XP_FAILED;
		snprintf(cell->reason, sizeof(cell->reason), "no process for it: %s", strerror(-end->code));
		return;
	}
	if (end->told) {
		cell->status = XP_BUDGET;
		snprintf(cell->reason, sizeof(cell->reason), "ended from outside");
		return;
	}
	cell->status = XP_FAILED;
	if (w && on_pages() && apart_run(&a).how == APART_DONE &&
	    memchr(q.finding.text, 0, sizeof(q.finding.text))) {
		cell->failure = q.finding.what;
		memcpy(cell->reason, q.finding.text, sizeof(cell->reason));
	} else {
		cell->failure = refusal_of(end).what;
		without_place(end, cell->backend->name, cell->reason, sizeof(cell->reason));
	}
	n = strlen(cell->reason);
	if (end->how == APART_SIGNALLED && end->code == SIGKILL)
		snprintf(cell->reason + n, sizeof(cell->reason) - n, ", with %zu MiB of memory",
			 end->memory >> 20);
}

extern char __executable_start, _end; /* the linker's: the program, and what is constant in it */

/* Sites are static: they are in the program, wherever a broken child says they were. */
static bool is_site(const struct xp_site *site)
{
	return (const char *)site >= &__executable_start && (const char *)(site + 1) <= &_end;
}

static void check_assumed(struct xp_assumed *said)
{
	bool right = said->n >= 0 && said->n <= XP_ASSUMED;

	for (int i = 0; right && i < said->n; i++)
		right = is_site(said->pair[i].load) && is_site(said->pair[i].store);
	said->n = right ? said->n : 0;
}

void xp_cell_check(struct xp_cell *said, const struct xp_cell *asked)
{
	said->backend = asked->backend;
	said->scenario = asked->scenario;
	said->model = asked->model;
	said->weak = asked->weak;
	said->assumed = asked->assumed;
	check_assumed(&said->rests_on);
	said->all_orders = asked->all_orders;
	said->reason[sizeof(said->reason) - 1] = 0;
	said->example.schedule[sizeof(said->example.schedule) - 1] = 0;
	said->example.scenario.name = asked->scenario.name;
	said->example.scenario.doc = asked->scenario.doc;
	if ((unsigned int)said->status > XP_FAILED || (unsigned int)said->failure >= XP_REFUSALS ||
	    said->counts.n < 0 || said->counts.n > XP_ODDS || said->found >> XP_VIOLATION_BITS ||
	    (unsigned int)said->example.scenario.put > XP_EITHER) {
		said->status = XP_FAILED;
		said->counts.n = 0;
		said->has_example = false;
		snprintf(said->reason, sizeof(said->reason), "what it came to makes no sense");
	}
}
