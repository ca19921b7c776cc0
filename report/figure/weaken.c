// SPDX-License-Identifier: GPL-2.0-or-later
/* Which orders carry weight: each operation weakened, and what is found then. */
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "results/verdict.h"

enum { MAX_COLUMNS = 32, MAX_WEAKENINGS = 512 };

/* What was weakened, and how: a row of the figure. */
static const char *const words[] = { "backend", "site", "function", "order", "weakened_to" };
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

struct weakening {
	const char *word[N_WORDS];
};

struct grid {
	const struct csv_table *table;
	int column[N_WORDS], round, preset, model, verdict, violation;
	const char *kind[MAX_COLUMNS]; /* models */
	size_t n_kinds;
	struct weakening row[MAX_WEAKENINGS];
	size_t n;
};

static void open_grid(struct grid *g, const struct csv_table *t)
{
	*g = (struct grid){ .table = t,
			    .round = csv_table_find(t, "round"),
			    .preset = csv_table_find(t, "preset"),
			    .model = csv_table_find(t, "model"),
			    .verdict = csv_table_find(t, "verdict"),
			    .violation = csv_table_find(t, "violation") };
	for (int i = 0; i < N_WORDS; i++)
		g->column[i] = csv_table_find(t, words[i]);
}

static bool is_single(const struct grid *g, size_t row)
{
	return g->round < 0 || !strcmp(csv_cell(g->table, row, g->round), "single");
}

static bool is_of(const struct grid *g, size_t row, const struct weakening *w)
{
	for (int i = 0; i < N_WORDS; i++)
		if (strcmp(csv_cell(g->table, row, g->column[i]), w->word[i]))
			return false;
	return true;
}

static size_t kind_of(const struct grid *g, size_t row)
{
	size_t i = 0;

	while (i < g->n_kinds && strcmp(g->kind[i], csv_cell(g->table, row, g->model)))
		i++;
	return i;
}

static void collect(struct grid *g)
{
	for (size_t row = 0; row < g->table->n_rows; row++) {
		size_t i = 0, kind = kind_of(g, row);

		if (!is_single(g, row))
			continue;
		if (kind == g->n_kinds && kind < MAX_COLUMNS) {
			g->kind[g->n_kinds++] = csv_cell(g->table, row, g->model);
		}
		while (i < g->n && !is_of(g, row, &g->row[i]))
			i++;
		if (i < g->n || g->n == MAX_WEAKENINGS)
			continue;
		for (int k = 0; k < N_WORDS; k++)
			g->row[g->n].word[k] = csv_cell(g->table, row, g->column[k]);
		g->n++;
	}
}

/* Over the presets: what broke and where, else whether anything was left open. */
static void write_cell(FILE *out, const struct grid *g, const struct weakening *w, size_t kind)
{
	char text[512] = "";
	const char *violation, *last = "";
	size_t n_ok = 0, n_open = 0, length, last_length = 0;

	for (size_t row = 0; row < g->table->n_rows; row++) {
		enum verdict verdict = verdict_of(csv_cell(g->table, row, g->verdict));
		size_t used = strlen(text);

		if (kind_of(g, row) != kind || !is_single(g, row) || !is_of(g, row, w))
			continue;
		if (verdict == VERDICT_VIOLATED) {
			const char *preset = csv_cell(g->table, row, g->preset);

			violation = csv_cell(g->table, row, g->violation);
			length = strcspn(violation, ",");
			if (length == last_length && !strncmp(violation, last, length))
				snprintf(text + used, sizeof(text) - used, ", %s", preset);
			else
				snprintf(text + used, sizeof(text) - used, "%s%.*s in %s", used ? "; " : "",
					 (int)length, violation, preset);
			last = violation;
			last_length = length;
		}
		n_ok += verdict == VERDICT_OK;
		n_open += verdict == VERDICT_INCONCLUSIVE;
	}
	if (*text)
		html_element(out, "td", "v v-bad", "%s", text);
	else if (n_open)
		html_element(out, "td", "v v-open", "undecided");
	else
		html_element(out, "td", n_ok ? "v v-good" : "v v-none", "%s",
			     n_ok ? "holds" : "not reached");
}

static void write_row(FILE *out, const struct grid *g, const struct weakening *w)
{
	fputs("<tr><th scope=\"row\">", out);
	html_printf(out, "%s, %s", w->word[0], w->word[1]);
	fputs("</th>", out);
	html_element(out, "td", NULL, "%s", w->word[2]);
	html_element(out, "td", NULL, "%s \342\206\222 %s", w->word[3], w->word[4]);
	for (size_t kind = 0; kind < g->n_kinds; kind++)
		write_cell(out, g, w, kind);
	fputs("</tr>\n", out);
}

static void write_grid(FILE *out, const struct grid *g)
{
	fputs("<div class=\"scroll\"><table class=\"verdicts\">", out);
	html_element(out, "caption", NULL, "One operation weakened at a time, in our model");
	fputs("<thead><tr><th scope=\"col\">backend, site</th>"
	      "<th scope=\"col\">function</th><th scope=\"col\">order</th>",
	      out);
	for (size_t i = 0; i < g->n_kinds; i++) {
		fputs("<th scope=\"col\">", out);
		html_text(out, g->kind[i]);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < g->n; i++)
		write_row(out, g, &g->row[i]);
	fputs("</tbody></table></div>\n", out);
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
	open_grid(&g, &run->table[REPORT_WEAKEN]);
	collect(&g);
	write_grid(out, &g);
	write_table(out, &run->table[REPORT_WEAKEN]);
}

const struct figure figure_weaken = {
	.id = "weaken",
	.title = "Which barriers carry weight?",
	.asks = "Each order of the protocol's text weakened by one step: what breaks?",
	.method =
		"holds: this weakening alone breaks nothing in this preset under this model of ours. It is no"
		" advice to weaken it: other presets, other models and real machines may tell another story.",
	.repeat = "explore --weaken --backend patched",
	.draw = draw,
	.needs = REPORT_WEAKEN,
	.always = true,
};
