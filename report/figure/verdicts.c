// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict matrix: what explore found of every backend in each preset under each memory model. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/lanes.h"
#include "report/draw/palette.h"
#include "results/lanes.h"
#include "results/verdict.h"

enum { MAX_COLUMNS = 64, MAX_EXAMPLES = 512 };

/* A column of the matrix. */
struct kind {
	const char *scenario, *form, *model;
};

/* A counter-example; cells whose lanes are the same text share one. */
struct example {
	struct lanes lanes;
	char *text;
	size_t row; /* of explore.csv: the first that has it */
	unsigned int n_cells;
};

struct verdict_matrix {
	const struct report_run *run;
	const struct csv_table *table;
	struct kind kind[MAX_COLUMNS];
	size_t n_kinds;
	struct example example[MAX_EXAMPLES];
	size_t n_examples;
};

static const char *at(const struct verdict_matrix *m, size_t row, const char *column)
{
	return csv_cell(m->table, row, csv_table_find(m->table, column));
}

static bool is_of_kind(const struct verdict_matrix *m, size_t row, const struct kind *kind)
{
	return !strcmp(at(m, row, "scenario"), kind->scenario) && !strcmp(at(m, row, "form"), kind->form) &&
	       !strcmp(at(m, row, "model"), kind->model);
}

/* Models of a preset stand side by side, in the order of the file. */
static void find_kinds(struct verdict_matrix *m)
{
	for (size_t row = 0; row < m->table->n_rows; row++) {
		struct kind kind = { at(m, row, "scenario"), at(m, row, "form"), at(m, row, "model") };
		size_t i = 0, place;

		while (i < m->n_kinds && !is_of_kind(m, row, &m->kind[i]))
			i++;
		if (i < m->n_kinds || m->n_kinds == MAX_COLUMNS)
			continue;
		for (place = m->n_kinds; place; place--)
			if (!strcmp(m->kind[place - 1].scenario, kind.scenario) &&
			    !strcmp(m->kind[place - 1].form, kind.form))
				break;
		if (!place)
			place = m->n_kinds;
		memmove(&m->kind[place + 1], &m->kind[place], (m->n_kinds - place) * sizeof(kind));
		m->kind[place] = kind;
		m->n_kinds++;
	}
}

static void example_fini(struct example *e)
{
	lanes_fini(&e->lanes);
	free(e->text);
}

/* -> the example's number from 1; 0: none. */
static size_t example_of(struct verdict_matrix *m, size_t row)
{
	struct example e = { .row = row };
	char name[NAME_MAX];
	size_t i = 0;

	snprintf(name, sizeof(name), "example-%s-%s-%s", at(m, row, "backend"), at(m, row, "scenario"),
		 at(m, row, "model"));
	if (!*at(m, row, "replay") || lanes_load(&e.lanes, m->run->dir, name))
		return 0;
	e.text = lanes_text_of(&e.lanes);
	while (e.text && i < m->n_examples &&
	       (strcmp(m->example[i].text, e.text) ||
		strcmp(at(m, m->example[i].row, "backend"), at(m, row, "backend"))))
		i++;
	if (e.text && i == m->n_examples && i < MAX_EXAMPLES) {
		m->example[m->n_examples++] = e;
	} else {
		example_fini(&e);
		if (!e.text || i == MAX_EXAMPLES)
			return 0;
	}
	m->example[i].n_cells++;
	return i + 1;
}

/* The worst thing found, or what its absence is worth: "holds" is said of exhaustive searches only. */
static const char *word(const struct verdict_matrix *m, size_t row, const char **class)
{
	const char *status = at(m, row, "status"), *found = at(m, row, "found");

	*class = "v-none";
	if (!strcmp(status, "na") || !strcmp(status, "failed"))
		return status;
	*class = "v-bad";
	if (*found && strcmp(found, "HOLDS"))
		return found;
	*class = "v-open";
	if (!strcmp(status, "bound"))
		return "bounded";
	if (strcmp(status, "exhaustive"))
		return "undecided";
	*class = "v-good";
	return "holds";
}

static void write_cell(FILE *out, struct verdict_matrix *m, size_t row)
{
	const char *class, *text = word(m, row, &class);
	size_t example = example_of(m, row);
	bool against = verdict_of(at(m, row, "verdict")) == VERDICT_VIOLATED && *at(m, row, "declared");

	fprintf(out, "<td class=\"v %s\">", class);
	if (example)
		fprintf(out, "<a href=\"#lanes-%c%zu\">", m->run->label, example);
	html_printf(out, "%.*s", (int)strcspn(text, ","), text);
	if (example)
		fputs("</a>", out);
	if (against)
		html_printf(out, " (declared %s)", at(m, row, "declared"));
	fputs("</td>", out);
}

static void write_heads(FILE *out, const struct verdict_matrix *m)
{
	fputs("<thead><tr><th rowspan=\"2\" scope=\"col\">backend</th>", out);
	for (size_t i = 0, to; i < m->n_kinds; i = to) {
		for (to = i + 1; to < m->n_kinds && !strcmp(m->kind[i].scenario, m->kind[to].scenario) &&
				 !strcmp(m->kind[i].form, m->kind[to].form);
		     to++)
			;
		fprintf(out, "<th colspan=\"%zu\" scope=\"colgroup\">", to - i);
		html_printf(out, "%s%s", m->kind[i].scenario,
			    strcmp(m->kind[i].form, "core") ? "" : ", core");
		fputs("</th>", out);
	}
	fputs("</tr><tr>", out);
	for (size_t i = 0; i < m->n_kinds; i++) {
		fputs("<th scope=\"col\">", out);
		html_text(out, m->kind[i].model);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void write_matrix(FILE *out, struct verdict_matrix *m)
{
	const char *backend[PALETTE_MAX];
	size_t n = palette_backends(m->table, backend);

	fputs("<div class=\"scroll\"><table class=\"verdicts\">", out);
	html_element(out, "caption", NULL,
		     "Explored in our model; a finding links to its shortest counter-example");
	write_heads(out, m);
	for (size_t b = 0; b < n; b++) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, backend[b]);
		fputs("</th>", out);
		for (size_t k = 0; k < m->n_kinds; k++) {
			size_t row = 0;

			while (row < m->table->n_rows && (strcmp(at(m, row, "backend"), backend[b]) ||
							  !is_of_kind(m, row, &m->kind[k])))
				row++;
			if (row < m->table->n_rows)
				write_cell(out, m, row);
			else
				fputs("<td></td>", out);
		}
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

/* Open at first: the lost kick that this is all about. */
static bool is_the_finding(const struct verdict_matrix *m, size_t row)
{
	return !strcmp(at(m, row, "backend"), "old") && !strcmp(at(m, row, "scenario"), "two-kicks");
}

/* The lanes stand above: of the blanks that align columns, most of the text, one of each run stays. */
static void write_steps(FILE *out, char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*to++ = *from;
	*to = '\0';
	html_text(out, text);
}

static void write_picture(FILE *out, const struct lanes *lanes, const char *title)
{
	fputs("<div class=\"scroll\">", out);
	report_draw_lanes(out, lanes, title);
	fputs("</div>\n", out);
}

static void write_example(FILE *out, const struct verdict_matrix *m, size_t i, bool open)
{
	const struct example *e = &m->example[i];
	const char *backend = at(m, e->row, "backend"), *scenario = at(m, e->row, "scenario");
	const char *model = at(m, e->row, "model");
	char title[256];

	snprintf(title, sizeof(title), "%s, %s under %s: %s", backend, scenario, model,
		 at(m, e->row, "found"));
	fprintf(out, "<details class=\"lanes\" id=\"lanes-%c%zu\"%s><summary>", m->run->label, i + 1,
		open ? " open=\"open\"" : "");
	html_printf(out, "%s", title);
	if (e->n_cells > 1)
		html_printf(out, " (and %u more cell%s with the same steps)", e->n_cells - 1,
			    e->n_cells > 2 ? "s" : "");
	fputs("</summary>\n", out);
	write_picture(out, &e->lanes, title);
	fputs("<p class=\"repeat\">Show it again: <code>", out);
	html_printf(out, "kickbench explore --replay '%s'", at(m, e->row, "replay"));
	fputs("</code></p><details class=\"data\"><summary>The steps as text</summary><pre>", out);
	write_steps(out, e->text);
	fputs("</pre></details></details>\n", out);
}

static void write_table(FILE *out, const struct verdict_matrix *m)
{
	static const char *const columns[] = { "backend",    "scenario", "form",   "model",
					       "status",     "found",	 "declared", "verdict",
					       "reason",     "executions", "states", "steps",
					       "bound", "example_preemptions", "example_steps" };

	html_csv_table(out, "explore.csv",
		       "backend|scenario|form|model|status|found|declared|verdict|reason|executions|states"
		       "|steps|bound|preemptions|example's steps",
		       m->table, columns, sizeof(columns) / sizeof(columns[0]));
}

static void draw_explore(FILE *out, const struct report_run *run)
{
	static struct verdict_matrix m;
	bool opened = false;

	m = (struct verdict_matrix){ .run = run, .table = &run->table[REPORT_EXPLORE] };
	find_kinds(&m);
	write_matrix(out, &m);
	write_table(out, &m);
	if (m.n_examples)
		html_element(out, "h3", NULL, "Counter-examples, step by step");
	for (size_t i = 0; i < m.n_examples; i++) {
		bool open = !opened && is_the_finding(&m, m.example[i].row);

		opened |= open;
		write_example(out, &m, i, open);
		example_fini(&m.example[i]);
	}
}

/* The columns of stress.csv that count violations. */
static const char *const kinds[] = { "lost", "poisoned", "weak", "wait", "account", "coalesce",
				     "cpu",  "self",	 "wake", "mode", "deadlock" };
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* The first violation of each kind that each backend was caught at, if the run left its lanes. */
static void write_traces(FILE *out, const struct report_run *run)
{
	const char *backend[PALETTE_MAX];
	size_t n = palette_backends(&run->table[REPORT_STRESS], backend);

	for (size_t i = 0; i < n * N_KINDS; i++) {
		char name[NAME_MAX];
		struct lanes lanes;

		snprintf(name, sizeof(name), "trace-%s-%s", backend[i / N_KINDS], kinds[i % N_KINDS]);
		if (lanes_load(&lanes, run->dir, name))
			continue;
		fputs("<details class=\"lanes\"><summary>", out);
		html_text(out, lanes.head);
		fputs("</summary>\n", out);
		write_picture(out, &lanes, lanes.head);
		fputs("</details>\n", out);
		lanes_fini(&lanes);
	}
}

/* "lost 12, poisoned 40" of a row of stress.csv. */
static void write_found(struct html_table *table, const struct csv_table *t, size_t row)
{
	char text[512] = "";
	double count;

	for (size_t i = 0; i < N_KINDS; i++) {
		size_t used = strlen(text);

		if (csv_cell_double(t, row, csv_table_find(t, kinds[i]), &count) && count > 0)
			snprintf(text + used, sizeof(text) - used, "%s%s %.0f", used ? ", " : "", kinds[i],
				 count);
	}
	html_cell(table, "%s in %s kicks", *text ? text : "0",
		  csv_cell(t, row, csv_table_find(t, "kicks")));
}

static void draw_stress(FILE *out, const struct report_run *run)
{
	static const char *const columns[] = { "backend", "windows", "migrations", "sleeps",
					       "walks",	  "verdict", "expected",   "reason" };
	const struct csv_table *t = &run->table[REPORT_STRESS];
	struct html_table table;

	html_element(out, "h3", NULL, "The same with real threads");
	if (!report_has(run, REPORT_STRESS)) {
		html_missing(out, "%s", run->missing[REPORT_STRESS]);
		return;
	}
	table = html_table_begin(
		out, "stress.csv: zeros are observations of so many kicks, not proofs",
		"found|backend|windows held open|migrations|sleeps|walks|verdict|expected|reason");
	for (size_t row = 0; row < t->n_rows; row++) {
		html_row_begin(&table);
		write_found(&table, t, row);
		for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
			html_cell(&table, "%s", csv_cell(t, row, csv_table_find(t, columns[i])));
		html_row_end(&table);
	}
	html_table_end(&table);
	write_traces(out, run);
}

static void draw(FILE *out, const struct report_run *run)
{
	if (report_has(run, REPORT_EXPLORE))
		draw_explore(out, run);
	else
		html_missing(out, "%s", run->missing[REPORT_EXPLORE]);
	draw_stress(out, run);
}

const struct figure figure_verdicts = {
	.id = "verdicts",
	.title = "Can a kick get lost?",
	.asks = "Every interleaving of each protocol's own text, under each memory model: does a"
		" requested kick"
		" always make the vCPU look?",
	.method =
		"A verdict is about our model of the machine and of memory, never about a kernel. holds:"
		" exhaustive, every execution up to equivalence with so many kicks and migrations. bounded:"
		" up to a number of preemptions. undecided: the search was stopped. The busted ones are"
		" broken on purpose; one that holds here takes a preset or a model that this run did not"
		" explore.",
	.repeat = "explore --backend all --scenario one-kick,two-kicks --model sc,tso,pso --expect",
	.draw = draw,
	.needs = REPORT_EXPLORE,
	.always = true,
};
