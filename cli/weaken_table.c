// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of one backend: a line per site and weaker order with what it breaks, what carries weight and
 * what could go, pairs that only break together, the weakest set, and the shortest counter-examples.
 */
#include "cli/weaken_table.h"

#include <string.h>

static bool same(const struct weaken_kept *a, const struct weaken_kept *b)
{
	return a->round == b->round && a->site[0] == b->site[0] && a->to[0] == b->to[0] &&
	       a->site[1] == b->site[1] && a->to[1] == b->to[1];
}

/* The first of those that differ in their cell only? */
static bool leads(const struct weaken_rows *rows, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (same(&rows->kept[j], &rows->kept[i]))
			return false;
	return true;
}

/* Weakenings, by the first row of each, that come to the same in every cell. */
static bool alike(const struct weaken_rows *rows, size_t a, size_t b)
{
	size_t i, j;

	for (i = a; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		if (!same(k, &rows->kept[a]))
			continue;
		for (j = b; j < rows->n; j++) {
			const struct weaken_kept *l = &rows->kept[j];

			if (same(l, &rows->kept[b]) && l->model_bit == k->model_bit &&
			    !strcmp(l->preset, k->preset) && (l->came != k->came || l->broke != k->broke))
				return false;
		}
	}
	return true;
}

/* The worst that it came to in any cell; undecided is worse than holding. */
static enum xp_came worst_of(const struct weaken_rows *rows, size_t first)
{
	static const int rank[] = { [XP_NOT_REACHED] = 0, [XP_IDLE] = 1, [XP_STILL_HOLDS] = 2,
				    [XP_UNDECIDED] = 3, [XP_BREAKS] = 4 };
	enum xp_came worst = XP_NOT_REACHED;
	size_t i;

	for (i = first; i < rows->n; i++)
		if (same(&rows->kept[i], &rows->kept[first]) && rank[rows->kept[i].came] > rank[worst])
			worst = rows->kept[i].came;
	return worst;
}

/* A weakening came to this in these models, as bits, of that preset. */
static unsigned int models_of(const struct weaken_rows *rows, size_t first, const char *preset,
			      enum xp_came came, unsigned int broke)
{
	unsigned int bits = 0;
	size_t i;

	for (i = first; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		if (same(k, &rows->kept[first]) && k->came == came && k->broke == broke &&
		    !strcmp(k->preset, preset))
			bits |= k->model_bit;
	}
	return bits;
}

static void print_models(FILE *out, const struct xp_barriers *b, unsigned int bits)
{
	const char *before = " (";
	size_t m;

	for (m = 0; m < b->n_models; m++)
		if (bits & xp_model_bit(b->model[m])) {
			fprintf(out, "%s%s", before, b->model[m]);
			before = " ";
		}
	fputs("):", out);
}

/* Was a line with this end and these models begun before row i? */
static bool told(const struct weaken_rows *rows, size_t first, size_t i, unsigned int models)
{
	const struct weaken_kept *k = &rows->kept[i];
	size_t j;

	for (j = first; j < i; j++) {
		const struct weaken_kept *l = &rows->kept[j];

		if (same(l, k) && l->came == k->came && l->broke == k->broke &&
		    models_of(rows, first, l->preset, k->came, k->broke) == models)
			return true;
	}
	return false;
}

/* "LOST (tso pso): one-kick two-kicks", a line for each that is found in the same models. */
static void print_outcomes(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows,
			   size_t first)
{
	char found[160];
	size_t i, s;

	for (i = first; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];
		unsigned int models;

		if (!same(k, &rows->kept[first]) || (k->came != XP_BREAKS && k->came != XP_UNDECIDED))
			continue;
		models = models_of(rows, first, k->preset, k->came, k->broke);
		if (told(rows, first, i, models))
			continue;
		xp_violations(k->broke, found, sizeof(found));
		fprintf(out, "        %s", k->came == XP_BREAKS ? found : "UNDECIDED");
		print_models(out, b, models);
		for (s = 0; s < b->n_scenarios; s++)
			if (models_of(rows, first, b->scenario[s].name, k->came, k->broke) == models)
				fprintf(out, " %s", b->scenario[s].name);
		fputc('\n', out);
	}
}

/* The orders below the one that is written that come to the same as this one, if it is their first. */
static void print_rungs(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows, size_t i)
{
	static const char *const says[] = {
		[XP_NOT_REACHED] = "not reached", [XP_IDLE] = "holds: no difference in these models",
		[XP_STILL_HOLDS] = "holds", [XP_BREAKS] = "breaks", [XP_UNDECIDED] = "undecided",
	};
	const struct weaken_kept *k = &rows->kept[i];
	enum xp_came worst = worst_of(rows, i);
	size_t j;

	for (j = 0; j < i; j++)
		if (rows->kept[j].round == XP_SINGLE && rows->kept[j].site[0] == k->site[0] &&
		    leads(rows, j) && alike(rows, j, i))
			return;
	fprintf(out, "    %s ->", xp_ordered_order(k->site[0]));
	for (j = i; j < rows->n; j++)
		if (rows->kept[j].round == XP_SINGLE && rows->kept[j].site[0] == k->site[0] &&
		    leads(rows, j) && alike(rows, i, j))
			fprintf(out, " %s", xp_rung_name(rows->kept[j].to[0]));
	fprintf(out, ": %s\n", says[worst]);
	if (worst >= XP_BREAKS)
		print_outcomes(out, b, rows, i);
}

/* The worst of all that one site was weakened to. */
static enum xp_came weight(const struct weaken_rows *rows, const struct xp_ordered *site)
{
	enum xp_came worst = XP_STILL_HOLDS;
	size_t i;

	for (i = 0; i < rows->n && worst != XP_BREAKS; i++)
		if (rows->kept[i].round == XP_SINGLE && rows->kept[i].site[0] == site &&
		    rows->kept[i].came >= XP_BREAKS)
			worst = rows->kept[i].came;
	return worst;
}

static void print_singles(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows,
			  enum xp_came worst, const char *head)
{
	const struct xp_ordered *site = NULL;
	char name[XP_SITE_NAME];
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		if (k->round != XP_SINGLE || !leads(rows, i) || weight(rows, k->site[0]) != worst)
			continue;
		fputs(head, out);
		head = "";
		xp_ordered_name(k->site[0], name);
		if (k->site[0] != site)
			fprintf(out, "  %s in %s(): %s\n", name, k->site[0]->function,
				k->site[0]->site.say);
		site = k->site[0];
		print_rungs(out, b, rows, i);
	}
}

static void print_pairs(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows)
{
	char name[2][XP_SITE_NAME];
	size_t i;

	fputs("\nPairs that break together, of which each holds alone (at the weakest that does):\n", out);
	for (i = 0; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		if (k->round != XP_PAIR || !leads(rows, i) || worst_of(rows, i) < XP_BREAKS)
			continue;
		xp_ordered_name(k->site[0], name[0]);
		xp_ordered_name(k->site[1], name[1]);
		fprintf(out, "  %s -> %s with %s -> %s\n", name[0], xp_rung_name(k->to[0]), name[1],
			xp_rung_name(k->to[1]));
		print_outcomes(out, b, rows, i);
	}
}

static void print_weakest(FILE *out, const struct xp_barriers *b)
{
	const struct xp_weakenings *set = &b->weakest;
	int i;

	fprintf(out, "\nTogether, %d of %d could be weaker and nothing new is found, %s in %zu cells:\n",
		set->n, b->n_sites, b->proven ? "proven (exhaustive)" : "NOT proven", b->n_bases);
	for (i = 0; i < set->n; i++)
		fprintf(out, "  %-34s -> %s\n", set->one[i].site, xp_rung_name(set->one[i].to));
	fputs("That is so in these presets and models, and says nothing about others: none of it is\n"
	      "superfluous. One such set, found from the dearest down; there may be others.\n", out);
}

/* The shortest lanes of what breaks alike. */
static const struct weaken_kept *shortest(const struct weaken_rows *rows, size_t first)
{
	const struct weaken_kept *best = NULL;
	size_t i;

	for (i = first; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		if (same(k, &rows->kept[first]) && k->lanes && (!best || k->steps < best->steps))
			best = k;
	}
	return best;
}

static void print_examples(FILE *out, const struct weaken_rows *rows)
{
	const struct weaken_kept *best;
	const struct xp_ordered *site = NULL;
	char found[160];
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct weaken_kept *k = &rows->kept[i];

		/* Of a site alone, the least that breaks. */
		if (!leads(rows, i) || (k->round == XP_SINGLE && k->site[0] == site))
			continue;
		best = shortest(rows, i);
		if (!best)
			continue;
		site = k->site[0];
		xp_violations(best->broke, found, sizeof(found));
		fprintf(out, "\n%s in %s under %s, %d steps\n%s", found, best->preset, best->model,
			best->steps, best->lanes);
	}
}

static void print_bases(FILE *out, const struct xp_barriers *b)
{
	char found[160];
	size_t i, n = 0;

	for (i = 0; i < b->n_bases; i++)
		n += b->base[i].usable && !b->base[i].found;
	fprintf(out, "%s: %d places can be weaker; as written, %zu of %zu cells hold, %s form\n",
		b->backend->name, b->n_sites, n, b->n_bases,
		b->scenario[0].form == XP_CORE ? "core" : "full");
	for (i = 0; i < b->n_bases; i++) {
		xp_violations(b->base[i].found, found, sizeof(found));
		if (!b->base[i].usable)
			fprintf(out, "  as written, %s under %s is undecided\n", b->base[i].scenario.name,
				b->base[i].model);
		else if (b->base[i].found)
			fprintf(out, "  as written, %s under %s: %s; below, what is found beyond that\n",
				b->base[i].scenario.name, b->base[i].model, found);
	}
}

void weaken_table(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows)
{
	print_bases(out, b);
	print_singles(out, b, rows, XP_BREAKS, "\nCarry weight:\n");
	print_singles(out, b, rows, XP_UNDECIDED, "\nUndecided:\n");
	print_singles(out, b, rows, XP_STILL_HOLDS,
		      "\nCould be weaker in these presets and models, each for itself:\n");
	if (b->pairs)
		print_pairs(out, b, rows);
	print_weakest(out, b);
	print_examples(out, rows);
}
