// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is given up for time, cheapest first: length of windows, surplus repetitions, pairs of the
 * same distance, then kinds of rows.  Never the ninth repetition: fewer could not reject anything.
 */
#include "bench/plan/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_REPETITIONS = 9 };
/* Down to here a window costs precision only; below it, what is rare is not seen. */
static const uint64_t comfortable_window_ns = 1000000, least_window_ns = 100000;

struct fit {
	struct bench_plan *plan;
	struct bench_options *options;
	const struct topo *topo;
	uint64_t budget_ns;
	uint64_t window_ns, live_window_ns; /* as asked for */
	char *err;
	size_t err_size;
	size_t n_all; /* pairs before any were given up; 0: the first plan says it */
};

static int make(struct fit *f)
{
	bench_plan_free(f->plan);
	return bench_plan_make(f->plan, f->options, f->topo, f->err, f->err_size);
}

static bool fits(const struct fit *f)
{
	return f->plan->duration_ns <= f->budget_ns;
}

static uint64_t scaled(uint64_t window_ns, double scale, uint64_t least)
{
	double ns = (double)window_ns * scale;

	if (window_ns < least)
		least = window_ns;
	return ns < (double)least ? least : (uint64_t)ns;
}

/* The longest windows that fit, or the shortest allowed. */
static int shrink_windows(struct fit *f, uint64_t least)
{
	uint64_t windows = 0, fixed;
	double scale = 0;
	int failed;

	f->options->window_ns = f->window_ns;
	f->options->live_window_ns = f->live_window_ns;
	failed = make(f);
	if (failed || fits(f))
		return failed;
	windows = f->plan->windows_ns;
	fixed = f->plan->duration_ns - windows;
	if (f->budget_ns > fixed)
		scale = (double)(f->budget_ns - fixed) / (double)windows;
	f->options->window_ns = scaled(f->window_ns, scale, least);
	if (f->live_window_ns)
		f->options->live_window_ns = scaled(f->live_window_ns, scale, least);
	return make(f);
}

static void say(struct fit *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct fit *f, const char *format, ...)
{
	char *text = f->options->left_out;
	size_t size = sizeof(f->options->left_out);
	va_list ap;

	if (*text)
		strncat(text, "; ", size - strlen(text) - 1);
	va_start(ap, format);
	vsnprintf(text + strlen(text), size - strlen(text), format, ap);
	va_end(ap);
}

static int fewer_repetitions(struct fit *f)
{
	unsigned int asked = f->options->repetitions;

	if (asked <= LEAST_REPETITIONS)
		return 0;
	f->options->repetitions = LEAST_REPETITIONS;
	say(f, "%u of %u repetitions", asked - LEAST_REPETITIONS, asked);
	return shrink_windows(f, comfortable_window_ns);
}

/* Those of a matrix, or those of the other scenarios. */
static size_t n_pairs(const struct bench_plan *plan)
{
	return plan->n_pairwise > plan->n_pairs ? plan->n_pairwise : plan->n_pairs;
}

static int fewer_pairs(struct fit *f)
{
	size_t asked = f->options->pairs_per_class, before = f->n_all ? f->n_all : n_pairs(f->plan);
	int failed = 0;

	/* Of a matrix: where halving begins is that each distance has them all. */
	for (size_t n = asked ? asked : f->plan->n_pairwise; n > 1 && !failed && !fits(f);) {
		n = (n + 1) / 2;
		f->options->pairs_per_class = n;
		failed = shrink_windows(f, comfortable_window_ns);
	}
	if (!failed && n_pairs(f->plan) < before)
		say(f, "%zu of %zu pairs of PUs", before - n_pairs(f->plan), before);
	return failed;
}

/* Leaves a kind of row out, unless nothing else was asked for. */
static int without(struct fit *f, const char *kind)
{
	size_t before = f->plan->n_cells;
	int failed;

	f->options->without[f->options->n_without++] = kind;
	failed = make(f);
	if (failed == -EINVAL || (!failed && f->plan->n_cells == before)) {
		f->options->n_without--;
		return make(f);
	}
	if (failed)
		return failed;
	say(f, "rows of %s", kind);
	return shrink_windows(f, comfortable_window_ns);
}

/* Rates in the middle go first: the extremes bound them. */
static int fewer_migrations(struct fit *f)
{
	struct bench_options *o = f->options;

	if (o->n_migrations <= 2)
		return 0;
	say(f, "%zu migration rates", o->n_migrations - 2);
	o->migrations[1] = o->migrations[o->n_migrations - 1];
	o->n_migrations = 2;
	return shrink_windows(f, comfortable_window_ns);
}

static int fewer_rows(struct fit *f)
{
	static const char *const kinds[] = { "open", "claim", "request_kick", "minus1", "stolen" };
	int failed = fits(f) ? 0 : fewer_migrations(f);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !failed && !fits(f); i++)
		failed = without(f, kinds[i]);
	return failed;
}

/* How many pairs a scenario that takes all of them takes, `most` of each distance (0: all); 0: none does. */
static uint64_t pairwise(const struct bench_options *o, const struct topo *topo, uint64_t most)
{
	unsigned int mask = bench_pairwise_distances(o, topo);
	uint64_t counts[TOPO_N_DISTANCES], n = 0;
	bool is_there = false;

	for (size_t i = 0; i < o->n_scenarios; i++)
		is_there |= o->scenario[i]->pairwise;
	if (!is_there)
		return 0;
	topo_count_pairs(topo, counts);
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		if (mask & TOPO_BIT(d))
			n += most && most < counts[d] ? most : counts[d];
	return n;
}

/* Rows of one pair, at least: of backends that have anything to measure there. */
static double rows_per_pair(const struct bench_options *o, unsigned int repetitions)
{
	double rows = 0;

	for (size_t b = 0; b < o->n_backends; b++)
		rows += bench_decl(o->backend[b])->features & KICK_F_NO_PROTOCOL ? 0 : repetitions;
	return rows * (o->processes ? o->processes : 1);
}

double bench_plan_least_s(const struct bench_options *o, const struct topo *topo, double *rows)
{
	uint64_t window = o->live_window_ns ? o->live_window_ns : o->window_ns;
	double each = (double)(window + (o->row_ns ? o->row_ns : 600000)) * 1e-9;

	*rows = 0;
	if (!o->only)
		*rows = (double)pairwise(o, topo, o->pairs_per_class) * rows_per_pair(o, o->repetitions);
	return *rows * each;
}

/*
 * Of a machine with millions of pairs, a sample that may fit, before any plan is made of all of them: what
 * the plans with more would have been is known to be too long.
 */
static void sample_first(struct fit *f)
{
	struct bench_options *o = f->options;
	unsigned int asked = o->repetitions, kept = asked < LEAST_REPETITIONS ? asked : LEAST_REPETITIONS;
	uint64_t window = f->live_window_ns ? f->live_window_ns : f->window_ns;
	uint64_t all = o->only ? 0 : pairwise(o, f->topo, o->pairs_per_class);
	size_t n = o->pairs_per_class ? o->pairs_per_class : all;
	double each;

	if (window > comfortable_window_ns)
		window = comfortable_window_ns;
	each = rows_per_pair(o, kept) * (double)(window + (o->row_ns ? o->row_ns : 600000));
	if ((double)all * each <= (double)f->budget_ns)
		return;
	if (asked > kept) {
		o->repetitions = kept;
		say(f, "%u of %u repetitions", asked - kept, asked);
	}
	f->n_all = all;
	/* The plan of n is tried next, so n is what halving comes to before the first that may fit. */
	while (n > 1 && (double)pairwise(o, f->topo, (n + 1) / 2) * each > (double)f->budget_ns)
		n = (n + 1) / 2;
	o->pairs_per_class = n > 1 ? (n + 1) / 2 : 1;
}

static int give_up(struct fit *f)
{
	double least = (double)f->plan->duration_ns * 1e-9;

	snprintf(f->err, f->err_size, "the budget of %.3g s is too small: the least takes %.3g s",
		 (double)f->budget_ns * 1e-9 / .9, least / .9);
	bench_plan_free(f->plan);
	return -ERANGE;
}

int bench_budget_plan(struct bench_plan *plan, struct bench_options *o, const struct topo *topo,
		      uint64_t budget_ns, char *err, size_t err_size)
{
	/* A tenth is kept: rows may take longer than those that were tried, and the end is the end. */
	struct fit f = { plan, o, topo, budget_ns - budget_ns / 10, o->window_ns, o->live_window_ns,
			 err, err_size, 0 };
	int failed;

	*plan = (struct bench_plan){ 0 };
	sample_first(&f);
	failed = shrink_windows(&f, comfortable_window_ns);
	if (!failed && !fits(&f))
		failed = fewer_repetitions(&f);
	if (!failed && (!fits(&f) || f.n_all))
		failed = fewer_pairs(&f);
	if (!failed && !fits(&f))
		failed = fewer_rows(&f);
	if (!failed && !fits(&f))
		failed = shrink_windows(&f, least_window_ns);
	if (failed || !fits(&f))
		return failed ? failed : give_up(&f);
	if (o->window_ns < f.window_ns)
		say(&f, "windows are %.3g ms, not %.3g ms", (double)o->window_ns * 1e-6,
		    (double)f.window_ns * 1e-6);
	return 0;
}
