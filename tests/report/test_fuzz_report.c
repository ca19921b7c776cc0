// SPDX-License-Identifier: GPL-2.0-or-later
/* A page and tables from damaged files: whatever they say, something is drawn or refused. */
#include <limits.h>

#include "report/report.h"
#include "report/text/text.h"
#include "tests/fuzz.h"
#include "tests/scratch.h"

#include <cjson/cJSON.h>

static struct {
	const char *name;
	size_t step; /* small files are tried faster */
	char *text;
} file[] = { { "run.json", 1, NULL },	    { "bench.csv", 37, NULL },	 { "latency.csv", 16, NULL },
	     { "explore.csv", 16, NULL },    { "stress.csv", 2, NULL },	 { "weaken.csv", 16, NULL },
	     { "kvm.csv", 1, NULL },	    { "kernel-lab.csv", 1, NULL },
	     { "example-old-one-kick-sc.json", 1, NULL } };
enum { N_FILES = sizeof(file) / sizeof(file[0]) };

static FILE *nowhere;

static void put(const char *name, const char *text)
{
	char path[SCRATCH_SIZE];

	fuzz_put(scratch_path(path, name), text);
}

static void one(struct fuzz *f)
{
	static struct report_run run;
	char err[PATH_MAX + 128], *text;
	size_t i = fuzz_below(f, N_FILES);
	cJSON *json;

	text = fuzz_mutate(f, file[i].text);
	put(file[i].name, text);
	free(text);
	if (!report_run_load(&run, scratch(), err, sizeof(err))) {
		run.label = 'A';
		if (report_write(&run, 1, "/dev/null", err, sizeof(err)))
			abort();
		text_floors(nowhere, &run);
		text_price_table(nowhere, &run);
		text_protocol_table(nowhere, &run);
		text_migration_table(nowhere, &run);
		text_broadcast_table(nowhere, &run);
		text_case_table(nowhere, &run);
		json = text_cases_json(&run);
		cJSON_Delete(json);
	}
	report_run_fini(&run);
	put(file[i].name, file[i].text);
}

int main(void)
{
	const char *src = getenv("SRC");
	char path[PATH_MAX];

	nowhere = fopen("/dev/null", "we");
	for (size_t i = 0; i < N_FILES; i++) {
		snprintf(path, sizeof(path), "%s/results/reference/%s", src ? src : ".", file[i].name);
		file[i].text = fuzz_lines(path, file[i].step);
		if (!file[i].text) {
			perror(path);
			return 1;
		}
		put(file[i].name, file[i].text);
	}
	return fuzz_run("report", 400, one);
}
