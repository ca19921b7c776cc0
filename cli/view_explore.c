// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for what explore found. */
#include "cli/view_explore.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/verbs.h"
#include "cli/view_terminal.h"
#include "explore/cell/ask.h"
#include "report/report.h"
#include "results/flow.h"
#include "results/lanes.h"
#include "results/stats.h"
#include "results/verdict.h"

static const char *get(const struct csv_row *row, const char *column)
{
	const char *text = csv_get(row, column);

	return text ? text : "";
}

static bool is(const struct csv_row *row, const char *column, const char *word)
{
	return !strcmp(get(row, column), word);
}

static bool finds(const struct csv_row *row)
{
	return *get(row, "found") && !is(row, "found", "HOLDS");
}

static bool is_cell(const struct csv_row *row)
{
	return row->schema == xp_schema_cell();
}

/* Else it is the same with every step. */
static bool is_example(const char *lanes)
{
	return !strncmp(lanes, XP_EXAMPLE, strlen(XP_EXAMPLE));
}

static int judge_row(struct sink *sink, const struct csv_row *row)
{
	static const int codes[N_VERDICTS] = {
		[VERDICT_NONE] = EXIT_ENVIRONMENT, [VERDICT_NA] = EXIT_SKIPPED, [VERDICT_OK] = EXIT_AS_STATED,
		[VERDICT_INCONCLUSIVE] = EXIT_UNDECIDED, [VERDICT_VIOLATED] = EXIT_VIOLATED,
	};
	struct view_code *view = (struct view_code *)sink;
	int code = is(row, "status", "failed") ? EXIT_ENVIRONMENT : codes[verdict_of(get(row, "verdict"))];

	if (code == EXIT_UNDECIDED && strstr(get(row, "reason"), XP_SHARD_DONE))
		code = EXIT_AS_STATED; /* the whole is for --merge to judge */
	if (is_cell(row))
		view->code = exit_code_worst(view->code, code);
	return 0;
}

void view_code_init(struct view_code *view)
{
	*view = (struct view_code){ .sink = { .row = judge_row }, .code = EXIT_SKIPPED };
}

/* In how many executions of PCT, as numbers and an interval; false: there is no sample. */
static bool sampled(const struct csv_row *odds, uint64_t *hits, uint64_t *n, struct stats_interval *p)
{
	*n = strtoull(get(odds, "pct_executions"), NULL, 10);
	*hits = strtoull(get(odds, "pct_hits"), NULL, 10);
	if (*n)
		*p = stats_wilson(*hits, *n);
	return *n;
}

/* Cells of one backend and preset share an entry. */
static void name_cell(char **names, char last[96], const struct csv_row *row)
{
	char cell[96], *grown = NULL;
	int n;

	snprintf(cell, sizeof(cell), "%s %s", get(row, "backend"), get(row, "scenario"));
	if (*names && !strcmp(cell, last))
		n = asprintf(&grown, "%.*s %s)", (int)strlen(*names) - 1, *names, get(row, "model"));
	else
		n = asprintf(&grown, "%s%s%s (%s)", *names ? *names : "", *names ? ", " : "", cell,
			     get(row, "model"));
	if (n < 0)
		return;
	free(*names);
	*names = grown;
	snprintf(last, sizeof(cell), "%s", cell);
}

void view_tally_add(struct view_tally *tally, const struct csv_row *row)
{
	static const enum view_end ends[N_VERDICTS] = {
		[VERDICT_NONE] = VIEW_FAILED, [VERDICT_NA] = VIEW_NA, [VERDICT_OK] = VIEW_HOLDS,
		[VERDICT_INCONCLUSIVE] = VIEW_UNDECIDED, [VERDICT_VIOLATED] = VIEW_VIOLATED,
	};
	enum view_end end = is(row, "status", "failed") ? VIEW_FAILED : ends[verdict_of(get(row, "verdict"))];

	tally->cells++;
	tally->n[end]++;
	tally->expected |= *get(row, "declared") != 0;
	if (end < VIEW_HOLDS)
		name_cell(&tally->names[end], tally->last[end], row);
}

void view_tally_print(struct view_tally *tally)
{
	static const char *const words[2][VIEW_ENDS] = {
		{ "violated", "undecided", "failed", "hold", "na" },
		{ "not as declared", "undecided", "failed", "as declared", "na" },
	};
	char *text = NULL;
	size_t size;
	FILE *line = tally->cells > 1 ? open_memstream(&text, &size) : NULL;

	for (int end = 0; end < VIEW_ENDS; end++) {
		if (line && !end)
			fprintf(line, "%zu of %zu ", tally->n[end], tally->cells);
		else if (line && tally->n[end])
			fprintf(line, "; %zu ", tally->n[end]);
		if (line && (!end || tally->n[end]))
			fprintf(line, "%s%s%s", words[tally->expected][end], tally->names[end] ? ": " : "",
				tally->names[end] ? tally->names[end] : "");
		free(tally->names[end]);
	}
	if (line && !fclose(line))
		flow_print(stdout, text, 0, view_width(FLOW_WIDTH), 2);
	free(text);
}

static void print_odds(const struct view_cells *view, const struct csv_row *odds)
{
	const char *violation = get(odds, "violation");
	struct stats_interval p;
	uint64_t hits, n;
	char text[300], pct[100] = "";

	/* One violation is any violation. */
	if (!finds(&view->last) || (!*violation && !strchr(get(&view->last, "found"), ',')))
		return;
	if (sampled(odds, &hits, &n, &p))
		snprintf(pct, sizeof(pct), ", pct in %llu of %llu (95 %%: %.2g to %.2g)",
			 (unsigned long long)hits, (unsigned long long)n, p.low, p.high);
	snprintf(text, sizeof(text), "%-22s %s of %s = %.3g; a uniform walk meets it with p = %.3g%s",
		 *violation ? violation : "any violation", get(odds, "interleavings"), get(odds, "of"),
		 csv_get_double(odds, "share"), csv_get_double(odds, "p_uniform"), pct);
	fputs("  ", stdout);
	flow_print(stdout, text, 2, view_width(INT_MAX), 4);
}

/* Gone through, and less was found than is declared of the preset as it is listed: explore/cell/row.c. */
static bool is_not_listed(const struct csv_row *row)
{
	return *get(row, "declared") && is(row, "status", "exhaustive") &&
	       is(row, "verdict", verdict_word(VERDICT_INCONCLUSIVE));
}

/*
 * A line, which is as long as it is where no terminal ends it: for those who search for it.  Else without its
 * columns, where it is too long with them.
 */
static void print_cell(const struct csv_row *row)
{
	char text[1200], seconds[40] = "", declared[240] = "";
	int width = view_width(INT_MAX), columns = 2;

	if (*get(row, "seconds"))
		snprintf(seconds, sizeof(seconds), "  %.3f s", csv_get_double(row, "seconds"));
	if (*get(row, "declared") && is(row, "verdict", verdict_word(VERDICT_OK)))
		snprintf(declared, sizeof(declared), "  as declared");
	else if (is_not_listed(row))
		snprintf(declared, sizeof(declared), "  of the preset as listed: declared %s",
			 get(row, "declared"));
	else if (*get(row, "declared"))
		snprintf(declared, sizeof(declared), "  DECLARED %s", get(row, "declared"));
	while (columns-- && snprintf(text, sizeof(text), "%-*s %-*s %-*s %s %s  %s%s%s", 18 * columns,
				     get(row, "backend"), 24 * columns, get(row, "scenario"), 4 * columns,
				     get(row, "model"), get(row, "form"), get(row, "parameters"),
				     get(row, "text"), seconds, declared) > width)
		;
	flow_print(stdout, text, 0, width, 4);
}

static int show_row(struct sink *sink, const struct csv_row *row)
{
	struct view_cells *view = (struct view_cells *)sink;
	int failed = 0;

	if (view->progress)
		view_progress_wipe(view->progress);
	if (is_cell(row)) {
		csv_row_clear(&view->last);
		failed = csv_row_copy(&view->last, row);
		print_cell(row);
		view_tally_add(&view->tally, row);
	} else {
		print_odds(view, row);
	}
	fflush(stdout);
	return failed;
}

/* "2 kickers" */
static void say_n(char *text, size_t size, const struct csv_row *row, const char *column, const char *noun,
		  const char *then)
{
	size_t at = strlen(text);

	snprintf(text + at, size - at, "%s %s%s%s", get(row, column), noun, is(row, column, "1") ? "" : "s",
		 then);
}

static int show_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct view_cells *view = (struct view_cells *)sink;
	const struct csv_row *row = &view->last;
	int width = view_width(FLOW_WIDTH);
	char head[200] = "";

	if (is_example(name) == view->all_steps)
		return 0;
	say_n(head, sizeof(head), row, "example_kickers", "kicker", " x ");
	say_n(head, sizeof(head), row, "example_kicks", "kick", ", ");
	say_n(head, sizeof(head), row, "example_migrations", "migration", "; ");
	say_n(head, sizeof(head), row, "example_preemptions", "preemption", ", ");
	snprintf(head + strlen(head), sizeof(head) - strlen(head), "%zu steps", lanes->n);
	fputs("  counter-example: ", stdout);
	flow_print(stdout, head, 19, width, 4);
	lanes_text(stdout, lanes, width);
	view_replay(stdout, get(row, "replay"), width);
	fflush(stdout);
	return 0;
}

int view_cells_init(struct view_cells *view, struct view_progress *progress, bool all_steps)
{
	*view = (struct view_cells){ .sink = { .row = show_row, .lanes = show_lanes }, .progress = progress,
				     .all_steps = all_steps };
	return csv_row_init(&view->last, xp_schema_cell());
}

void view_cells_fini(struct view_cells *view)
{
	view_tally_print(&view->tally);
	csv_row_fini(&view->last);
}

/* The columns (ended by NULL) as members of their names; what is empty is "" or 0. */
static void add_strings(cJSON *json, const struct csv_row *row, const char *const *column)
{
	for (; *column; column++)
		cJSON_AddStringToObject(json, *column, get(row, *column));
}

static void add_numbers(cJSON *json, const struct csv_row *row, const char *const *column)
{
	for (; *column; column++)
		cJSON_AddRawToObject(json, *column, *get(row, *column) ? get(row, *column) : "0");
}

#define STRINGS(json, row, ...) add_strings(json, row, (const char *const[]){ __VA_ARGS__, NULL })
#define NUMBERS(json, row, ...) add_numbers(json, row, (const char *const[]){ __VA_ARGS__, NULL })

static void add_if_set(cJSON *json, const struct csv_row *row, const char *column)
{
	if (*get(row, column))
		NUMBERS(json, row, column);
}

/* "LOST, POISONED" as an array, HOLDS as an empty one; in the order of KICK_V_*. */
static void add_violations(cJSON *json, const struct csv_row *row, const char *column)
{
	cJSON *array = cJSON_AddArrayToObject(json, column);
	char list[200], name[64];

	snprintf(list, sizeof(list), ", %s,", get(row, column));
	for (int bit = 0; bit < XP_VIOLATION_BITS; bit++) {
		const struct kick_property *p = kick_property(1u << bit);

		snprintf(name, sizeof(name), ", %s,", p ? p->verdict : "");
		if (p && strstr(list, name))
			cJSON_AddItemToArray(array, cJSON_CreateString(p->verdict));
	}
}

static void add_example(cJSON *json, const struct csv_row *row)
{
	static const char *const members[] = { "preemptions", "steps", "kickers", "kicks", "migrations" };
	cJSON *example = cJSON_AddObjectToObject(json, "example");
	char column[32];

	STRINGS(example, row, "replay");
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		snprintf(column, sizeof(column), "example_%s", members[i]);
		cJSON_AddNumberToObject(example, members[i], csv_get_double(row, column));
	}
}

/* Numbers of interleavings are strings: JSON's readers keep 53 bits. */
static void add_counts(cJSON *json, const struct csv_row *row)
{
	cJSON *counts = cJSON_AddObjectToObject(json, "counts");

	STRINGS(counts, row, "interleavings");
	add_if_set(counts, row, "pct_executions");
	cJSON_AddArrayToObject(counts, "violations");
}

static void add_search(cJSON *json, const struct csv_row *row)
{
	add_violations(json, row, "found");
	STRINGS(json, row, "grade");
	if (*get(row, "declared"))
		add_violations(json, row, "declared");
	NUMBERS(json, row, "executions", "pruned", "states", "steps", "seconds");
	if (*get(row, "cached"))
		cJSON_AddTrueToObject(json, "cached");
	if (*get(row, "interleavings"))
		add_counts(json, row);
	add_if_set(json, row, "bound");
	if (*get(row, "replay"))
		add_example(json, row);
}

static cJSON *cell_json(const struct csv_row *row)
{
	cJSON *json = cJSON_CreateObject();

	STRINGS(json, row, "backend", "scenario", "model", "form", "parameters");
	NUMBERS(json, row, "kickers", "kicks", "migrations");
	STRINGS(json, row, "status", "text", "verdict");
	if (is(row, "status", "na") || is(row, "status", "failed"))
		STRINGS(json, row, "reason");
	else
		add_search(json, row);
	return json;
}

static cJSON *odds_json(const struct csv_row *odds)
{
	const char *violation = get(odds, "violation");
	cJSON *json = cJSON_CreateObject();
	struct stats_interval p;
	uint64_t hits, n;

	cJSON_AddStringToObject(json, "violation", *violation ? violation : "any");
	STRINGS(json, odds, "interleavings");
	NUMBERS(json, odds, "p_uniform");
	if (sampled(odds, &hits, &n, &p)) {
		cJSON_AddNumberToObject(json, "pct_hits", (double)hits);
		cJSON_AddNumberToObject(json, "pct_low", p.low);
		cJSON_AddNumberToObject(json, "pct_high", p.high);
	}
	return json;
}

static int json_row(struct sink *sink, const struct csv_row *row)
{
	struct view_cells_json *view = (struct view_cells_json *)sink;
	cJSON *counts = cJSON_GetObjectItem(view->cell, "counts");

	if (is_cell(row)) {
		view->cell = cell_json(row);
		cJSON_AddItemToArray(view->array, view->cell);
	} else {
		cJSON_AddItemToArray(cJSON_GetObjectItem(counts, "violations"), odds_json(row));
	}
	return 0;
}

static int json_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct view_cells_json *view = (struct view_cells_json *)sink;
	cJSON *example = cJSON_GetObjectItem(view->cell, "example");

	if (is_example(name))
		cJSON_AddItemToObject(example, "lanes", lanes_json_steps(lanes));
	return 0;
}

void view_cells_json_init(struct view_cells_json *view)
{
	*view = (struct view_cells_json){ .sink = { .row = json_row, .lanes = json_lanes },
					  .array = cJSON_CreateArray() };
}

/* What stands in the table for a cell. */
static void matrix_word(const struct csv_row *row, char *text, size_t size)
{
	bool whole = is(row, "status", "exhaustive");
	const char *what = finds(row) ? get(row, "found") : whole ? "holds" : "undecided", *more = "";

	if (finds(row) && !whole)
		more = ", ...";
	else if (is(row, "verdict", verdict_word(VERDICT_VIOLATED)))
		more = ", NOT AS DECLARED";
	else if (is_not_listed(row))
		more = ", no answer here";
	if (is(row, "status", "failed"))
		snprintf(text, size, "FAILED: %s", get(row, "failure"));
	else
		snprintf(text, size, "%s%s", what, more);
}

static void matrix_title(const struct view_matrix *view, const struct csv_row *row)
{
	const struct xp_scenario *preset = xp_preset(get(row, "scenario"));

	printf("%s: %s\n  %-21s ", preset->name, preset->doc, "");
	for (size_t i = 0; i < view->n_models; i++)
		printf(i + 1 < view->n_models ? "%-24s  " : "%s", view->model[i]);
	putchar('\n');
}

static void matrix_line(struct view_matrix *view, const struct csv_row *last)
{
	printf("  %-21s ", get(last, "backend"));
	if (is(last, "status", "na"))
		printf("na: %s", get(last, "reason"));
	else
		for (size_t i = 0; i < view->n_models; i++)
			printf(i + 1 < view->n_models ? "%-24s  " : "%s", view->word[i]);
	putchar('\n');
	for (size_t i = 0; i < view->n_models; i++) {
		if (view->why[i])
			printf("    %s: %s\n", view->model[i], view->why[i]);
		free(view->why[i]);
		view->why[i] = NULL;
	}
	if (view->tally.cells % (view->n_backends * view->n_models) == 0)
		putchar('\n');
	fflush(stdout);
}

static int matrix_row(struct sink *sink, const struct csv_row *row)
{
	struct view_matrix *view = (struct view_matrix *)sink;
	size_t model = view->tally.cells % view->n_models;
	bool failed = is(row, "status", "failed");

	if (!is_cell(row))
		return 0;
	view_progress_wipe(view->progress);
	if (view->tally.cells % (view->n_backends * view->n_models) == 0)
		matrix_title(view, row);
	matrix_word(row, view->word[model], sizeof(view->word[0]));
	if (failed)
		view->why[model] = strdup(get(row, "reason"));
	view_tally_add(&view->tally, row);
	view->cached += *get(row, "cached") != 0;
	view->late |= is(row, "status", "budget");
	if (view->tally.cells % view->n_models == 0)
		matrix_line(view, row);
	return 0;
}

void view_matrix_totals(struct view_matrix *view, double seconds)
{
	const size_t *n = view->tally.n;

	printf("%zu cells: %zu as declared, %zu not, %zu undecided", view->tally.cells, n[VIEW_HOLDS],
	       n[VIEW_VIOLATED], n[VIEW_UNDECIDED]);
	if (view->late && seconds)
		printf(" within %.3g s each", seconds);
	if (n[VIEW_FAILED])
		printf(", %zu FAILED", n[VIEW_FAILED]);
	printf(", %zu na; %zu from the cache\n", n[VIEW_NA], view->cached);
	if (n[VIEW_VIOLATED] + n[VIEW_UNDECIDED] + n[VIEW_FAILED])
		view_tally_print(&view->tally);
}

void view_matrix_init(struct view_matrix *view, struct view_progress *progress, size_t n_backends,
		      const char *const *model, size_t n_models)
{
	*view = (struct view_matrix){ .sink = { .row = matrix_row }, .progress = progress,
				      .n_backends = n_backends, .model = model, .n_models = n_models };
}

/* One word: what the worst that was found is called. */
static int quick_row(struct sink *sink, const struct csv_row *row)
{
	struct view_quick *view = (struct view_quick *)sink;
	const char *found = get(row, "found");
	char word[32];

	if (!is_cell(row))
		return 0;
	if (view->done++ % view->n_cells == 0)
		printf("%-20s", get(row, "backend"));
	if (is(row, "status", "na") || is(row, "status", "failed"))
		snprintf(word, sizeof(word), "%s", get(row, "status"));
	else if (finds(row))
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(found, ","), found);
	else
		snprintf(word, sizeof(word), is(row, "status", "exhaustive") ? "holds" : "undecided");
	printf(" %s%-9s%s", finds(row) ? view_bad(stdout) : "", word,
	       finds(row) ? view_plain(stdout) : "");
	if (view->done % view->n_cells == 0)
		putchar('\n');
	fflush(stdout);
	return 0;
}

void view_quick_init(struct view_quick *view, size_t n_cells)
{
	*view = (struct view_quick){ .sink = { .row = quick_row }, .n_cells = n_cells };
}

static int svg_row(struct sink *sink, const struct csv_row *row)
{
	struct view_svg *view = (struct view_svg *)sink;

	if (is_cell(row))
		snprintf(view->cell, sizeof(view->cell), "%s, %s under %s", get(row, "backend"),
			 get(row, "scenario"), get(row, "model"));
	return 0;
}

static int svg_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct view_svg *view = (struct view_svg *)sink;
	char title[400], file[200], path[PATH_MAX];
	int failed = 0;

	if (!is_example(name))
		return 0;
	snprintf(title, sizeof(title), "%s: %.*s", view->cell, (int)strcspn(lanes->end, ":"), lanes->end);
	snprintf(file, sizeof(file), "%s.svg", name);
	if (view->folder)
		failed = folder_file(view->folder, file, path, sizeof(path));
	if (!failed)
		failed = report_write_lanes(view->folder ? path : view->path, lanes, title);
	if (failed)
		view->failed = failed;
	return failed;
}

void view_svg_init(struct view_svg *view, const char *path, const struct folder *folder)
{
	*view = (struct view_svg){ .sink = { .row = svg_row, .lanes = svg_lanes }, .path = path,
				   .folder = folder };
}
