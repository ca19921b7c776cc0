// SPDX-License-Identifier: GPL-2.0-or-later
/* A window with counters at its gates: opened before, read after, and nothing in between. */
#include "bench/window/window.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/window/meter.h"

/* One thread's gauges, and what they read at the end. */
struct gauge {
	const struct bench_meter *meter;
	struct perf_gauge events, kernel;
	bool by_interrupts; /* in place of the kernel's tracepoints */
	struct perf_interrupts before, after;
	bool is_first; /* it tells perf, too */
	int untold;    /* -errno of that */
	struct perf_value value[PERF_MAX_EVENTS], truth[PERF_MAX_EVENTS];
};

/* Too much work for every window: only where interrupts are what is measured. */
static bool needs_interrupts(const struct bench_env *env, const struct team_member *m)
{
	const struct bench_meter *meter = env->meter;
	bool traced = meter->kernel.n && perf_counted(meter->kernel.event[0].state);

	return !m->is_kicker && env->interrupts && !traced && (meter->events.n || meter->kernel.n);
}

static void ready(struct team_member *m)
{
	struct gauge *g = m->gauge;

	perf_gauge_open(&g->events, &g->meter->events, sched_getcpu());
	if (!m->is_kicker)
		perf_gauge_open(&g->kernel, &g->meter->kernel, sched_getcpu());
	if (g->by_interrupts)
		g->by_interrupts = !perf_interrupts_read(sched_getcpu(), &g->before);
	if (g->is_first)
		g->untold = perf_control_enable(g->meter->control, true);
}

static void open_gate(struct team_member *m)
{
	struct gauge *g = m->gauge;

	if (!m->is_kicker)
		perf_gauge_start(&g->kernel);
	perf_gauge_start(&g->events);
}

static void close_gate(struct team_member *m)
{
	struct gauge *g = m->gauge;

	perf_gauge_stop(&g->events);
	if (!m->is_kicker) {
		perf_gauge_stop(&g->kernel);
		perf_gauge_read(&g->kernel, g->truth);
	}
	if (g->is_first && !g->untold)
		g->untold = perf_control_enable(g->meter->control, false);
	perf_gauge_read(&g->events, g->value);
	if (g->by_interrupts)
		g->by_interrupts = !perf_interrupts_read(sched_getcpu(), &g->after);
}

static const struct team_gates gates = { ready, open_gate, close_gate };

static void sum(struct perf_value *to, size_t *threads, const struct perf_value *value, size_t n)
{
	if (!(*threads)++)
		memcpy(to, value, n * sizeof(*to));
	else
		perf_values_add(to, value, n);
}

static void sum_interrupts(struct bench_counted *counted, const struct gauge *g)
{
	counted->has_interrupts = true;
	counted->interrupts.resched += g->after.resched - g->before.resched;
	counted->interrupts.call += g->after.call - g->before.call;
}

/* After the join: what the threads read, and their files, which the others' windows did not hear close. */
static void collect(struct gauge *gauge, const struct team_member *m, size_t n,
		    struct bench_counted *counted)
{
	size_t n_kernel = 0;

	for (size_t i = 0; i < n; i++) {
		struct gauge *g = &gauge[i];

		if (!g->events.set)
			continue; /* its thread never came to be */
		if (m[i].is_kicker) {
			sum(counted->kickers, &counted->n_kickers, g->value, g->meter->events.n);
		} else {
			sum(counted->others, &counted->n_others, g->value, g->meter->events.n);
			sum(counted->kernel, &n_kernel, g->truth, g->meter->kernel.n);
		}
		if (g->by_interrupts)
			sum_interrupts(counted, g);
		perf_gauge_close(&g->events);
		perf_gauge_close(&g->kernel);
	}
}

static void note(const struct team_member *members, size_t n, struct bench_result *r)
{
	r->overlap = team_overlap(members, n);
	for (size_t i = 0; i < n; i++)
		r->nivcsw += members[i].nivcsw;
}

int bench_window(const struct bench_env *env, struct team_member *members, size_t n,
		 uint64_t window_ns, struct bench_result *r)
{
	struct gauge *gauge = env->meter ? calloc(n, sizeof(*gauge)) : NULL;
	int failed;

	if (env->meter && !gauge) {
		snprintf(env->err, env->err_size, "counters: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	for (size_t i = 0; gauge && i < n; i++) {
		gauge[i].meter = env->meter;
		gauge[i].is_first = i == 0;
		gauge[i].by_interrupts = needs_interrupts(env, &members[i]);
		members[i].gates = &gates;
		members[i].gauge = &gauge[i];
	}
	failed = team_run(env->topo, members, n, window_ns, env->err, env->err_size);
	if (failed == -EDEADLK)
		return failed; /* a thread still runs on its gauge */
	if (failed == -EBUSY) {
		bench_verdict(r, VERDICT_INCONCLUSIVE, "too slow here: the window did not end in time");
		failed = 0;
	}
	if (gauge) {
		collect(gauge, members, n, &r->counted);
		if (!failed && gauge->untold) {
			failed = gauge->untold;
			snprintf(env->err, env->err_size, "perf does not take our commands: %s",
				 strerror(-failed));
		}
	}
	free(gauge);
	note(members, n, r);
	return failed;
}

int bench_window_on(const struct bench_env *env, const struct machine_config *config,
		    struct team_member *members, size_t n, uint64_t window_ns, struct bench_result *r)
{
	int failed = machine_init(config);

	if (failed)
		snprintf(env->err, env->err_size, "the emulated machine: %s", strerror(-failed));
	else
		failed = bench_window(env, members, n, window_ns, r);
	if (failed != -EDEADLK) /* else a thread still runs on it */
		machine_fini();
	return failed;
}
