// SPDX-License-Identifier: GPL-2.0-or-later
/* The C interface to Google Benchmark: what is run, what is reported, and when. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "bench/gbench.h"
#include "tests/scratch.h"

#define MAX_RESULTS 64

struct result {
	char name[80], aggregate[20];
	double real_time, real_time_s, counter;
	int64_t iterations, repetition, threads;
};

/* All that the reporter was told, and the order of events: b = a body began, r = a result came. */
static struct {
	struct result result[MAX_RESULTS];
	size_t n;
	char events[2 * MAX_RESULTS + 1];
	int n_contexts, n_finalized;
} seen;

static uint64_t n_iterated;
static int n_bodies;

static void event(char what)
{
	size_t n = strlen(seen.events);

	if (n + 1 < sizeof(seen.events))
		seen.events[n] = what;
}

static void on_context(void *arg, const struct gbench_context *context)
{
	assert_ptr_equal(arg, &seen);
	assert_true(context->n_cpus > 0);
	assert_true(strlen(context->host_name) > 0);
	seen.n_contexts++;
}

static void on_run(void *arg, const struct gbench_run_result *run)
{
	struct result *r = &seen.result[seen.n];

	assert_ptr_equal(arg, &seen);
	assert_true(seen.n++ < MAX_RESULTS);
	snprintf(r->name, sizeof(r->name), "%s", run->name);
	snprintf(r->aggregate, sizeof(r->aggregate), "%s", run->aggregate ? run->aggregate : "");
	r->real_time = run->real_time;
	r->real_time_s = run->real_time_s;
	r->iterations = run->iterations;
	r->repetition = run->repetition;
	r->threads = run->threads;
	if (run->n_counters)
		r->counter = run->counters[0].value;
	event('r');
}

static void on_finalize(void *arg)
{
	(void)arg;
	seen.n_finalized++;
}

static const struct gbench_reporter reporter = { on_context, on_run, on_finalize, &seen };

static int forget(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	n_iterated = 0;
	n_bodies = 0;
	return gbench_clear();
}

static void count_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	(void)arg;
	event('b');
	n_bodies++;
	while (gbench_next(state, &n))
		for (; n; n--)
			n_iterated++;
}

/* Manual time: *arg seconds. */
static void manual_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	event('b');
	while (gbench_next(state, &n))
		assert_int_equal(gbench_set_iteration_time(state, *(double *)arg), 0);
	gbench_set_counter(state, "c", 42, GBENCH_COUNTER_PLAIN);
	gbench_set_label(state, "a \"label\", quoted");
}

static struct gbench_case *register_manual(const char *name, double *seconds)
{
	struct gbench_case *c = gbench_register(name, manual_body, seconds);

	assert_int_equal(gbench_iterations(c, 1), 0);
	assert_int_equal(gbench_use_manual_time(c), 0);
	assert_int_equal(gbench_unit(c, GBENCH_NS), 0);
	return c;
}

static void loop_runs_exactly_as_often_as_asked(void **state)
{
	(void)state;
	gbench_iterations(gbench_register("count", count_body, NULL), 12345);
	assert_int_equal(gbench_run(NULL, &reporter, NULL), 1);
	assert_int_equal(n_iterated, 12345);
	assert_int_equal(n_bodies, 1);
	assert_int_equal(seen.result[0].iterations, 12345);
	assert_int_equal(seen.n_contexts, 1);
	assert_int_equal(seen.n_finalized, 1);
}

static void each_case_is_reported_before_the_next_begins(void **state)
{
	double seconds[3] = { 0.25, 0.5, 0.125 };

	(void)state;
	register_manual("one", &seconds[0]);
	register_manual("two", &seconds[1]);
	register_manual("three", &seconds[2]);
	assert_int_equal(gbench_run(NULL, &reporter, NULL), 3);
	assert_string_equal(seen.events, "brbrbr");
	assert_string_equal(seen.result[1].name, "two/iterations:1/manual_time");
	assert_float_equal(seen.result[1].real_time, 0.5e9, 0);
	assert_float_equal(seen.result[1].real_time_s, 0.5, 1e-15);
}

static cJSON *read_json(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return cJSON_Parse(text);
}

static void json_holds_the_reported_figures(void **state)
{
	double seconds[2] = { 1.0 / 3, 12.3456789e-9 };
	char path[SCRATCH_SIZE];
	const cJSON *runs, *run;
	cJSON *json;
	int i;

	(void)state;
	register_manual("one", &seconds[0]);
	register_manual("two", &seconds[1]);
	assert_int_equal(gbench_add_context("test_key", "a \"value\""), 0);
	assert_int_equal(gbench_add_context("test_key", "again"), -EEXIST);
	assert_int_equal(gbench_run(NULL, &reporter, scratch_path(path, "out.json")), 2);
	json = read_json(path);
	assert_non_null(json);
	runs = cJSON_GetObjectItem(json, "context");
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(runs, "test_key")),
			    "a \"value\"");
	runs = cJSON_GetObjectItem(json, "benchmarks");
	assert_int_equal(cJSON_GetArraySize(runs), 2);
	for (i = 0; i < 2; i++) {
		run = cJSON_GetArrayItem(runs, i);
		assert_true(cJSON_GetObjectItem(run, "real_time")->valuedouble ==
			    seen.result[i].real_time);
		assert_true(cJSON_GetObjectItem(run, "c")->valuedouble == 42);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(run, "label")),
				    "a \"label\", quoted");
	}
	cJSON_Delete(json);
}

static void counter_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	while (gbench_next(state, &n))
		gbench_set_iteration_time(state, 2);
	gbench_set_counter(state, "c", 100, *(const unsigned int *)arg);
}

static void counter_flags_are_applied(void **state)
{
	static const struct {
		unsigned int flags;
		double value;
	} expect[] = {
		{ GBENCH_COUNTER_PLAIN, 100 },
		{ GBENCH_COUNTER_RATE, 50 },
		{ GBENCH_COUNTER_PER_ITERATION, 10 },
		{ GBENCH_COUNTER_TIMES_ITERATIONS, 1000 },
		{ GBENCH_COUNTER_INVERT, 0.01 },
		{ GBENCH_COUNTER_INVERT | GBENCH_COUNTER_RATE, 0.02 },
		{ GBENCH_COUNTER_AVG_THREADS, 100 },
	};
	const size_t n = sizeof(expect) / sizeof(expect[0]);
	struct gbench_case *c;
	size_t i;

	(void)state;
	for (i = 0; i < n; i++) {
		c = gbench_register("counter", counter_body, (void *)&expect[i].flags);
		gbench_iterations(c, 10);
		gbench_use_manual_time(c);
	}
	assert_int_equal(gbench_run(NULL, &reporter, NULL), n);
	for (i = 0; i < n; i++)
		assert_float_equal(seen.result[i].counter, expect[i].value, 1e-9);
}

static void range_body(struct gbench_state *state, void *arg)
{
	int64_t first, second, none = -7;
	uint64_t n;

	(void)arg;
	while (gbench_next(state, &n))
		;
	assert_int_equal(gbench_range_value(state, 0, &first), 0);
	assert_int_equal(gbench_range_value(state, 1, &second), 0);
	assert_int_equal(gbench_range_value(state, 2, &none), -EINVAL);
	assert_int_equal(none, -7);
	gbench_set_counter(state, "c", (double)(10 * first + second), GBENCH_COUNTER_PLAIN);
}

static void arguments_reach_the_body(void **state)
{
	const int64_t ranges[2][2] = { { 3, 3 }, { 1, 4 } };
	const char *const names[] = { "a", "b" };
	const int64_t pair[] = { 7, 8 };
	struct gbench_case *c;

	(void)state;
	c = gbench_register("args", range_body, NULL);
	assert_int_equal(gbench_args(c, pair, 2), 0);
	assert_int_equal(gbench_range_multiplier(c, 2), 0);
	assert_int_equal(gbench_ranges(c, ranges, 2), 0);
	assert_int_equal(gbench_arg_names(c, names, 2), 0);
	assert_int_equal(gbench_iterations(c, 1), 0);
	assert_int_equal(gbench_run("args", &reporter, NULL), 4);
	assert_string_equal(seen.result[0].name, "args/a:7/b:8/iterations:1");
	assert_float_equal(seen.result[0].counter, 78, 0);
	assert_float_equal(seen.result[1].counter, 31, 0);
	assert_float_equal(seen.result[3].counter, 34, 0);
}

static void repetitions_give_aggregates(void **state)
{
	double seconds = 0.5;

	(void)state;
	gbench_repetitions(register_manual("rep", &seconds), 3);
	assert_int_equal(gbench_run(NULL, &reporter, NULL), 1);
	assert_int_equal(seen.n, 7);
	assert_string_equal(seen.result[0].aggregate, "");
	assert_int_equal(seen.result[2].repetition, 2);
	assert_string_equal(seen.result[3].aggregate, "mean");
	assert_int_equal(seen.result[3].repetition, -1);
	assert_float_equal(seen.result[3].real_time, 0.5e9, 1);
	assert_string_equal(seen.result[6].aggregate, "cv");
	assert_float_equal(seen.result[6].real_time, 0, 1e-6);
	assert_float_equal(seen.result[6].real_time_s, 0, 1e-6);
}

static void threads_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	(void)arg;
	while (gbench_next(state, &n))
		;
	gbench_set_counter(state, "c", gbench_thread_index(state) + 10 * gbench_n_threads(state),
			   GBENCH_COUNTER_PLAIN);
}

static void threads_know_who_they_are(void **state)
{
	struct gbench_case *c = gbench_register("threads", threads_body, NULL);

	(void)state;
	gbench_iterations(c, 1);
	gbench_use_real_time(c);
	assert_int_equal(gbench_threads(c, 2), 0);
	assert_int_equal(gbench_run(NULL, &reporter, NULL), 1);
	assert_int_equal(seen.result[0].threads, 2);
	assert_float_equal(seen.result[0].counter, 20 + 21, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(loop_runs_exactly_as_often_as_asked, forget),
		cmocka_unit_test_setup(each_case_is_reported_before_the_next_begins, forget),
		cmocka_unit_test_setup(json_holds_the_reported_figures, forget),
		cmocka_unit_test_setup(counter_flags_are_applied, forget),
		cmocka_unit_test_setup(arguments_reach_the_body, forget),
		cmocka_unit_test_setup(repetitions_give_aggregates, forget),
		cmocka_unit_test_setup(threads_know_who_they_are, forget),
	};

	if (gbench_init(&argc, argv))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
