// SPDX-License-Identifier: GPL-2.0-or-later
/* One thread's counters: opened, switched, read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perf/set.h"
#include "perf/sys.h"

/* A file descriptor, or -errno.  Events of a PU see all its tasks; a filter names this one. */
static int open_one(const struct perf_event *event, int os_cpu, int group)
{
	struct perf_event_attr attr = perf_event_attr(event);
	int fd = perf_sys.open(&attr, event->on_pu ? -1 : 0, event->on_pu ? os_cpu : -1, group);
	char filter[64];
	int failed;

	if (fd < 0 || !event->on_pu)
		return fd;
	snprintf(filter, sizeof(filter), "pid == %d", (int)syscall(SYS_gettid));
	failed = perf_sys.control(fd, PERF_EVENT_IOC_SET_FILTER, filter);
	if (failed)
		perf_sys.close(fd);
	return failed ? failed : fd;
}

void perf_gauge_open(struct perf_gauge *gauge, const struct perf_set *set, int os_cpu)
{
	int leader[PERF_N_GROUPS] = { -1, -1, -1 };

	*gauge = (struct perf_gauge){ .set = set };
	for (size_t i = 0; i < set->n; i++) {
		const struct perf_event *e = &set->event[i];
		int group = e->on_pu ? -1 : leader[e->group];

		gauge->fd[i] = -1;
		if (!perf_counted(e->state))
			continue;
		gauge->fd[i] = open_one(e, os_cpu, group);
		gauge->leads[i] = group < 0;
		/* More events than counters: it takes turns with the group. */
		if (gauge->fd[i] < 0 && group >= 0) {
			gauge->fd[i] = open_one(e, os_cpu, -1);
			gauge->leads[i] = true;
		}
		if (gauge->fd[i] < 0)
			continue;
		perf_sys.control(gauge->fd[i], PERF_EVENT_IOC_ID, &gauge->id[i]);
		if (gauge->leads[i] && !e->on_pu && leader[e->group] < 0)
			leader[e->group] = gauge->fd[i];
	}
}

static void switch_all(const struct perf_gauge *gauge, unsigned long request)
{
	for (size_t i = 0; i < gauge->set->n; i++)
		if (gauge->fd[i] >= 0 && gauge->leads[i])
			perf_sys.control(gauge->fd[i], request, (void *)PERF_IOC_FLAG_GROUP);
}

void perf_gauge_start(const struct perf_gauge *gauge)
{
	switch_all(gauge, PERF_EVENT_IOC_ENABLE);
}

void perf_gauge_stop(const struct perf_gauge *gauge)
{
	switch_all(gauge, PERF_EVENT_IOC_DISABLE);
}

void perf_gauge_close(struct perf_gauge *gauge)
{
	for (size_t i = 0; gauge->set && i < gauge->set->n; i++) {
		if (gauge->fd[i] >= 0)
			perf_sys.close(gauge->fd[i]);
		gauge->fd[i] = -1;
	}
}

/* What read(2) gives of a group. */
struct reading {
	uint64_t n, enabled, running;
	struct {
		uint64_t value, id;
	} counter[PERF_MAX_EVENTS];
};

static struct perf_value scaled(const struct perf_event *event, const struct reading *r, uint64_t count)
{
	struct perf_value v = { (double)count, event->state };

	/* Enabled for less than no time at all means that nothing was to be seen. */
	if (!r->running && r->enabled)
		return (struct perf_value){ 0, PERF_STARVED };
	if (r->running < r->enabled) {
		v.count *= (double)r->enabled / (double)r->running;
		v.state = PERF_SCALED;
	} else if (count) {
		v.state = PERF_OK; /* proven now */
	}
	return v;
}

static void read_group(const struct perf_gauge *gauge, int fd, struct perf_value *value)
{
	struct reading r = { 0 };
	ssize_t size = perf_sys.read(fd, &r, sizeof(r));

	for (uint64_t k = 0; size > 0 && k < r.n && k < PERF_MAX_EVENTS; k++)
		for (size_t i = 0; i < gauge->set->n; i++)
			if (gauge->fd[i] >= 0 && gauge->id[i] == r.counter[k].id)
				value[i] = scaled(&gauge->set->event[i], &r, r.counter[k].value);
}

void perf_gauge_read(const struct perf_gauge *gauge, struct perf_value *value)
{
	const struct perf_set *set = gauge->set;

	for (size_t i = 0; i < set->n; i++)
		value[i] = (struct perf_value){
			0, perf_counted(set->event[i].state) ? PERF_FAILED : set->event[i].state
		};
	for (size_t i = 0; i < set->n; i++)
		if (gauge->fd[i] >= 0 && gauge->leads[i])
			read_group(gauge, gauge->fd[i], value);
}

/* Not counted beats extrapolated, which beats proven. */
void perf_values_add(struct perf_value *sum, const struct perf_value *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum perf_state a = sum[i].state, b = value[i].state;

		sum[i].count += value[i].count;
		if (perf_counted(a) && perf_counted(b))
			sum[i].state = a == PERF_SCALED || b == PERF_SCALED ? PERF_SCALED : a < b ? a : b;
		else
			sum[i].state = perf_counted(a) ? b : a;
	}
}

void perf_status(const struct perf_set *set, const struct perf_value *value, char *text, size_t size)
{
	size_t used = 0, same = 0;

	for (size_t i = 0; i < set->n; i++)
		same += value[i].state == value[0].state;
	if (same == set->n) {
		snprintf(text, size, "%s", set->n ? perf_state_name[value[0].state] : "off");
		return;
	}
	for (int state = PERF_OK + 1; state < PERF_N_STATES; state++)
		for (size_t i = 0, first = 1; i < set->n && used < size; i++)
			if (value[i].state == (enum perf_state)state) {
				used += (size_t)snprintf(text + used, size - used, "%s%s%s%s",
							 first && used ? " " : "",
							 first ? perf_state_name[state] : "",
							 first ? ":" : ",", set->event[i].column);
				first = 0;
			}
}
