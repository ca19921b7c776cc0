// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counting against a kernel of our own behind perf/sys.h: values land in the right
 * columns, and nothing that was not counted looks like a figure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "bench/window/meter.h"
#include "bench/window/window.h"
#include "machine/clock.h"
#include "perf/set.h"
#include "perf/sys.h"
#include "results/schema.h"

enum { FDS = 64, FIRST_FD = 1000 };

/* The kernel that answers: what each opened event is, and how it was treated. */
static struct counter {
	struct perf_event_attr attr;
	int group;
	bool open;
	pthread_t by;
	int starts, stops;
} counter[FDS];
static int n_opened;
static bool had_group_of_3;

/* How it behaves, by the event's config (raw ones). */
static struct {
	uint64_t config;
	int refused;	 /* -errno of opening it */
	int alone;	 /* refused as a sibling only */
	uint64_t count;	 /* what it reads */
	double running;	 /* share of the time */
} rule[8];
static size_t n_rules;

static size_t rule_of(const struct perf_event_attr *attr)
{
	size_t i = 0;

	while (i < n_rules && rule[i].config != attr->config)
		i++;
	return i;
}

static int fake_open(struct perf_event_attr *attr, pid_t pid, int cpu, int group)
{
	size_t r = rule_of(attr);
	int fd;

	(void)pid;
	(void)cpu;
	if (r < n_rules && (rule[r].refused || (rule[r].alone && group >= 0)))
		return rule[r].refused ? rule[r].refused : rule[r].alone;
	fd = __atomic_fetch_add(&n_opened, 1, __ATOMIC_RELAXED) % FDS;
	counter[fd] = (struct counter){ .attr = *attr, .group = group, .open = true, .by = pthread_self() };
	return FIRST_FD + fd;
}

static int fake_control(int fd, unsigned long request, void *arg)
{
	struct counter *c = &counter[fd - FIRST_FD];

	if (request == PERF_EVENT_IOC_ID)
		*(uint64_t *)arg = (uint64_t)fd * 7;
	c->starts += request == PERF_EVENT_IOC_ENABLE;
	c->stops += request == PERF_EVENT_IOC_DISABLE;
	return 0;
}

/* A group's reading: the leader, then its siblings in the order of their opening. */
static ssize_t fake_read(int fd, void *data, size_t size)
{
	uint64_t *at = data;
	double running = 1;

	assert_true(size >= 3 * 8);
	at[0] = 0;
	at[1] = 1000;
	for (int i = 0; i < FDS; i++) {
		struct counter *c = &counter[i];
		size_t r = rule_of(&c->attr);

		if (!c->open || (i + FIRST_FD != fd && c->group != fd))
			continue;
		at[3 + 2 * at[0]] = r < n_rules ? rule[r].count : 123456;
		at[4 + 2 * at[0]] = (uint64_t)(i + FIRST_FD) * 7;
		at[0]++;
		if (r < n_rules)
			running = rule[r].running;
	}
	at[2] = (uint64_t)(1000 * running);
	if (at[0] == 3)
		__atomic_store_n(&had_group_of_3, true, __ATOMIC_RELAXED);
	return (ssize_t)(8 * (3 + 2 * at[0]));
}

static void fake_close(int fd)
{
	counter[fd - FIRST_FD].open = false;
}

static const struct perf_sys fake = { fake_open, fake_control, fake_read, fake_close, "" };
static struct perf_sys real;

static int use_fake(void **state)
{
	(void)state;
	real = perf_sys;
	perf_sys = fake;
	memset(counter, 0, sizeof(counter));
	n_rules = 0;
	n_opened = 0;
	had_group_of_3 = false;
	return 0;
}

static int use_real(void **state)
{
	(void)state;
	perf_sys = real;
	return 0;
}

static struct perf_set set_of(const char *list)
{
	struct perf_set set = { 0 };
	char err[512] = "";

	if (perf_set_add(&set, list, err, sizeof(err)))
		fail_msg("%s", err);
	return set;
}

/* A thread's part of a window: its own leaders are on, and were not off since. */
static void check_gates(struct team_member *m)
{
	for (int i = 0; i < FDS; i++)
		if (counter[i].open && counter[i].group < 0 && pthread_equal(counter[i].by, pthread_self()) &&
		    (counter[i].starts != 1 || counter[i].stops))
			m->error = -EPROTO;
}

/* One window of a kicker and another thread, as a row of bench.csv. */
static void measure(const struct bench_meter *meter, struct csv_row *row, struct bench_result *r)
{
	char err[256];
	struct bench_env env = { .meter = meter, .err = err, .err_size = sizeof(err) };
	struct team_member m[2] = { { .pu = -1, .run = check_gates, .is_kicker = true },
				    { .pu = -1, .run = check_gates } };

	*r = (struct bench_result){ 0 };
	assert_int_equal(bench_window(&env, m, 2, 100000, r), 0);
	bench_meter_row(row, meter, &r->counted);
	assert_int_equal(row->error, 0);
	for (int i = 0; i < FDS; i++)
		if (counter[i].open)
			fail_msg("an event stayed open");
}

static const char *cell(const struct csv_row *row, const char *name)
{
	const char *text = csv_get(row, name);

	return text ? text : "";
}

static struct bench_result result;

static void values_land_in_their_columns(void **state)
{
	struct bench_meter meter = { .events = set_of("cycles,locked_loads=r111,mine=r222,hitm=r333") };
	struct csv_schema schema;
	struct csv_row row;

	(void)state;
	rule[0] = (typeof(rule[0])){ 0x111, 0, 0, 70000, 1 };
	rule[1] = (typeof(rule[0])){ 0x222, 0, 0, 7, 1 };
	/* Does not fit beside the others: a group of its own, that had a quarter of the time. */
	rule[2] = (typeof(rule[0])){ 0x333, 0, -EINVAL, 25, .25 };
	n_rules = 3;
	perf_set_prove(&meter.events);
	assert_int_equal(bench_meter_schema(&schema, &meter), 0);
	assert_int_equal(schema.n, schema_bench.n + 2);
	assert_string_equal(schema.column[schema.n - 2].name, "perf_mine");
	assert_int_equal(csv_row_init(&row, &schema), 0);
	measure(&meter, &row, &result);
	assert_string_equal(cell(&row, "perf_cycles"), "123456");
	assert_string_equal(cell(&row, "perf_cycles_vcpu"), "123456");
	assert_string_equal(cell(&row, "perf_locked_loads"), "70000");
	assert_string_equal(cell(&row, "perf_mine"), "7");
	assert_string_equal(cell(&row, "perf_mine_vcpu"), "7");
	assert_string_equal(cell(&row, "perf_hitm"), "100");
	assert_string_equal(cell(&row, "perf_instructions"), "");
	assert_string_equal(cell(&row, "perf_status"), "scaled:hitm");
	assert_true(had_group_of_3);
	csv_row_fini(&row);
	csv_schema_fini(&schema);
}

static void what_was_not_counted_is_empty(void **state)
{
	struct bench_meter meter = { .events = set_of("locked_loads=r1,hitm=r2,hitm_remote=r3,cycles,"
						      "machine_clears=r4") };
	struct csv_row row;

	(void)state;
	rule[0] = (typeof(rule[0])){ 1, -ENOENT, 0, 0, 1 };
	rule[1] = (typeof(rule[0])){ 2, -EACCES, 0, 0, 1 };
	rule[2] = (typeof(rule[0])){ 3, 0, -EINVAL, 5, 0 };
	rule[3] = (typeof(rule[0])){ 0, 0, 0, 0, 1 }; /* cycles that read 0 */
	rule[4] = (typeof(rule[0])){ 4, 0, 0, 0, 1 };
	n_rules = 5;
	perf_set_prove(&meter.events);
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	measure(&meter, &row, &result);
	for (size_t i = 0; i < meter.events.n; i++)
		assert_true(meter.events.event[i].why[0]);
	assert_string_equal(cell(&row, "perf_locked_loads"), "");
	assert_string_equal(cell(&row, "perf_hitm"), "");
	assert_string_equal(cell(&row, "perf_hitm_remote"), "");
	assert_string_equal(cell(&row, "perf_cycles"), "");
	/* Of a raw event nobody knows what must cause it: its 0 is shown, and doubted. */
	assert_string_equal(cell(&row, "perf_machine_clears"), "0");
	assert_string_equal(cell(&row, "perf_status"), "unproven:machine_clears unsupported:locked_loads "
						       "denied:hitm broken:cycles starved:hitm_remote");
	csv_row_fini(&row);
}

static void no_pmu_is_one_word(void **state)
{
	struct bench_meter meter = { .events = set_of("cycles,instructions") };
	struct csv_row row;

	(void)state;
	rule[0] = (typeof(rule[0])){ PERF_COUNT_HW_CPU_CYCLES, -ENOENT, 0, 0, 1 };
	rule[1] = (typeof(rule[0])){ PERF_COUNT_HW_INSTRUCTIONS, -EOPNOTSUPP, 0, 0, 1 };
	n_rules = 2;
	perf_set_prove(&meter.events);
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	measure(&meter, &row, &result);
	assert_string_equal(cell(&row, "perf_status"), "unsupported");
	assert_string_equal(cell(&row, "perf_cycles"), "");
	csv_row_clear(&row);
	meter.events = (struct perf_set){ 0 };
	measure(&meter, &row, &result);
	assert_string_equal(cell(&row, "perf_status"), "off");
	assert_string_equal(cell(&row, "kernel_status"), "off");
	csv_row_fini(&row);
}

static void two_calls_are_one_column(void **state)
{
	struct bench_meter meter = { .kernel = { .n = 2 } };
	struct csv_row row;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct perf_event *e = &meter.kernel.event[i];

		*e = (struct perf_event){ .config = i + 1, .type = PERF_TYPE_TRACEPOINT, .keeper = -1 };
		e->group = PERF_TRACE;
		e->adds = i == 1;
		snprintf(e->column, sizeof(e->column), "call_ipis");
	}
	rule[0] = (typeof(rule[0])){ 1, 0, 0, 40, 1 };
	rule[1] = (typeof(rule[0])){ 2, 0, 0, 2, 1 };
	n_rules = 2;
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	measure(&meter, &row, &result);
	assert_string_equal(cell(&row, "kernel_call_ipis"), "42");
	assert_string_equal(cell(&row, "kernel_status"), "ok");
	csv_row_fini(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_land_in_their_columns, use_fake, use_real),
		cmocka_unit_test_setup_teardown(what_was_not_counted_is_empty, use_fake, use_real),
		cmocka_unit_test_setup_teardown(no_pmu_is_one_word, use_fake, use_real),
		cmocka_unit_test_setup_teardown(two_calls_are_one_column, use_fake, use_real),
	};

	clock_init();
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
