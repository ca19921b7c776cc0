// SPDX-License-Identifier: GPL-2.0-or-later
/* Which orders carry weight: each operation weakened, and what is found then. */
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "results/verdict.h"

enum { MAX_COLUMNS = 32, MAX_WEAKENINGS = 1024 };

/* What was weakened, and how: a row of the figure. */
static const char *const words[] = { "backend", "site", "function", "order", "weakened_to" };
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

struct weakening {
	const char *word[N_WORDS];
	bool carries; /* something is found without it */
	size_t at;
};

struct grid {
	const struct csv_table *table;
	const char *model[MAX_COLUMNS];
	size_t n_models, n, n_left_out;
	struct weakening row[MAX_WEAKENINGS];
};

static bool is_single(const struct csv_table *t, size_t row)
{
	const char *round = report_cell(t, row, "round");

	return !*round || !strcmp(round, "single");
}

static bool is_of(const struct csv_table *t, size_t row, const struct weakening *w)
{
	for (int i = 0; i < N_WORDS; i++)
		if (strcmp(report_cell(t, row, words[i]), w->word[i]))
			return false;
	return is_single(t, row);
}

static void add_models(struct grid *g, const struct csv_table *t)
{
	for (size_t row = 0; row < t->n_rows; row++) {
		const char *model = report_cell(t, row, "model");
		size_t i = 0;

		while (i < g->n_models && strcmp(g->model[i], model))
			i++;
		if (*model && i == g->n_models && i < MAX_COLUMNS)
			g->model[g->n_models++] = model;
	}
}

/* Those that carry weight first. */
static int by_weight(const void *a, const void *b)
{
	const struct weakening *x = a, *y = b;

	return x->carries != y->carries ? y->carries - x->carries : x->at < y->at ? -1 : x->at > y->at;
}

static void collect(struct grid *g, const struct csv_table *t)
{
	size_t last = 0;

	for (size_t row = 0; row < t->n_rows; row++) {
		bool carries = verdict_of(report_cell(t, row, "verdict")) == VERDICT_VIOLATED;

		if (!is_single(t, row))
			continue;
		/* Rows of a weakening follow each other. */
		for (size_t i = 0; i < g->n && !is_of(t, row, &g->row[last]); i++)
			last = i;
		if (!g->n || !is_of(t, row, &g->row[last])) {
			if (g->n == MAX_WEAKENINGS) {
				g->n_left_out++;
				continue;
			}
			last = g->n++;
			g->row[last].at = last;
			for (int k = 0; k < N_WORDS; k++)
				g->row[last].word[k] = report_cell(t, row, words[k]);
		}
		g->row[last].carries |= carries;
	}
	qsort(g->row, g->n, sizeof(*g->row), by_weight);
}

/* Over the presets: what broke and where, else whether anything was left open. */
static void write_cell(FILE *out, const struct csv_table *t, const struct weakening *w, const char *model)
{
	char text[512] = "", last[64] = "";
	size_t n_ok = 0, n_open = 0, n = 0;

	for (size_t row = 0; row < t->n_rows; row++) {
		enum verdict verdict = verdict_of(report_cell(t, row, "verdict"));
		const char *violation = report_cell(t, row, "violation");
		size_t length = strcspn(violation, ",");

		if (strcmp(report_cell(t, row, "model"), model) || !is_of(t, row, w))
			continue;
		n++;
		n_ok += verdict == VERDICT_OK;
		n_open += verdict == VERDICT_INCONCLUSIVE;
		if (verdict != VERDICT_VIOLATED)
			continue;
		if (*text && strlen(last) == length && !strncmp(last, violation, length))
			report_add(text, sizeof(text), ", %s", report_cell(t, row, "preset"));
		else
			report_add(text, sizeof(text), "%s%.*s in %s", *text ? "; " : "",
				 (int)length, violation, report_cell(t, row, "preset"));
		snprintf(last, sizeof(last), "%.*s", (int)length, violation);
	}
	if (*text)
		html_element(out, "td", "v v-bad", "%s", text);
	else if (n_open)
		html_element(out, "td", "v v-open", "undecided");
	else if (!n)
		html_element(out, "td", "v v-none", "not explored");
	else
		html_element(out, "td", n_ok ? "v v-good" : "v v-none", "%s",
			     n_ok ? "holds" : "not reached");
}

static void write_rows(FILE *out, void *arg, size_t from, size_t to)
{
	const struct grid *g = arg;
	char columns[1024] = "operation|order";

	for (size_t i = 0; i < g->n_models; i++)
		report_add(columns, sizeof(columns), "|%s", g->model[i]);
	html_matrix_begin(out, "One operation weakened at a time, in our model", columns);
	for (size_t i = from; i < to; i++) {
		const struct weakening *w = &g->row[i];

		fputs("<tr><th scope=\"row\">", out);
		html_printf(out, "%s, %s ", w->word[0], w->word[1]);
		html_element(out, "small", NULL, "%s", w->word[2]);
		fputs("</th>", out);
		html_element(out, "td", NULL, "%s \342\206\222 %s", w->word[3], w->word[4]);
		for (size_t k = 0; k < g->n_models; k++)
			write_cell(out, g->table, w, g->model[k]);
		fputs("</tr>\n", out);
	}
	html_matrix_end(out);
}

static void write_table(FILE *out, const struct csv_table *t)
{
	static const char *const columns[] = { "backend",    "round",  "site",	 "function", "weakened_to",
					       "model",	     "preset", "form",	 "verdict",  "violation",
					       "executions", "reason", "example" };

	html_csv_table(out, "weaken.csv, pairs and the weakest sets included",
		       "backend|round|site|function|weakened to|model|preset|form|verdict|violation"
		       "|executions|reason|replay",
		       t, columns, sizeof(columns) / sizeof(columns[0]));
}

static void draw(FILE *out, const struct report_run *run)
{
	static struct grid g;

	if (!report_has(run, REPORT_WEAKEN)) {
		html_missing(out, "%s; explore --weaken writes it", run->missing[REPORT_WEAKEN]);
		return;
	}
	g = (struct grid){ .table = &run->table[REPORT_WEAKEN] };
	/* Models that the verdicts have and these rows have not are named, too. */
	add_models(&g, g.table);
	add_models(&g, &run->table[REPORT_EXPLORE]);
	collect(&g, g.table);
	html_open_rows(out, g.n, "weakenings", write_rows, &g);
	if (g.n_left_out)
		html_element(out, "p", "note", "%zu more rows are in the table.", g.n_left_out);
	write_table(out, g.table);
	report_repeat(out, run, "explore --weaken", REPORT_WEAKEN, NULL);
}

const struct figure figure_weaken = {
	.id = "weaken",
	.title = "Which barriers carry weight?",
	.asks = "Each order of the protocol's text weakened by one step: what breaks?",
	.method =
		"Those that carry weight stand first. holds: this weakening alone breaks nothing in this"
		" preset under this model of ours. It is no advice to weaken it: other presets, other models"
		" and real machines may tell another story.",
	.draw = draw,
	.needs = REPORT_WEAKEN,
	.always = true,
};
