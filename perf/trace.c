// SPDX-License-Identifier: GPL-2.0-or-later
/* Tracepoints as events: their numbers are in tracefs, which is often root's alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf/set.h"
#include "perf/sys.h"

/* The tracepoint's number, or -errno: -ENOENT where there is no tracefs or no such tracepoint. */
static int trace_id(const char *name, uint64_t *id)
{
	static const char *const mounts[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	size_t group = strcspn(name, ":");
	int failed = -ENOENT;

	for (size_t i = 0; i < 2 && failed; i++) {
		char path[256], line[32];

		snprintf(path, sizeof(path), "%s/events/%.*s/%s/id", mounts[i], (int)group, name,
			 name + group + 1);
		failed = perf_sys_line(path, line, sizeof(line));
		if (failed == -EACCES)
			return failed;
		if (!failed)
			*id = strtoull(line, NULL, 10);
	}
	return failed;
}

/* A word of tracefs: no way out of its folder. */
static bool is_word(const char *text, size_t n)
{
	return n && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

int perf_name_trace(struct perf_event *event, const char *name)
{
	size_t group = strcspn(name, ":");
	int failed;

	if (!name[group] || !is_word(name, group) || strlen(name + group + 1) > 80 ||
	    !is_word(name + group + 1, strlen(name + group + 1)))
		return -ENOENT;
	failed = trace_id(name, &event->config);
	if (failed == -ENOENT)
		return failed;
	event->type = PERF_TYPE_TRACEPOINT;
	event->group = PERF_TRACE;
	event->kernel = true;
	if (failed)
		perf_event_refused(event, failed);
	return 0;
}

static const struct {
	const char *name, *column;
	enum perf_proof proof;
	bool on_pu, adds;
} truth[] = {
	{ "irq_vectors:reschedule_entry", "resched_ipis", PERF_BY_NOTHING, false, false },
	{ "irq_vectors:call_function_single_entry", "call_ipis", PERF_BY_NOTHING, false, false },
	{ "irq_vectors:call_function_entry", "call_ipis", PERF_BY_NOTHING, false, true },
	{ "signal:signal_deliver", "signals", PERF_BY_SIGNAL, false, false },
	{ "sched:sched_migrate_task", "migrations", PERF_BY_MOVE, true, false },
};

void perf_set_kernel(struct perf_set *set)
{
	*set = (struct perf_set){ 0 };
	for (size_t i = 0; i < sizeof(truth) / sizeof(truth[0]); i++) {
		struct perf_event *e = &set->event[set->n++];

		*e = (struct perf_event){ .user = true, .keeper = -1, .group = PERF_TRACE };
		snprintf(e->name, sizeof(e->name), "%s", truth[i].name);
		snprintf(e->column, sizeof(e->column), "%s", truth[i].column);
		if (perf_name_trace(e, e->name)) {
			e->state = PERF_UNSUPPORTED;
			snprintf(e->why, sizeof(e->why), "no such tracepoint, or tracefs is not mounted");
		}
		e->proof = truth[i].proof;
		e->on_pu = truth[i].on_pu;
		e->adds = truth[i].adds;
	}
}
