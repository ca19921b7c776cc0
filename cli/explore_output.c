// SPDX-License-Identifier: GPL-2.0-or-later
/* A cell of explore as text, JSON, CSV row and files. */
#include "cli/explore_output.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/explore_counts.h"
#include "cli/open_folder.h"
#include "cli/opt.h"
#include "report/report.h"
#include "results/lanes.h"
#include "results/schema.h"
#include "results/sink.h"

static const char *form_name(const struct xp_scenario *s)
{
	return s->form == XP_CORE ? "core" : "full";
}

static const char *status_name(enum xp_status status)
{
	static const char *const names[] = {
		[XP_EXHAUSTIVE] = "exhaustive", [XP_BOUND] = "bound", [XP_BUDGET] = "budget",
		[XP_SAMPLED] = "sampled", [XP_NA] = "na", [XP_FAILED] = "failed",
	};

	return names[status];
}

static void print_example(const struct xp_cell *cell, bool all_steps)
{
	const struct xp_example *e = &cell->example;
	static char name[XP_NAME];
	struct lanes lanes;

	xp_example_name(cell, name, sizeof(name));
	printf("  counter-example: %d kicker%s x %d kick%s, %d migration%s; %d preemption%s, %d steps\n",
	       e->scenario.kickers, e->scenario.kickers == 1 ? "" : "s", e->scenario.kicks,
	       e->scenario.kicks == 1 ? "" : "s", e->scenario.migrations,
	       e->scenario.migrations == 1 ? "" : "s", e->preemptions,
	       e->preemptions == 1 ? "" : "s", e->steps);
	if (!xp_lanes(cell, all_steps, &lanes))
		lanes_text(stdout, &lanes);
	lanes_fini(&lanes);
	printf("  replay: kickbench explore --replay '%s'\n", name);
}

void explore_print(const struct explore_row *row, bool all_steps)
{
	const struct xp_cell *cell = row->cell;
	char line[600], declared[160];

	xp_verdict(cell, line, sizeof(line));
	printf("%-18s %-24s %-4s %s  %s", cell->backend->name, cell->scenario.name, cell->model,
	       form_name(&cell->scenario), line);
	if (cell->status != XP_NA)
		printf("  %.3f s", row->seconds);
	if (row->expected && cell->status != XP_NA) {
		xp_violations(row->declared, declared, sizeof(declared));
		printf("  %s%s", row->verdict != VERDICT_OK ? "DECLARED " : "as declared",
		       row->verdict != VERDICT_OK ? declared : "");
	}
	putchar('\n');
	explore_print_counts(row);
	if (cell->has_example && !row->expected)
		print_example(cell, all_steps);
	fflush(stdout);
}

static cJSON *violations_json(unsigned int found)
{
	cJSON *array = cJSON_CreateArray();
	unsigned int left;

	for (left = found; left; left &= left - 1)
		cJSON_AddItemToArray(array, cJSON_CreateString(xp_violation_name(left & -left)));
	return array;
}

static cJSON *example_json(const struct xp_cell *cell)
{
	static char name[XP_NAME];
	cJSON *json = cJSON_CreateObject();
	struct lanes lanes;

	xp_example_name(cell, name, sizeof(name));
	cJSON_AddStringToObject(json, "replay", name);
	cJSON_AddNumberToObject(json, "preemptions", cell->example.preemptions);
	cJSON_AddNumberToObject(json, "steps", cell->example.steps);
	cJSON_AddNumberToObject(json, "kickers", cell->example.scenario.kickers);
	cJSON_AddNumberToObject(json, "kicks", cell->example.scenario.kicks);
	cJSON_AddNumberToObject(json, "migrations", cell->example.scenario.migrations);
	if (!xp_lanes(cell, false, &lanes))
		cJSON_AddItemToObject(json, "lanes", lanes_json_steps(&lanes));
	lanes_fini(&lanes);
	return json;
}

cJSON *explore_json(const struct explore_row *row)
{
	const struct xp_cell *cell = row->cell;
	cJSON *json = cJSON_CreateObject();
	char line[600];

	xp_verdict(cell, line, sizeof(line));
	cJSON_AddStringToObject(json, "backend", cell->backend->name);
	cJSON_AddStringToObject(json, "scenario", cell->scenario.name);
	cJSON_AddStringToObject(json, "model", cell->model);
	cJSON_AddStringToObject(json, "form", form_name(&cell->scenario));
	cJSON_AddNumberToObject(json, "kickers", cell->scenario.kickers);
	cJSON_AddNumberToObject(json, "kicks", cell->scenario.kicks);
	cJSON_AddNumberToObject(json, "migrations", cell->scenario.migrations);
	cJSON_AddStringToObject(json, "status", status_name(cell->status));
	cJSON_AddStringToObject(json, "text", line);
	cJSON_AddStringToObject(json, "verdict", verdict_word(row->verdict));
	if (cell->status == XP_NA || cell->status == XP_FAILED) {
		cJSON_AddStringToObject(json, "reason", cell->reason);
		return json;
	}
	cJSON_AddItemToObject(json, "found", violations_json(cell->found));
	if (row->expected)
		cJSON_AddItemToObject(json, "declared", violations_json(row->declared));
	cJSON_AddNumberToObject(json, "executions", (double)cell->executions);
	cJSON_AddNumberToObject(json, "pruned", (double)cell->pruned);
	cJSON_AddNumberToObject(json, "states", (double)cell->states);
	cJSON_AddNumberToObject(json, "steps", (double)cell->steps);
	cJSON_AddNumberToObject(json, "seconds", row->seconds);
	if (cell->alike)
		cJSON_AddNumberToObject(json, "alike", cell->alike);
	if (row->cached)
		cJSON_AddTrueToObject(json, "cached");
	if (cell->counts.n)
		cJSON_AddItemToObject(json, "counts", explore_counts_json(row));
	if (cell->status == XP_BOUND)
		cJSON_AddNumberToObject(json, "bound", cell->bound);
	if (cell->has_example)
		cJSON_AddItemToObject(json, "example", example_json(cell));
	return json;
}

int explore_folder_open(struct explore_folder *f, const struct csv_schema *schema, const char *out,
			int argc, char **argv, uint64_t seed)
{
	const struct open_folder of = { .out = out, .argc = argc, .argv = argv, .seed = seed,
					.schema = schema };

	f->examples = 0;
	return open_folder(&f->folder, &f->csv, &of);
}

int explore_folder_join(struct explore_folder *f, const struct folder *folder)
{
	*f = (struct explore_folder){ .folder = *folder, .csv.fd = -1 };
	if (folder_csv(&f->folder, &schema_explore, &f->csv, f->err, sizeof(f->err)))
		return env_error("%s", f->err);
	return 0;
}

void explore_folder_leave(struct explore_folder *f)
{
	csv_writer_close(&f->csv);
}

static void fill_counts(struct csv_row *row, const struct explore_row *r)
{
	const struct xp_cell *cell = r->cell;
	char text[160];

	xp_violations(cell->found, text, sizeof(text));
	csv_set_string(row, "found", text);
	if (r->expected) {
		xp_violations(r->declared, text, sizeof(text));
		csv_set_string(row, "declared", text);
	}
	csv_set_u64(row, "executions", cell->executions);
	csv_set_u64(row, "pruned", cell->pruned);
	if (cell->states)
		csv_set_u64(row, "states", cell->states);
	csv_set_u64(row, "steps", cell->steps);
	csv_set_double(row, "seconds", r->seconds);
	explore_fill_counts(row, r);
	if (cell->status == XP_BOUND)
		csv_set_u64(row, "bound", cell->bound);
	if (cell->has_example) {
		csv_set_u64(row, "example_preemptions", cell->example.preemptions);
		csv_set_u64(row, "example_steps", cell->example.steps);
	}
}

static int write_row(struct explore_folder *f, const struct explore_row *r)
{
	static const char *const puts[] = { [XP_STICKY] = "sticky", [XP_CLEARS] = "minus1",
					    [XP_EITHER] = "either" };
	static char name[XP_NAME];
	const struct xp_cell *cell = r->cell;
	struct csv_row row;
	int failed;

	if (csv_row_init(&row, &schema_explore))
		return -ENOMEM;
	csv_set_string(&row, "run_id", f->folder.run_id);
	csv_set_string(&row, "backend", cell->backend->name);
	csv_set_string(&row, "scenario", cell->scenario.name);
	csv_set_string(&row, "model", cell->model);
	csv_set_string(&row, "form", form_name(&cell->scenario));
	csv_set_u64(&row, "kickers", cell->scenario.kickers);
	csv_set_u64(&row, "kicks", cell->scenario.kicks);
	csv_set_u64(&row, "migrations", cell->scenario.migrations);
	csv_set_u64(&row, "pcpus", cell->scenario.pcpus);
	csv_set_string(&row, "put", puts[cell->scenario.put]);
	csv_set_u64(&row, "vcpus", cell->scenario.vcpus);
	csv_set_string(&row, "place", cell->scenario.shared ? "shared" : "own");
	csv_set_string(&row, "status", status_name(cell->status));
	csv_set_string(&row, "verdict", verdict_word(r->verdict));
	csv_set_string(&row, "reason", cell->reason);
	if (cell->status != XP_NA && cell->status != XP_FAILED)
		fill_counts(&row, r);
	if (cell->has_example) {
		xp_example_name(cell, name, sizeof(name));
		csv_set_string(&row, "replay", name);
	}
	failed = csv_write(&f->csv, &row);
	csv_row_fini(&row);
	return failed;
}

/* example-BACKEND-PRESET-MODEL.txt, .json and .svg. */
static int write_lanes(struct explore_folder *f, const struct xp_cell *cell)
{
	char name[160], path[PATH_MAX];
	struct sink_folder to;
	struct lanes lanes;
	int failed = xp_lanes(cell, false, &lanes);

	sink_folder_init(&to, &f->folder);
	snprintf(name, sizeof(name), "example-%s-%s-%s", cell->backend->name, cell->scenario.name,
		 cell->model);
	if (!failed)
		failed = sink_lanes(&to.sink, name, &lanes);
	strcat(name, ".svg");
	if (!failed)
		failed = folder_file(&f->folder, name, path, sizeof(path));
	lanes_fini(&lanes);
	return failed || explore_write_svg(path, cell) ? -EIO : 0;
}

int explore_folder_write(struct explore_folder *f, const struct explore_row *row)
{
	int failed = write_row(f, row);

	if (!failed && row->cell->has_example)
		failed = write_lanes(f, row->cell);
	return failed ? env_error("%s: %s", f->folder.path, strerror(-failed)) : 0;
}

int explore_folder_close(struct explore_folder *f, int code)
{
	const char *state = code > 128 ? "interrupted" : "complete";

	if (csv_writer_close(&f->csv) || folder_close(&f->folder, state, f->err, sizeof(f->err)))
		return exit_code_worst(code, env_error("%s: %s", f->folder.path, f->err));
	fprintf(stderr, "results: %s\n", f->folder.path);
	return code;
}

int explore_write_svg(const char *path, const struct xp_cell *cell)
{
	char title[256], found[160];
	struct lanes lanes;
	int failed = xp_lanes(cell, false, &lanes);

	xp_violations(cell->example.found, found, sizeof(found));
	snprintf(title, sizeof(title), "%s, %s under %s: %s", cell->backend->name, cell->scenario.name,
		 cell->model, found);
	if (!failed)
		failed = report_write_lanes(path, &lanes, title);
	lanes_fini(&lanes);
	return failed ? env_error("%s: %s", path, strerror(-failed)) : 0;
}
