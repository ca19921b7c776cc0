// SPDX-License-Identifier: GPL-2.0-or-later
/* The headline, wrapped; the tables; and a run's own report. */
#include "cli/view_report.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/session/session.h"
#include "cli/verbs.h"
#include "cli/view_terminal.h"
#include "report/report.h"
#include "report/text/text.h"
#include "results/flow.h"

bool view_headline(const struct report_run *run, FILE *out)
{
	struct report_headline h;
	int width = 0;

	report_headline(run, &h);
	for (int i = 0; i < HEADLINE_TILES; i++)
		for (size_t k = 0; k < h.tile[i].n; k++)
			width = (int)strlen(h.tile[i].line[k].figure) > width ?
					(int)strlen(h.tile[i].line[k].figure) :
					width;
	for (int i = 0; i < HEADLINE_TILES && *h.sentence; i++) {
		fprintf(out, "%s\n", h.tile[i].title);
		for (size_t k = 0; k < h.tile[i].n; k++) {
			fprintf(out, "  %s%-*s%s  ", view_bold(out), width, h.tile[i].line[k].figure,
				view_plain(out));
			flow_print(out, h.tile[i].line[k].says, width + 4, FLOW_WIDTH, width + 4);
		}
	}
	if (*h.sentence && *h.noise)
		fprintf(out, "%s\n", h.noise);
	if (!*h.sentence)
		return false;
	fputc('\n', out);
	flow_print(out, h.sentence, 0, FLOW_WIDTH, 0);
	return true;
}

/* A file that is no CSV is another's; one that cannot be read is a fault here. */
int view_spoilt(const struct report_run *run)
{
	int code = EXIT_AS_STATED;

	for (int file = 0; file < REPORT_N_FILES; file++) {
		if (run->spoilt[file] == -EBADMSG || run->spoilt[file] == -ENODATA)
			fprintf(stderr, "kickbench: %s\n", run->missing[file]);
		else if (run->spoilt[file])
			code = env_error("%s", run->missing[file]);
		if (run->table[file].torn_line)
			fprintf(stderr, "kickbench: %s/%s: line %zu is torn (no line end) and was left out\n",
				run->dir, report_file_name[file], run->table[file].torn_line);
	}
	return code;
}

int view_run(const char *dir, FILE *out)
{
	static struct report_run run;
	char path[PATH_MAX + 16], err[PATH_MAX + 128];
	int code, failed;

	if (report_run_load(&run, dir, err, sizeof(err)))
		return env_error("%s", err);
	code = view_spoilt(&run);
	run.label = 'A';
	snprintf(path, sizeof(path), "%s/report.html", dir);
	failed = report_write(&run, 1, path, err, sizeof(err));
	if (failed)
		code = env_error("%s", err);
	fputc('\n', out);
	if (view_headline(&run, out))
		fputc('\n', out);
	if (!failed)
		fprintf(out, "report: %s\n", path);
	report_run_fini(&run);
	return code;
}

int view_tables(const char *dir)
{
	static struct report_run run;
	char err[PATH_MAX + 128];
	int code;

	if (report_run_load(&run, dir, err, sizeof(err)))
		return env_error("%s", err);
	code = view_spoilt(&run);
	text_floors(stdout, &run);
	text_price_table(stdout, &run);
	text_protocol_table(stdout, &run);
	text_migration_table(stdout, &run);
	text_broadcast_table(stdout, &run);
	fflush(stdout);
	report_run_fini(&run);
	return code;
}

/* Cells that were not reached have no rows: they are named all the same. */
static void add_missing(const struct bench_session *s, cJSON *all)
{
	static const char *const counts[] = { "valid_repetitions", "kicks", "misdirected", "poisoned",
					      "lost" };

	for (size_t i = 0; i < s->plan->n_cells; i++) {
		const struct bench_case *c = &s->plan->cell[i];
		cJSON *o = s->cell[i].any ? NULL : cJSON_CreateObject();
		char name[256];

		if (!o)
			continue;
		bench_case_name(c, name, sizeof(name));
		cJSON_AddStringToObject(o, "case", name);
		cJSON_AddStringToObject(o, "backend", c->backend ? c->backend->name : "floor");
		for (int k = 0; k < 5; k++)
			cJSON_AddNumberToObject(o, counts[k], 0);
		cJSON_AddStringToObject(o, "verdict", "not run");
		cJSON_AddItemToArray(all, o);
	}
}

int view_cells(const struct bench_session *s, bool json)
{
	static struct report_run run;
	char err[PATH_MAX + 128];
	int code;
	cJSON *all;

	if (report_run_load(&run, s->folder.path, err, sizeof(err)))
		return env_error("%s", err);
	code = view_spoilt(&run);
	if (!json) {
		text_case_table(stdout, &run);
	} else {
		all = text_cases_json(&run);
		add_missing(s, all);
		code = exit_code_then(code, verb_print_json(all));
	}
	report_run_fini(&run);
	return code;
}
