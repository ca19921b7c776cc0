// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of judge's page. */
#include "cli/view_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare_gate.h"
#include "results/flow.h"
#include "results/lanes.h"

static const char *get(const struct csv_row *row, const char *column)
{
	const char *text = csv_get(row, column);

	return text ? text : "";
}

/* Another piece of a text, unless it is there. */
static void add_once(char **text, const char *between, const char *piece)
{
	char *grown;

	if (*text && strstr(*text, piece))
		return;
	if (asprintf(&grown, "%s%s%s", *text ? *text : "", *text ? between : "", piece) < 0)
		return;
	free(*text);
	*text = grown;
}

static int take_row(struct sink *sink, const struct csv_row *row)
{
	struct view_judged *view = (struct view_judged *)sink;
	const char *grade = get(row, "grade");
	char line[400];

	if (strcmp(row->schema->name, "explore"))
		return 0;
	if (!strcmp(get(row, "verdict"), "na")) {
		view->na++;
		add_once(&view->why_not, "; ", get(row, "reason"));
		return 0;
	}
	view_tally_add(&view->tally, row);
	if (!strcmp(get(row, "status"), "failed") && !view->why_failed)
		view->why_failed = strdup(get(row, "reason"));
	if (!strcmp(get(row, "status"), "budget") && *get(row, "reason") && !view->why_undecided)
		view->why_undecided = strdup(get(row, "reason"));
	view->endless |= strstr(get(row, "reason"), ": a loop at ") != NULL; /* xp_cell_finish() */
	if (!*grade)
		return 0;
	view->faults += !strcmp(grade, "fault");
	view->curiosities += !strcmp(grade, "curiosity");
	snprintf(line, sizeof(line), "%s%s", get(row, "found"),
		 strcmp(grade, "curiosity") ? "" : " (a curiosity, no fault)");
	add_once(&view->found, "; ", line);
	/* The first counter-example is shown, of a fault if there is one. */
	view->shows = *get(row, "replay") &&
		      (!view->replay || (!view->of_fault && strcmp(grade, "curiosity")));
	if (!view->shows)
		return 0;
	free(view->replay);
	view->replay = strdup(get(row, "replay"));
	view->of_fault = strcmp(grade, "curiosity");
	return 0;
}

static int take_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct view_judged *view = (struct view_judged *)sink;
	FILE *out;

	if (strncmp(name, "example-", 8) || !view->shows)
		return 0;
	free(view->lanes);
	view->lanes = NULL;
	view->shows = false;
	out = open_memstream(&view->lanes, &view->size);
	if (!out)
		return 0;
	lanes_text(out, lanes, view_width(FLOW_WIDTH));
	fclose(out);
	return 0;
}

void view_judged_init(struct view_judged *view)
{
	*view = (struct view_judged){ .sink = { .row = take_row, .lanes = take_lanes } };
}

void view_judged_fini(struct view_judged *view)
{
	for (int end = 0; end < VIEW_ENDS; end++)
		free(view->tally.names[end]);
	free(view->found);
	free(view->why_not);
	free(view->why_failed);
	free(view->why_undecided);
	free(view->lanes);
	free(view->replay);
	view_judged_init(view);
}

/* "  undecided: three-kickers (sc tso), ...": without the backend's name, which is said already. */
static void print_names(const char *what, const char *names, const char *backend)
{
	size_t n = strlen(backend), at = 0;
	char *text = names ? malloc(strlen(names) + strlen(what) + 4) : NULL;

	if (!text)
		return;
	at = (size_t)sprintf(text, "%s: ", what);
	for (; *names; names++) {
		if (!strncmp(names, backend, n) && names[n] == ' ' && (text[at - 1] == ' '))
			names += n + 1;
		text[at++] = *names;
	}
	text[at] = 0;
	fputs("    ", stdout);
	flow_print(stdout, text, 4, view_width(FLOW_WIDTH), 6);
	free(text);
}

void view_judged_print(struct view_judged *view, const char *backend, double seconds)
{
	const struct view_tally *t = &view->tally;

	printf("  explore, in our model: %zu cells in %.1f s: %zu hold, each proved; %zu "
	       "violated, %zu undecided, %zu failed, %zu na\n",
	       t->cells + view->na, seconds, t->n[VIEW_HOLDS], t->n[VIEW_VIOLATED],
	       t->n[VIEW_UNDECIDED], t->n[VIEW_FAILED], view->na);
	print_names("found", view->found, backend);
	print_names("violated", t->names[VIEW_VIOLATED], backend);
	print_names("undecided", t->names[VIEW_UNDECIDED], backend);
	print_names("why", view->why_undecided, backend);
	print_names("failed", t->names[VIEW_FAILED], backend);
	print_names("why", view->why_failed, backend);
	print_names("na", view->why_not, backend);
	if (!view->lanes)
		return;
	printf("\n%s\n", view->lanes);
	view_replay(stdout, view->replay, view_width(FLOW_WIDTH));
	putchar('\n');
}

static const char *ns(double value, char text[16])
{
	if (isfinite(value))
		snprintf(text, 16, "%.4g", value);
	else
		snprintf(text, 16, "-");
	return text;
}

static const char *per_cent(double ratio, char text[16])
{
	if (isfinite(ratio))
		snprintf(text, 16, "%+.1f %%", (ratio - 1) * 100);
	else
		snprintf(text, 16, "-");
	return text;
}

static void print_price(const struct csv_table *table, const struct compare_row *row,
			const struct compare_options *o)
{
	const char *name = csv_cell(table, row->first_row, csv_table_find(table, "cell"));
	char a[16], b[16], ratio[16], low[16], high[16], sees[16], interval[40];

	snprintf(interval, sizeof(interval), "%s .. %s", per_cent(row->interval.low, low),
		 per_cent(row->interval.high, high));
	snprintf(sees, sizeof(sees), row->comparable ? "%.0f %%" : "-", compare_gate_sees(row, o) * 100);
	printf("    %-33s %8s %8s %8s  %-18s %-6s %6s%s%s\n", name, ns(row->a, a), ns(row->b, b),
	       per_cent(row->ratio, ratio), interval,
	       row->verdict == COMPARE_INCONCLUSIVE ? "-" : compare_verdict_name(row->verdict), sees,
	       row->reason ? "  " : "", row->reason ? row->reason : "");
}

void view_price_print(const struct compare_result *r, const struct csv_table *table,
		      const struct compare_options *o, const char *backend, const char *again,
		      struct view_price *price)
{
	double low = 1, high = 1;

	*price = (struct view_price){ 0 };
	printf("  measured beside %s, in turns, in two processes (%s)\n    %-33s %8.8s %8.8s %8s  "
	       "%-18s %-6s %6s\n",
	       r->base, o->metric, "case", r->base, backend, "change", "95 % interval", "", "sees");
	for (size_t i = 0; i < r->n; i++) {
		const struct compare_row *row = &r->row[i];
		const char *of = row->value[r->n_columns - 1];

		if (!strncmp(of, again, strlen(again)) && isfinite(row->ratio) && row->ratio > 0) {
			low = fmin(low, row->ratio);
			high = fmax(high, row->ratio);
		}
		if (strcmp(of, backend))
			continue;
		print_price(table, row, o);
		price->faster += row->verdict == COMPARE_FASTER;
		price->slower += row->verdict == COMPARE_SLOWER;
		price->same += row->verdict == COMPARE_SAME;
		price->unknown += row->verdict == COMPARE_INCONCLUSIVE;
		if (row->comparable)
			price->sees = fmax(price->sees, compare_gate_sees(row, o));
	}
	printf("    A/A, %s beside itself compiled twice more: %+.1f %% .. %+.1f %%; `sees`: no smaller "
	       "change is told from that\n",
	       r->base, (low - 1) * 100, (high - 1) * 100);
}
