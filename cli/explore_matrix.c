// SPDX-License-Identifier: GPL-2.0-or-later
/* The matrix: one table per preset, a line per backend, a column per memory model. */
#include "cli/explore_matrix.h"

#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/explore_cache.h"
#include "cli/explore_judge.h"
#include "cli/explore_run.h"
#include "cli/explore_watch.h"

enum { WORD = 160, MODELS = 8 };

struct matrix {
	const struct explore_command *c;
	struct explore_cache cache;
	struct watch watch;
	void (*report)(void *arg, const struct explore_row *row);
	void *arg;
	size_t n, done;
	size_t na, undecided, contradicted, cached;
	int code;
};

/* How much is left, if what comes takes as long as what was. */
static void show_progress(const struct matrix *m, const struct xp_cell *cell)
{
	double left = m->done ? watch_elapsed(&m->watch) / (double)m->done * (double)(m->n - m->done) : 0;

	if (m->watch.terminal)
		fprintf(stderr, "\r\033[K%zu of %zu cells, about %.0f s left: %s %s %s ", m->done, m->n, left,
			cell->backend->name, cell->scenario.name, cell->model);
}

static void add_to_totals(struct matrix *m, const struct explore_row *row)
{
	m->done++;
	m->na += row->cell->status == XP_NA;
	m->undecided += row->verdict == VERDICT_INCONCLUSIVE;
	m->contradicted += row->verdict == VERDICT_VIOLATED;
	m->cached += row->cached;
}

/* One cell: from the cache, or explored and remembered. */
static void fill(struct matrix *m, struct xp_cell *cell, struct explore_row *row)
{
	int code;

	show_progress(m, cell);
	row->cached = explore_cache_find(&m->cache, cell, m->c->seconds, &row->seconds);
	code = row->cached ? explore_judge(row) : explore_run(m->c, cell, row);
	if (!row->cached && !watch_caught() && (cell->status == XP_EXHAUSTIVE || cell->status == XP_BUDGET))
		explore_cache_keep(&m->cache, cell, m->c->seconds, row->seconds);
	m->code = exit_code_worst(m->code, code);
	add_to_totals(m, row);
	m->report(m->arg, row);
}

/* What stands in the table for a cell. */
static void word(const struct explore_row *row, char text[WORD])
{
	const struct xp_cell *cell = row->cell;
	size_t at;

	if (cell->status == XP_FAILED) {
		snprintf(text, WORD, "failed: %.100s", cell->reason);
		return;
	}
	if (cell->found)
		xp_violations(cell->found, text, WORD);
	else
		snprintf(text, WORD, "%s", cell->status == XP_EXHAUSTIVE ? "holds" : "undecided");
	at = strlen(text);
	if (cell->found && cell->status != XP_EXHAUSTIVE)
		snprintf(text + at, WORD - at, ", ...");
	else if (row->verdict == VERDICT_VIOLATED)
		snprintf(text + at, WORD - at, ", NOT AS DECLARED");
}

static void print_title(const struct matrix *m, const struct xp_scenario *s)
{
	size_t i;

	printf("%s: %s\n  %-22s", s->name, s->doc, "");
	for (i = 0; i < m->c->n_models; i++)
		printf(i + 1 < m->c->n_models ? "%-24s  " : "%s", m->c->model[i]);
	putchar('\n');
}

static void print_line(const struct matrix *m, const struct explore_row *row)
{
	const struct xp_cell *cell = row->cell;
	char text[WORD];
	size_t i;

	printf("  %-22s", cell->backend->name);
	if (cell->status == XP_NA)
		printf("na: %s", cell->reason);
	for (i = 0; i < m->c->n_models && cell->status != XP_NA; i++) {
		word(&row[i], text);
		printf(i + 1 < m->c->n_models ? "%-24s  " : "%s", text);
	}
	putchar('\n');
	fflush(stdout);
}

static void fill_preset(struct matrix *m, const struct xp_scenario *preset)
{
	static struct xp_cell cell[MODELS];
	struct explore_row row[MODELS];
	size_t b, i;

	if (!m->c->json)
		print_title(m, preset);
	for (b = 0; b < m->c->n_backends; b++) {
		for (i = 0; i < m->c->n_models && !watch_caught(); i++) {
			explore_begin(m->c, m->c->backend[b], preset, m->c->model[i], &cell[i], &row[i]);
			fill(m, &cell[i], &row[i]);
		}
		watch_wipe(&m->watch);
		if (watch_caught())
			return;
		if (!m->c->json)
			print_line(m, row);
	}
	if (!m->c->json)
		putchar('\n');
}

static void print_totals(const struct matrix *m)
{
	printf("%zu cells: %zu as declared, %zu not, %zu undecided", m->done,
	       m->done - m->na - m->undecided - m->contradicted, m->contradicted, m->undecided);
	if (m->undecided && m->c->seconds)
		printf(" within %.3g s each", m->c->seconds);
	printf(", %zu na; %zu from the cache\n", m->na, m->cached);
}

int explore_matrix(const struct explore_command *c, void (*report)(void *arg, const struct explore_row *row),
		   void *arg)
{
	struct matrix m = { .c = c, .cache.writer.fd = -1, .report = report, .arg = arg,
			    .n = c->n_backends * c->n_presets * c->n_models, .code = EXIT_SKIPPED };
	char err[512];
	size_t p;

	if (!c->no_cache && explore_cache_open(&m.cache, c->cache, err, sizeof(err))) {
		if (c->cache)
			return usage_error("--cache: %s", err);
		fprintf(stderr, "kickbench: without a cache of verdicts: %s\n", err);
	}
	watch_begin(&m.watch, 0);
	for (p = 0; p < c->n_presets && !watch_caught(); p++)
		fill_preset(&m, c->preset[p]);
	if (!c->json)
		print_totals(&m);
	explore_cache_close(&m.cache);
	return watch_caught() ? 128 + watch_caught() : m.code;
}
