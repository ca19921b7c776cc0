// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparisons of damaged tables and damaged run.json, by any column and metric. */
#include <limits.h>
#include <cjson/cJSON.h>

#include "results/compare.h"
#include "results/json.h"
#include "results/lanes.h"
#include "results/provenance.h"
#include "results/schema.h"
#include "tests/fuzz.h"

static char *bench, *run;

static const char *column(struct fuzz *f)
{
	return schema_bench.column[fuzz_below(f, schema_bench.n)].name;
}

static void print(cJSON *json)
{
	char *text = results_json_print(json, false);

	if (!text)
		abort();
	free(text);
	cJSON_Delete(json);
}

static void tables(struct fuzz *f, const char *text_a, const char *text_b)
{
	const char *ignore[2] = { column(f), column(f) };
	struct compare_options o = compare_defaults;
	struct compare_result result;
	struct csv_table a, b = { 0 };
	char err[256];
	int failed;

	o.n_resamples = 16;
	if (fuzz_below(f, 2))
		o.metric = column(f);
	if (fuzz_below(f, 2))
		o.by = column(f);
	if (o.by && !fuzz_below(f, 3))
		o.base = fuzz_word(f);
	o.ignore = ignore;
	o.n_ignore = fuzz_below(f, 3);
	o.samples = (enum compare_samples)fuzz_below(f, 3);
	if (csv_parse(text_a, strlen(text_a), "A", &a, err, sizeof(err)))
		return;
	if (fuzz_below(f, 4))
		failed = csv_parse(text_b, strlen(text_b), "B", &b, err, sizeof(err)) ||
			 compare_tables(&a, &b, &o, &result, err, sizeof(err));
	else
		failed = o.by ? compare_tables(&a, &a, &o, &result, err, sizeof(err)) :
				compare_halves(&a, &o, &result, err, sizeof(err));
	if (!failed) {
		print(compare_json(&result, &o));
		compare_result_fini(&result);
	}
	csv_table_fini(&a);
	csv_table_fini(&b);
}

static void runs(const char *text_a, const char *text_b)
{
	cJSON *a = results_json_parse(text_a), *b = results_json_parse(text_b);
	struct provenance p;
	struct lanes lanes;
	char what[512];

	if (a && b && !provenance_compare(a, b, &p)) {
		provenance_refuses(&p, 0, what, sizeof(what));
		provenance_fini(&p);
	}
	if (a)
		print(a);
	cJSON_Delete(b);
	if (!lanes_read(&lanes, text_a))
		lanes_fini(&lanes);
}

static void one(struct fuzz *f)
{
	bool of_tables = fuzz_below(f, 3);
	char *a = fuzz_mutate(f, of_tables ? bench : run);
	char *b = fuzz_below(f, 2) ? fuzz_mutate(f, of_tables ? bench : run) : strdup(a);

	if (of_tables)
		tables(f, a, b);
	else
		runs(a, b);
	free(a);
	free(b);
}

int main(void)
{
	const char *src = getenv("SRC");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/results/reference/bench.csv", src ? src : ".");
	bench = fuzz_lines(path, 10);
	snprintf(path, sizeof(path), "%s/results/reference/run.json", src ? src : ".");
	run = fuzz_lines(path, 1);
	if (!bench || !run) {
		perror(path);
		return 1;
	}
	return fuzz_run("compare", 2000, one);
}
