// SPDX-License-Identifier: GPL-2.0-or-later
/* Every protocol on the main paths, against old. */
#include <math.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/text/text.h"

/* "": the cases of that scenario have none. */
static const struct column {
	const char *scenario, *path, *put, *loop, *title;
} columns[] = {
	{ "fastpath", "unloaded", "sticky", "", "unloaded" },
	{ "fastpath", "self", "sticky", "", "self" },
	{ "fastpath", "outside", "sticky", "", "outside" },
	{ "fastpath", "exiting", "sticky", "", "exiting" },
	{ "roundtrip", "in_guest", "", "closed", "roundtrip p50" },
	{ "entry", "entry", "", "", "entry+exit" },
};
enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* Form kick on a hot line, where it has these. */
static bool is_plain(const struct cases *cases, size_t i)
{
	return (case_is(cases, i, "form", "kick") || case_is(cases, i, "form", "")) &&
	       (case_is(cases, i, "line", "hot") || case_is(cases, i, "line", ""));
}

static bool is_median(const struct column *c)
{
	return !strcmp(c->scenario, "roundtrip");
}

static bool find(const struct cases *cases, const struct column *c, const char *backend, size_t *i)
{
	const struct case_want want[] = { { "scenario", c->scenario }, { "backend", backend },
					  { "path", c->path },	       { "put", c->put },
					  { "loop", c->loop },	       { 0 } };

	*i = 0;
	while (case_next(cases, i, want) && !is_plain(cases, *i))
		++*i;
	return *i < cases->n;
}

/* "10.86 +5.4": the median, and how far it is from old's where that shows. */
static void print_cell(FILE *out, const struct cases *cases, const struct column *c, const char *backend)
{
	const char *metric = is_median(c) ? "p50_ns" : "ns_per_op";
	char text[64] = "-";
	struct case_figure d;
	size_t i, old;
	double median;

	if (find(cases, c, backend, &i) && !isnan(median = case_median(cases, i, metric))) {
		snprintf(text, sizeof(text), is_median(c) ? "%.0f" : "%.2f", median);
		if (strcmp(backend, "old") && find(cases, c, "old", &old) &&
		    case_difference(cases, old, i, metric, &d) && (d.ci.low > 0 || d.ci.high < 0))
			report_add(text, sizeof(text), " %+.1f", d.median);
	}
	fprintf(out, " %13s", text);
}

void text_protocol_table(FILE *out, const struct report_run *run)
{
	const cJSON *backend;

	fprintf(out,
		"\nEvery protocol, form kick, line hot: ns, and the difference to old where its 95 %% CI"
		" excludes 0\n%-14s",
		"backend");
	for (int k = 0; k < N_COLUMNS; k++)
		fprintf(out, " %13.13s", columns[k].title);
	fputc('\n', out);
	cJSON_ArrayForEach(backend, report_member(run, "plan.backends")) {
		if (!cJSON_IsString(backend))
			continue;
		fprintf(out, "%-14s", backend->valuestring);
		for (int k = 0; k < N_COLUMNS; k++)
			print_cell(out, &run->bench, &columns[k], backend->valuestring);
		fputc('\n', out);
	}
}
