// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a results folder that may be old, torn, or from elsewhere. */
#include "report/data/run.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/error.h"
#include "results/provenance.h"
#include "results/schema.h"

const char *const report_file_name[REPORT_N_FILES] = {
	[REPORT_BENCH] = "bench.csv",	  [REPORT_LATENCY] = "latency.csv", [REPORT_MATRIX] = "matrix.csv",
	[REPORT_EXPLORE] = "explore.csv", [REPORT_STRESS] = "stress.csv",   [REPORT_WEAKEN] = "weaken.csv",
	[REPORT_KVM] = "kvm.csv",	  [REPORT_LAB] = "kernel-lab.csv",
};

bool report_has(const struct report_run *run, enum report_file file)
{
	return run->table[file].n_rows > 0;
}

const char *report_cell(const struct csv_table *table, size_t row, const char *column)
{
	return csv_cell(table, row, csv_table_find(table, column));
}

double report_number(const struct csv_table *table, size_t row, const char *column)
{
	double value;

	return csv_cell_double(table, row, csv_table_find(table, column), &value) ? value : NAN;
}

void report_add(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + used, size - used, format, ap);
	va_end(ap);
}

/* The reason without the folder's path, which stands in the page's head. */
static void load_table(struct report_run *run, enum report_file file)
{
	char path[PATH_MAX + 32], *missing = run->missing[file];
	int failed;

	snprintf(path, sizeof(path), "%s/%s", run->dir, report_file_name[file]);
	failed = csv_read(path, &run->table[file], missing, sizeof(run->missing[file]));
	if (failed)
		run->table[file] = (struct csv_table){ 0 };
	run->spoilt[file] = failed == -ENOENT ? 0 : failed;
	if (failed == -ENOENT)
		snprintf(missing, sizeof(run->missing[file]), "the folder has no %s", report_file_name[file]);
	else if (!failed && !run->table[file].n_rows)
		snprintf(missing, sizeof(run->missing[file]), "%s has no rows", report_file_name[file]);
}

int report_run_load(struct report_run *run, const char *dir, char *err, size_t err_size)
{
	char ignored[512];
	bool any;

	*run = (struct report_run){ 0 };
	if (snprintf(run->dir, sizeof(run->dir), "%s", dir) >= (int)sizeof(run->dir))
		return results_fail(-ENAMETOOLONG, err, err_size, "the path is too long");
	any = !provenance_read(dir, &run->run, ignored, sizeof(ignored));
	for (int file = 0; file < REPORT_N_FILES; file++) {
		load_table(run, (enum report_file)file);
		any |= run->table[file].n_columns > 0;
	}
	if (!any) {
		report_run_fini(run);
		return results_fail(-ENOENT, err, err_size,
				    "%s: no results folder (neither run.json nor a CSV file of kickbench)",
				    dir);
	}
	if (cases_make(&run->bench, &run->table[REPORT_BENCH], &schema_bench)) {
		report_run_fini(run);
		return results_fail(-ENOMEM, err, err_size, "Cannot allocate memory");
	}
	return 0;
}

void report_run_fini(struct report_run *run)
{
	cases_fini(&run->bench);
	for (int file = 0; file < REPORT_N_FILES; file++)
		csv_table_fini(&run->table[file]);
	cJSON_Delete(run->run);
	*run = (struct report_run){ 0 };
}

const struct cJSON *report_member(const struct report_run *run, const char *path)
{
	return provenance_member(run->run, path);
}

const char *report_text(const struct report_run *run, const char *path)
{
	const struct cJSON *member = report_member(run, path);

	return cJSON_IsString(member) ? member->valuestring : "";
}

const char *report_name(const struct report_run *run)
{
	const char *id = report_text(run, "run_id"), *slash = strrchr(run->dir, '/');

	return *id ? id : slash && slash[1] ? slash + 1 : run->dir;
}

const char *report_kind(const struct report_run *run)
{
	for (int file = 0; file < REPORT_N_FILES; file++)
		if (run->table[file].n_rows && *report_cell(&run->table[file], 0, "machine"))
			return report_cell(&run->table[file], 0, "machine");
	return report_text(run, "machine.cpu_model");
}

bool report_has_kinds(const struct report_run *run, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(report_kind(&run[i]), report_kind(&run[0])))
			return true;
	return false;
}
