// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rounds of the study.  First the text as it is, which also finds its sites; then every rung below
 * each site; then pairs of what holds alone, each in the cell where it does; then, over all cells, a set
 * that is made larger while it holds.
 */
#include "explore/study/barriers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/errand.h"

struct study {
	struct xp_barriers *b;
	struct xp_errand errand; /* of the last cell */
	uint8_t *came; /* enum xp_came by site, rung, base */
};

static uint8_t *came_at(struct study *s, int site, int rung, size_t base)
{
	return &s->came[(site * XP_RUNGS + rung) * s->b->n_bases + base];
}

static bool stopped(const struct xp_barriers *b)
{
	return b->stopped && b->stopped(b->arg);
}

/* Operations of one word on one line are one site. */
static int site_index(struct xp_barriers *b, const struct xp_ordered *o)
{
	char name[XP_SITE_NAME], other[XP_SITE_NAME];
	int i;

	xp_ordered_name(o, name);
	for (i = 0; i < b->n_sites; i++) {
		xp_ordered_name(b->site[i], other);
		if (!strcmp(name, other))
			return i;
	}
	if (i == 64)
		return -E2BIG;
	b->site[b->n_sites++] = o;
	return i;
}

static void work(struct xp_errand *e)
{
	const struct xp_barriers *b = e->arg;

	xp_errand_cell(e);
	if (b->recorded && e->cell->has_example)
		b->recorded(e->cell, e->more);
}

static void run(struct study *s, struct xp_cell *cell, const struct xp_options *options,
		bool watch)
{
	struct xp_barriers *b = s->b;

	if (b->begins)
		b->begins(b->arg);
	xp_errand_fini(&s->errand);
	s->errand = (struct xp_errand){ .work = work, .cell = cell, .options = options, .watch = watch,
					.budget = b->budget, .more = b->more, .more_size = b->more_size,
					.arg = b };
	xp_errand_run(&s->errand);
}

/*
 * What rests on a dependency as written would hide whatever a weaker order adds to it.  So dependencies are
 * taken for granted until nothing rests on any; false: there is no more of that.
 */
static bool take_for_granted(struct xp_base *base, const struct xp_cell *cell)
{
	const struct xp_assumed *on = &cell->rests_on;
	bool more = cell->rests && on->n && base->assumed.n + on->n <= XP_ASSUMED;

	for (int i = 0; more && i < on->n; i++)
		base->assumed.pair[base->assumed.n++] = on->pair[i];
	return more;
}

/* The text as it is in one cell, and which sites it meets there. */
static int explore_base(struct study *s, struct xp_base *base)
{
	struct xp_barriers *b = s->b;
	static struct xp_cell cell;
	const struct xp_ordered *o;
	struct xp_options options = b->options;
	int i;

	options.no_example = true;
	do {
		cell = (struct xp_cell){ .backend = b->backend, .scenario = base->scenario,
					 .model = base->model, .assumed = base->assumed };
		run(s, &cell, &options, true);
	} while (cell.status == XP_EXHAUSTIVE && take_for_granted(base, &cell) && !stopped(b));
	base->usable = cell.status == XP_EXHAUSTIVE;
	base->found = cell.found;
	memcpy(base->reason, cell.reason, sizeof(base->reason));
	for (o = xp_ordered_first(); base->usable && o; o = o->next) {
		if (!o->reached || o->backend != b->backend->name)
			continue;
		i = site_index(b, o);
		if (i < 0)
			return i;
		base->reached |= 1ull << i;
	}
	return 0;
}

static int explore_bases(struct study *study)
{
	struct xp_barriers *b = study->b;
	size_t s, m;
	int failed = 0;

	b->n_bases = b->n_sites = 0;
	b->base = calloc(b->n_scenarios * b->n_models, sizeof(*b->base));
	if (!b->base)
		return -ENOMEM;
	for (s = 0; s < b->n_scenarios && !failed; s++)
		for (m = 0; m < b->n_models && !failed; m++) {
			struct xp_base *base = &b->base[b->n_bases];

			if (xp_na(b->backend, &b->scenario[s]))
				continue;
			base->scenario = b->scenario[s];
			base->model = b->model[m];
			base->model_bit = xp_model_bit(b->model[m]);
			b->n_bases++;
			failed = explore_base(study, base);
		}
	return failed;
}

static void add(struct xp_trial *trial, struct xp_weakenings *set, const struct xp_ordered *o,
		enum xp_rung to)
{
	xp_ordered_name(o, set->one[set->n].site);
	set->one[set->n].to = to;
	trial->site[set->n++] = o;
	trial->set = set;
}

/* Explores the trial's set in one cell: all of it, with an example, or only until it breaks. */
static enum xp_came explore(struct study *s, struct xp_trial *trial, size_t at, bool all)
{
	static struct xp_cell cell;
	const struct xp_base *base = &s->b->base[at];
	struct xp_options options = s->b->options;

	cell = (struct xp_cell){ .backend = s->b->backend, .scenario = base->scenario,
				 .model = base->model, .weak = trial->set, .assumed = base->assumed };
	options.no_example = !all;
	options.any = all ? 0 : ~base->found;
	options.show = ~base->found;
	trial->cell = &cell;
	trial->lanes = &s->errand.lanes;
	trial->broke = trial->rests = 0;
	if (!base->usable || stopped(s->b)) {
		memcpy(cell.reason, base->reason, sizeof(cell.reason));
		cell.status = XP_BUDGET;
		return trial->came = XP_UNDECIDED;
	}
	run(s, &cell, &options, false);
	if (cell.status == XP_NA) /* of this order */
		return trial->came = XP_NOT_REACHED;
	trial->broke = cell.found & ~base->found;
	trial->rests = cell.rests & trial->broke;
	cell.has_example &= all && cell.example.found & trial->broke;
	if (trial->broke)
		return trial->came = XP_BREAKS;
	return trial->came = cell.status == XP_EXHAUSTIVE ? XP_STILL_HOLDS : XP_UNDECIDED;
}

/* What a signal cut short is not told. */
static void tell(struct study *s, struct xp_trial *trial)
{
	if (!stopped(s->b))
		s->b->tried(s->b->arg, trial);
}

/* A cell that nobody needs to explore: the site is not there, or the model sees no difference. */
static enum xp_came known(const struct study *s, int site, enum xp_rung to, size_t at)
{
	const struct xp_base *base = &s->b->base[at];

	if (!base->usable)
		return XP_UNDECIDED;
	if (!(base->reached >> site & 1))
		return XP_NOT_REACHED;
	return xp_rung_idle(s->b->site[site], to, base->model_bit) ? XP_IDLE : XP_BREAKS;
}

static void single(struct study *s, int site, enum xp_rung to, size_t at)
{
	static struct xp_cell nothing;
	struct xp_weakenings set = { 0 };
	struct xp_trial trial = { .round = XP_SINGLE };

	add(&trial, &set, s->b->site[site], to);
	trial.came = known(s, site, to, at);
	if (trial.came == XP_NOT_REACHED || trial.came == XP_IDLE) {
		nothing = (struct xp_cell){ .backend = s->b->backend, .model = s->b->base[at].model,
					    .scenario = s->b->base[at].scenario };
		trial.cell = &nothing;
	} else {
		explore(s, &trial, at, true);
	}
	if ((trial.came == XP_STILL_HOLDS || trial.came == XP_IDLE) &&
	    !xp_model_of_bit(s->b->base[at].model_bit)->ahead && xp_rung_unseen(s->b->site[site], to))
		trial.came = XP_UNSEEN;
	*came_at(s, site, to, at) = trial.came;
	tell(s, &trial);
}

static void singles(struct study *s)
{
	int site, to;
	size_t at;

	for (site = 0; site < s->b->n_sites; site++)
		for (to = XP_TO_SEQ_CST; to < XP_RUNGS; to++)
			for (at = 0; at < s->b->n_bases && xp_ladder(s->b->site[site]) >> to & 1; at++)
				single(s, site, to, at);
}

/* The weakest rung that was explored and holds in this cell, or XP_AS_WRITTEN. */
static enum xp_rung lowest(struct study *s, int site, size_t at)
{
	int to;

	for (to = XP_RUNGS - 1; to > XP_AS_WRITTEN; to--)
		if (*came_at(s, site, to, at) == XP_STILL_HOLDS)
			return to;
	return XP_AS_WRITTEN;
}

static enum xp_came pair(struct study *s, const int site[2], const int to[2], size_t at, bool last)
{
	static struct xp_weakenings set;
	struct xp_trial trial = { .round = XP_PAIR };
	int i;

	set.n = 0;
	for (i = 0; i < 2; i++)
		add(&trial, &set, s->b->site[site[i]], to[i]);
	explore(s, &trial, at, last);
	if (last)
		tell(s, &trial);
	return trial.came;
}

/* A pair that breaks: the strongest orders that still do, the first site's first. */
static void climb(struct study *s, const int site[2], int to[2], size_t at)
{
	int i, rung, was;

	for (i = 0; i < 2; i++) {
		was = to[i];
		for (rung = XP_TO_SEQ_CST; rung < was; rung++) {
			to[i] = rung;
			if (xp_ladder(s->b->site[site[i]]) >> rung & 1 &&
			    *came_at(s, site[i], rung, at) == XP_STILL_HOLDS &&
			    pair(s, site, to, at, false) == XP_BREAKS)
				break;
		}
		to[i] = rung < was ? rung : was;
	}
}

static void pairs_of(struct study *s, size_t at)
{
	int site[2], to[2];

	for (site[0] = 0; site[0] < s->b->n_sites; site[0]++)
		for (site[1] = site[0] + 1; site[1] < s->b->n_sites; site[1]++) {
			to[0] = lowest(s, site[0], at);
			to[1] = lowest(s, site[1], at);
			if (!to[0] || !to[1] || stopped(s->b))
				continue;
			if (pair(s, site, to, at, false) == XP_BREAKS)
				climb(s, site, to, at);
			pair(s, site, to, at, true);
		}
}

/* Does the set hold in every cell that reaches this site?  In all of them, if it is negative. */
static bool holds(struct study *s, struct xp_trial *trial, int site)
{
	bool all = true;
	size_t at;

	for (at = 0; at < s->b->n_bases && (all || site < 0); at++) {
		if (site >= 0 && known(s, site, trial->set->one[trial->set->n - 1].to, at) != XP_BREAKS)
			continue;
		all &= explore(s, trial, at, site < 0) == XP_STILL_HOLDS;
		if (site < 0)
			tell(s, trial);
	}
	return all;
}

static bool holds_alone(struct study *s, int site, int to)
{
	enum xp_came worst = XP_NOT_REACHED;
	size_t at;

	for (at = 0; at < s->b->n_bases; at++)
		if (*came_at(s, site, to, at) > worst)
			worst = *came_at(s, site, to, at);
	return worst <= XP_STILL_HOLDS && worst != XP_UNSEEN;
}

/* Dearest first: what costs most is what one wants to be without. */
static int price(const struct xp_ordered *o)
{
	if (o->kind == XP_FENCE)
		return o->order == KICK_MB ? 0 : o->order >= KICK_MB_BEFORE_ATOMIC ? 2 : 3;
	return o->order == KICK_FULL ? 1 : 4;
}

/* The weakest rung of one site that can join the set; reads are left as they are. */
static void join(struct study *s, struct xp_trial *trial, int site)
{
	struct xp_weakenings *set = &s->b->weakest;
	int to;

	for (to = XP_OWN - 1; to > XP_AS_WRITTEN && set->n < XP_WEAKENINGS; to--) {
		if (!(xp_ladder(s->b->site[site]) >> to & 1) || !holds_alone(s, site, to))
			continue;
		add(trial, set, s->b->site[site], to);
		if (holds(s, trial, site))
			return;
		set->n--;
	}
}

static void weakest(struct study *s)
{
	struct xp_trial trial = { .round = XP_SET, .set = &s->b->weakest };
	int site, p;

	s->b->weakest.n = 0;
	for (p = 0; p <= 4; p++)
		for (site = 0; site < s->b->n_sites && !stopped(s->b); site++)
			if (price(s->b->site[site]) == p)
				join(s, &trial, site);
	s->b->proven = holds(s, &trial, -1);
}

static int by_place(const void *a, const void *b)
{
	const struct xp_ordered *x = *(const struct xp_ordered *const *)a;
	const struct xp_ordered *y = *(const struct xp_ordered *const *)b;
	int order = strcmp(x->site.file, y->site.file);

	return order ? order : x->site.line != y->site.line ? x->site.line - y->site.line :
	       strcmp(x->site.say, y->site.say);
}

/* By place in the text, those alone that can be weaker; what each cell reaches is numbered anew. */
static void sort_sites(struct xp_barriers *b)
{
	const struct xp_ordered *old[64];
	int i, j, n = b->n_sites;
	size_t at;

	memcpy(old, b->site, sizeof(old));
	for (i = b->n_sites = 0; i < n; i++)
		if (xp_ladder(old[i]))
			b->site[b->n_sites++] = old[i];
	qsort(b->site, b->n_sites, sizeof(b->site[0]), by_place);
	for (at = 0; at < b->n_bases; at++) {
		uint64_t reached = 0;

		for (i = 0; i < b->n_sites; i++)
			for (j = 0; j < n; j++)
				if (old[j] == b->site[i])
					reached |= (b->base[at].reached >> j & 1) << i;
		b->base[at].reached = reached;
	}
}

int xp_barriers_study(struct xp_barriers *b)
{
	struct study s = { .b = b };
	int failed = explore_bases(&s);
	size_t at;

	if (!failed) {
		sort_sites(b);
		s.came = calloc(64 * XP_RUNGS, b->n_bases + 1);
	}
	if (failed || !s.came) {
		xp_errand_fini(&s.errand);
		return failed ? failed : -ENOMEM;
	}
	singles(&s);
	for (at = 0; b->pairs && at < b->n_bases; at++)
		pairs_of(&s, at);
	weakest(&s);
	xp_errand_fini(&s.errand);
	free(s.came);
	return 0;
}

void xp_barriers_fini(struct xp_barriers *b)
{
	free(b->base);
	b->base = NULL;
}
