// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict matrix: what explore found of every backend in each preset under each memory model. */
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/lanes.h"
#include "report/draw/palette.h"
#include "results/lanes.h"
#include "results/verdict.h"

enum { MAX_COLUMNS = 256, MAX_EXAMPLES = 1024, PAGE_COLUMNS = 160 };

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
	size_t n_kinds, n_left_out;
	const char *backend[REPORT_MAX_BACKENDS];
	size_t n_examples;
	struct example example[MAX_EXAMPLES]; /* last: 4 MB, of which a page has a few */
};

static const char *at(const struct verdict_matrix *m, size_t row, const char *column)
{
	return report_cell(m->table, row, column);
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
		if (i < m->n_kinds || m->n_kinds == MAX_COLUMNS) {
			m->n_left_out += i == MAX_COLUMNS;
			continue;
		}
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
	e.lanes.whole = true;
	e.text = lanes_text_of(&e.lanes, PAGE_COLUMNS);
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

/* The end of the preset that begins at kind i. */
static size_t block_end(const struct verdict_matrix *m, size_t i)
{
	size_t to = i + 1;

	while (to < m->n_kinds && !strcmp(m->kind[i].scenario, m->kind[to].scenario) &&
	       !strcmp(m->kind[i].form, m->kind[to].form))
		to++;
	return to;
}

static void write_row(FILE *out, struct verdict_matrix *m, const char *backend, size_t from, size_t to)
{
	html_element(out, "th scope=\"row\"", NULL, "%s", backend);
	for (size_t k = from; k < to; k++) {
		size_t row = 0;

		while (row < m->table->n_rows &&
		       (strcmp(at(m, row, "backend"), backend) || !is_of_kind(m, row, &m->kind[k])))
			row++;
		if (row < m->table->n_rows)
			write_cell(out, m, row);
		else
			fputs("<td></td>", out);
	}
}

/* A table per preset, side by side where there is room: none is wider than a phone or a sheet. */
static void write_rows(FILE *out, void *arg, size_t first, size_t last)
{
	struct verdict_matrix *m = arg;

	fputs("<div class=\"blocks\">\n", out);
	for (size_t from = 0, to; from < m->n_kinds; from = to) {
		char caption[256], columns[1024] = "backend";

		to = block_end(m, from);
		snprintf(caption, sizeof(caption), "%s%s", m->kind[from].scenario,
			 strcmp(m->kind[from].form, "core") ? "" : ", core");
		for (size_t k = from; k < to; k++)
			report_add(columns, sizeof(columns), "|%s", m->kind[k].model);
		html_matrix_begin(out, caption, columns);
		for (size_t b = first; b < last; b++) {
			fputs("<tr>", out);
			write_row(out, m, m->backend[b], from, to);
			fputs("</tr>\n", out);
		}
		html_matrix_end(out);
	}
	fputs("</div>\n", out);
}

/* Open at first: the lost kick that this is all about. */
static bool is_the_finding(const struct verdict_matrix *m, size_t row)
{
	return !strcmp(at(m, row, "backend"), "old") && !strcmp(at(m, row, "scenario"), "two-kicks");
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
	/* Schedules of buffers have a ' in them. */
	html_printf(out, strchr(at(m, e->row, "replay"), '\'') ? "kickbench explore --replay \"%s\"" :
		    "kickbench explore --replay '%s'", at(m, e->row, "replay"));
	fputs("</code></p><details class=\"data\"><summary>The steps as text</summary><pre>", out);
	html_text(out, e->text);
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

	memset(&m, 0, offsetof(struct verdict_matrix, example));
	m.run = run;
	m.table = &run->table[REPORT_EXPLORE];
	find_kinds(&m);
	html_element(out, "p", "note",
		     "Explored in our model, a table per preset; a finding links to its shortest"
		     " counter-example.");
	html_open_rows(out, report_backends(m.table, m.backend), "backends", write_rows, &m);
	if (m.n_left_out)
		html_element(out, "p", "note", "%zu more cells are in the table.", m.n_left_out);
	write_table(out, &m);
	report_repeat(out, run, "explore", REPORT_EXPLORE, NULL);
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
	const char *backend[REPORT_MAX_BACKENDS];
	size_t n = report_backends(&run->table[REPORT_STRESS], backend);

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

/* What stress found of a backend: as it is, then with windows held open. */
struct stress_sum {
	double kicks, count[N_KINDS];
};

struct stress_rows {
	const struct csv_table *table;
	const char *backend[REPORT_MAX_BACKENDS];
};

static struct stress_sum sum_of(const struct csv_table *t, const char *backend, bool held)
{
	struct stress_sum s = { .kicks = 0 };

	for (size_t row = 0; row < t->n_rows; row++) {
		if (strcmp(report_cell(t, row, "backend"), backend) ||
		    held != (strcmp(report_cell(t, row, "windows"), "none") != 0))
			continue;
		s.kicks += fmax(report_number(t, row, "kicks"), 0);
		for (size_t i = 0; i < N_KINDS; i++)
			s.count[i] += fmax(report_number(t, row, kinds[i]), 0);
	}
	return s;
}

/* "lost 12, poisoned 40 in 15178 kicks" */
static void write_sum(FILE *out, const struct csv_table *t, const char *backend, bool held,
		      enum verdict verdict)
{
	struct stress_sum s = sum_of(t, backend, held);
	char text[512] = "";

	for (size_t i = 0; i < N_KINDS; i++) {
		if (s.count[i] > 0)
			report_add(text, sizeof(text), "%s%s %.0f", *text ? ", " : "", kinds[i],
				 s.count[i]);
	}
	if (s.kicks > 0)
		html_element(out, "td",
			     *text				? "v v-bad" :
			     verdict == VERDICT_INCONCLUSIVE ? "v v-open" :
							       "v v-zero",
			     "%s in %.0f kicks", *text ? text : "0", s.kicks);
	else
		html_element(out, "td", "v v-none", "not run");
}

/* The worst that its rows say. */
static enum verdict worst_of(const struct csv_table *t, const char *backend, size_t *at)
{
	enum verdict worst = VERDICT_NONE, one;

	for (size_t row = 0; row < t->n_rows; row++) {
		one = verdict_of(report_cell(t, row, "verdict"));
		if (strcmp(report_cell(t, row, "backend"), backend) || one < worst)
			continue;
		worst = one;
		*at = row;
	}
	return worst;
}

static void write_stress_rows(FILE *out, void *arg, size_t from, size_t to)
{
	const struct stress_rows *s = arg;

	html_matrix_begin(out, "Zeros are observations of so many kicks, not proofs",
			  "backend|as it is|windows held open|verdict, expected");
	for (size_t i = from; i < to; i++) {
		size_t row = 0;
		enum verdict worst = worst_of(s->table, s->backend[i], &row);

		fputs("<tr>", out);
		html_element(out, "th scope=\"row\"", NULL, "%s", s->backend[i]);
		write_sum(out, s->table, s->backend[i], false, worst);
		write_sum(out, s->table, s->backend[i], true, worst);
		html_element(out, "td", NULL, "%s, %s%s%s", verdict_word(worst),
			     report_cell(s->table, row, "expected"),
			     *report_cell(s->table, row, "reason") ? ": " : "",
			     report_cell(s->table, row, "reason"));
		fputs("</tr>\n", out);
	}
	html_matrix_end(out);
}

static void draw_stress(FILE *out, const struct report_run *run)
{
	struct stress_rows s = { .table = &run->table[REPORT_STRESS] };

	html_element(out, "h3", NULL, "The same with real threads");
	if (!report_has(run, REPORT_STRESS)) {
		html_missing(out, "%s", run->missing[REPORT_STRESS]);
		return;
	}
	html_open_rows(out, report_backends(s.table, s.backend), "backends", write_stress_rows, &s);
	html_csv_file(out, "stress.csv", s.table);
	write_traces(out, run);
	report_repeat(out, run, "stress", REPORT_STRESS, NULL);
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
	.draw = draw,
	.needs = REPORT_EXPLORE,
	.always = true,
};
