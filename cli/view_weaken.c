// SPDX-License-Identifier: GPL-2.0-or-later
/* What the trials of one backend come to. */
#include "cli/view_weaken.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view_terminal.h"
#include "results/lanes.h"
#include "results/verdict.h"

/* As explore/study/weaken_rows.c writes it. */
static enum xp_came came_of(const struct csv_row *row)
{
	enum verdict verdict = verdict_of(csv_get(row, "verdict"));

	if (verdict == VERDICT_NA)
		return XP_NOT_REACHED;
	if (csv_get(row, "visible") && !strcmp(csv_get(row, "visible"), "no"))
		return XP_UNSEEN;
	if (verdict == VERDICT_OK)
		return csv_get(row, "executions") ? XP_STILL_HOLDS : XP_IDLE;
	return verdict == VERDICT_VIOLATED ? XP_BREAKS : XP_UNDECIDED;
}

static const char *get(const struct view_trial *t, const char *column)
{
	const char *text = csv_get(&t->row, column);

	return text ? text : "";
}

static bool equal(const struct view_trial *a, const struct view_trial *b, const char *column)
{
	return !strcmp(get(a, column), get(b, column));
}

static void drop_trial(struct view_weaken *view)
{
	struct view_trial *t = &view->trial[--view->n];

	csv_row_fini(&t->row);
	free(t->lanes);
}

static int add_trial(struct view_weaken *view, const struct csv_row *row)
{
	struct view_trial *t;
	int failed;

	if (view->n == view->room) {
		size_t room = view->room ? 2 * view->room : 256;

		t = reallocarray(view->trial, room, sizeof(*t));
		if (!t)
			return -ENOMEM;
		view->trial = t;
		view->room = room;
	}
	t = &view->trial[view->n++];
	*t = (struct view_trial){ .came = came_of(row) };
	failed = csv_row_init(&t->row, row->schema);
	if (!failed)
		failed = csv_row_copy(&t->row, row);
	if (failed)
		drop_trial(view);
	return failed;
}

/* The first of those that differ from it in their cell only. */
static size_t first_of_same(const struct view_weaken *view, const struct view_trial *t)
{
	size_t i;

	for (i = 0; i < view->n - 1; i++)
		if (equal(&view->trial[i], t, "site") && equal(&view->trial[i], t, "weakened_to") &&
		    equal(&view->trial[i], t, "round"))
			break;
	return i;
}

/* The weakest set has a part of its own in the table. */
static int take_row(struct sink *sink, const struct csv_row *row)
{
	struct view_weaken *view = (struct view_weaken *)sink;
	int failed;

	view->any = true;
	view->undecided |= came_of(row) == XP_UNDECIDED;
	view->taken = strcmp(csv_get(row, "round"), "set");
	if (!view->taken)
		return 0;
	failed = add_trial(view, row);
	if (!failed)
		view->trial[view->n - 1].weakening = first_of_same(view, &view->trial[view->n - 1]);
	return failed;
}

static int take_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct view_weaken *view = (struct view_weaken *)sink;
	struct view_trial *t;

	(void)name;
	if (!view->taken)
		return 0;
	t = &view->trial[view->n - 1];
	t->lanes = lanes_text_of(lanes, view->width);
	return t->lanes ? 0 : -ENOMEM;
}

void view_weaken_init(struct view_weaken *view, int width)
{
	*view = (struct view_weaken){ .sink = { .row = take_row, .lanes = take_lanes }, .width = width };
}

void view_weaken_clear(struct view_weaken *view)
{
	while (view->n)
		drop_trial(view);
	free(view->trial);
	view->trial = NULL;
	view->room = 0;
}

static bool is_single(const struct view_trial *t)
{
	return !strcmp(get(t, "round"), "single");
}

static bool is_single_of(const struct view_trial *t, const char *site)
{
	return is_single(t) && !strcmp(get(t, "site"), site);
}

static bool same(const struct view_trial *a, const struct view_trial *b)
{
	return a->weakening == b->weakening;
}

static bool rests(const struct view_trial *t)
{
	return t->came == XP_BREAKS && strstr(get(t, "reason"), "on a dependency");
}

static bool same_end(const struct view_trial *a, const struct view_trial *b)
{
	return a->came == b->came && equal(a, b, "violation") && rests(a) == rests(b);
}

/* The first of those that differ in their cell only? */
static bool leads(const struct view_weaken *view, size_t i)
{
	return view->trial[i].weakening == i;
}

/* Weakenings, by the first row of each, that come to the same in every cell. */
static bool alike(const struct view_weaken *view, size_t a, size_t b)
{
	size_t i, j;

	for (i = a; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];

		if (!same(k, &view->trial[a]))
			continue;
		for (j = b; j < view->n; j++) {
			const struct view_trial *l = &view->trial[j];

			if (same(l, &view->trial[b]) && equal(l, k, "model") &&
			    equal(l, k, "preset") && !same_end(l, k))
				return false;
		}
	}
	return true;
}

/* The worst that it came to in any cell; undecided is worse than holding. */
static enum xp_came worst_of(const struct view_weaken *view, size_t first)
{
	enum xp_came worst = XP_NOT_REACHED;
	size_t i;

	for (i = first; i < view->n; i++)
		if (same(&view->trial[i], &view->trial[first]) && view->trial[i].came > worst)
			worst = view->trial[i].came;
	return worst;
}

/* The models, as bits by their number in the study, in which this weakening ends so in that preset. */
static unsigned int models_of(const struct xp_barriers *b, const struct view_weaken *view,
			      const struct view_trial *end, const char *preset)
{
	unsigned int bits = 0;
	size_t i, m;

	for (i = end->weakening; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];

		if (!same(k, end) || !same_end(k, end) || strcmp(get(k, "preset"), preset))
			continue;
		for (m = 0; m < b->n_models; m++)
			if (!strcmp(b->model[m], get(k, "model")))
				bits |= 1u << m;
	}
	return bits;
}

static void print_models(FILE *out, const struct xp_barriers *b, unsigned int bits)
{
	const char *before = " (";
	size_t m;

	for (m = 0; m < b->n_models; m++)
		if (bits >> m & 1) {
			fprintf(out, "%s%s", before, b->model[m]);
			before = " ";
		}
	fputc(')', out);
}

/* Was a line with this end and these models begun before trial i? */
static bool told(const struct xp_barriers *b, const struct view_weaken *view, size_t i, unsigned int models)
{
	const struct view_trial *k = &view->trial[i];
	size_t j;

	for (j = k->weakening; j < i; j++) {
		const struct view_trial *l = &view->trial[j];

		if (same(l, k) && same_end(l, k) && models_of(b, view, k, get(l, "preset")) == models)
			return true;
	}
	return false;
}

/* "LOST (tso pso): one-kick two-kicks", a line for each that is found in the same models. */
static void print_outcomes(FILE *out, const struct xp_barriers *b, const struct view_weaken *view,
			   size_t first)
{
	size_t i, s;

	for (i = first; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];
		unsigned int models;

		if (!same(k, &view->trial[first]) || k->came < XP_UNDECIDED)
			continue;
		models = models_of(b, view, k, get(k, "preset"));
		if (told(b, view, i, models))
			continue;
		fprintf(out, "        %s", k->came == XP_BREAKS ? get(k, "violation") : "UNDECIDED");
		print_models(out, b, models);
		fputs(rests(k) ? " unless a dependency forbids it:" : ":", out);
		for (s = 0; s < b->n_scenarios; s++)
			if (models_of(b, view, k, b->scenario[s].name) == models)
				fprintf(out, " %s", b->scenario[s].name);
		fputc('\n', out);
	}
}

/* The orders below the one that is written that come to the same as this one, if it is their first. */
static void print_rungs(FILE *out, const struct xp_barriers *b, const struct view_weaken *view, size_t i)
{
	static const char *const says[] = {
		[XP_NOT_REACHED] = "not reached", [XP_IDLE] = "holds: no difference in these models",
		[XP_STILL_HOLDS] = "holds", [XP_BREAKS] = "breaks", [XP_UNDECIDED] = "undecided",
		[XP_UNSEEN] = "not visible in these models",
	};
	const struct view_trial *k = &view->trial[i];
	enum xp_came worst = worst_of(view, i);
	size_t j;

	for (j = 0; j < i; j++)
		if (is_single_of(&view->trial[j], get(k, "site")) && leads(view, j) && alike(view, j, i))
			return;
	fprintf(out, "    %s ->", get(k, "order"));
	for (j = i; j < view->n; j++)
		if (is_single_of(&view->trial[j], get(k, "site")) && leads(view, j) && alike(view, i, j))
			fprintf(out, " %s", get(&view->trial[j], "weakened_to"));
	fprintf(out, ": %s\n", says[worst]);
	if (worst >= XP_UNDECIDED)
		print_outcomes(out, b, view, i);
}

/* The worst of all that one site was weakened to; nowhere another than as written: it holds. */
static enum xp_came weight(const struct view_weaken *view, const char *site)
{
	enum xp_came worst = XP_NOT_REACHED;
	size_t i;

	for (i = 0; i < view->n; i++)
		if (is_single_of(&view->trial[i], site) && view->trial[i].came > worst)
			worst = view->trial[i].came;
	return worst < XP_UNSEEN ? XP_STILL_HOLDS : worst;
}

static void print_singles(FILE *out, const struct xp_barriers *b, const struct view_weaken *view,
			  enum xp_came worst, const char *head)
{
	const char *site = "";
	size_t i;

	for (i = 0; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];

		if (!is_single(k) || !leads(view, i) || weight(view, get(k, "site")) != worst)
			continue;
		fputs(head, out);
		head = "";
		if (strcmp(get(k, "site"), site))
			fprintf(out, "  %s in %s(): %s\n", get(k, "site"), get(k, "function"),
				get(k, "word"));
		site = get(k, "site");
		print_rungs(out, b, view, i);
	}
}

static void print_pairs(FILE *out, const struct xp_barriers *b, const struct view_weaken *view)
{
	size_t i;

	fputs("\nPairs that break together, of which each holds alone (at the weakest that does):\n", out);
	for (i = 0; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];
		const char *site = get(k, "site"), *to = get(k, "weakened_to");
		int n = (int)strcspn(site, "+"), m = (int)strcspn(to, "+");

		if (is_single(k) || !leads(view, i) || worst_of(view, i) < XP_UNDECIDED)
			continue;
		fprintf(out, "  %.*s -> %.*s with %s -> %s\n", n, site, m, to, site + n + 1, to + m + 1);
		print_outcomes(out, b, view, i);
	}
}

/* Does any model let a load pass a later store? */
static bool sees_ahead(const struct xp_barriers *b)
{
	size_t m;

	for (m = 0; m < b->n_models && !xp_find_model(b->model[m])->ahead; m++)
		;
	return m < b->n_models;
}

static void print_weakest(FILE *out, const struct xp_barriers *b)
{
	const struct xp_weakenings *set = &b->weakest;
	int i;

	fprintf(out, "\nTogether, %d of %d could be weaker and nothing new is found, %s in %zu cells:\n",
		set->n, b->n_sites, b->proven ? "proven (exhaustive)" : "NOT proven", b->n_bases);
	for (i = 0; i < set->n; i++)
		fprintf(out, "  %-34s -> %s\n", set->one[i].site, xp_rung_name(set->one[i].to));
	if (!sees_ahead(b))
		fputs("Of a load that must come before a later store no model here says anything:\n"
		      "see docs/barriers.md.\n", out);
	fputs("That is so in these presets and models, and says nothing about others: none of it is\n"
	      "superfluous. One such set, found from the dearest down; there may be others.\n", out);
}

static double steps(const struct view_trial *t)
{
	return csv_get_double(&t->row, "example_steps");
}

/* The shortest lanes of what breaks alike. */
static const struct view_trial *shortest(const struct view_weaken *view, size_t first)
{
	const struct view_trial *best = NULL;
	size_t i;

	for (i = first; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];

		if (same(k, &view->trial[first]) && k->lanes && (!best || steps(k) < steps(best)))
			best = k;
	}
	return best;
}

static void print_examples(FILE *out, const struct view_weaken *view)
{
	const struct view_trial *best;
	const char *site = "";
	size_t i;

	for (i = 0; i < view->n; i++) {
		const struct view_trial *k = &view->trial[i];

		/* Of a site alone, the least that breaks. */
		if (!leads(view, i) || is_single_of(k, site))
			continue;
		best = shortest(view, i);
		if (!best)
			continue;
		site = get(k, "site");
		fprintf(out, "\n%s in %s under %s, %.0f steps\n%s", get(best, "violation"),
			get(best, "preset"), get(best, "model"), steps(best), best->lanes);
		view_replay(out, get(best, "example"), view->width);
	}
}

static void print_bases(FILE *out, const struct xp_barriers *b)
{
	char found[160], on[640];
	size_t i, n = 0;

	for (i = 0; i < b->n_bases; i++)
		n += b->base[i].usable && !b->base[i].found;
	fprintf(out, "%s: %d places can be weaker; as written, %zu of %zu cells hold, %s form\n",
		b->backend->name, b->n_sites, n, b->n_bases,
		b->scenario[0].form == XP_CORE ? "core" : "full");
	for (i = 0; i < b->n_bases; i++) {
		xp_violations(b->base[i].found, found, sizeof(found));
		if (!b->base[i].usable)
			fprintf(out, "  as written, %s under %s is undecided%s%s\n", b->base[i].scenario.name,
				b->base[i].model, b->base[i].reason[0] ? ": " : "", b->base[i].reason);
		else if (b->base[i].found)
			fprintf(out, "  as written, %s under %s: %s; below, what is found beyond that\n",
				b->base[i].scenario.name, b->base[i].model, found);
		xp_assumed_text(&b->base[i].assumed, on, sizeof(on));
		if (on[0])
			fprintf(out, "  %s holds under %s only if, by a dependency,\n    %s\n",
				b->base[i].scenario.name, b->base[i].model, on);
	}
}

void view_weaken_table(FILE *out, const struct xp_barriers *b, const struct view_weaken *view)
{
	print_bases(out, b);
	print_singles(out, b, view, XP_BREAKS, "\nCarry weight:\n");
	print_singles(out, b, view, XP_UNDECIDED, "\nUndecided:\n");
	print_singles(out, b, view, XP_STILL_HOLDS,
		      "\nCould be weaker in these presets and models, each for itself:\n");
	print_singles(out, b, view, XP_UNSEEN,
		      "\nNot visible in these models, and nothing is proven of them: only loads come\n"
		      "before the store, and none of these lets a load pass a later store:\n");
	if (b->pairs)
		print_pairs(out, b, view);
	print_weakest(out, b);
	print_examples(out, view);
}

void view_weaken_line(FILE *out, const struct xp_barriers *b, const struct view_weaken *view)
{
	size_t i, n = 0;

	for (i = 0; i < view->n; i++) {
		const char *site = get(&view->trial[i], "site");
		bool first = i == 0 || strcmp(get(&view->trial[i - 1], "site"), site);

		n += first && is_single(&view->trial[i]) && weight(view, site) == XP_BREAKS;
	}
	fprintf(out,
		"\nOrders of %s, each weakened by itself (explore --weaken), in our model:"
		" %zu of %d carry weight%s\n",
		b->backend->name, n, b->n_sites,
		view->undecided ? ";\nnot all was explored to its end" : "");
}
