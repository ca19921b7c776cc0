// SPDX-License-Identifier: GPL-2.0-or-later
/* From what was counted to cells: one that was not counted stays empty, and a status says why. */
#include "bench/window/meter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "results/csv.h"
#include "results/schema.h"

enum { NAME = 80 };

static void set_value(struct csv_row *row, const struct perf_event *e, const char *form,
		      const struct perf_value *value)
{
	char name[NAME];

	snprintf(name, sizeof(name), form, e->column);
	if (perf_counted(value->state))
		csv_set_u64(row, name, (uint64_t)(value->count + .5));
}

static void set_status(struct csv_row *row, const char *column, const struct perf_set *set,
		       const struct perf_value *value)
{
	char text[512];

	perf_status(set, value, text, sizeof(text));
	csv_set_string(row, column, text);
}

static void set_events(struct csv_row *row, const struct perf_set *set, const struct bench_counted *c)
{
	struct perf_value all[PERF_MAX_EVENTS];

	memcpy(all, c->n_kickers ? c->kickers : c->others, sizeof(all));
	if (c->n_kickers && c->n_others)
		perf_values_add(all, c->others, set->n);
	for (size_t i = 0; i < set->n; i++) {
		if (c->n_kickers)
			set_value(row, &set->event[i], "perf_%s", &c->kickers[i]);
		if (c->n_others)
			set_value(row, &set->event[i], "perf_%s_vcpu", &c->others[i]);
	}
	set_status(row, "perf_status", set, all);
}

static void set_kernel(struct csv_row *row, const struct perf_set *set, const struct bench_counted *c)
{
	struct perf_value value[PERF_MAX_EVENTS];

	if (c->has_interrupts) {
		csv_set_u64(row, "kernel_resched_ipis", c->interrupts.resched);
		csv_set_u64(row, "kernel_call_ipis", c->interrupts.call);
		csv_set_string(row, "kernel_status", "interrupts");
		return;
	}
	memcpy(value, c->kernel, sizeof(value));
	for (size_t i = set->n; i-- > 1;)
		if (set->event[i].adds)
			perf_values_add(&value[i - 1], &value[i], 1);
	for (size_t i = 0; i < set->n; i++)
		if (!set->event[i].adds)
			set_value(row, &set->event[i], "kernel_%s", &value[i]);
	set_status(row, "kernel_status", set, value);
}

void bench_meter_row(struct csv_row *row, const struct bench_meter *meter,
		     const struct bench_counted *counted)
{
	if (!meter)
		return;
	if (counted->n_kickers || counted->n_others)
		set_events(row, &meter->events, counted);
	if (counted->n_others)
		set_kernel(row, &meter->kernel, counted);
}

int bench_meter_schema(struct csv_schema *schema, const struct bench_meter *meter)
{
	static char text[2 * PERF_MAX_EVENTS][NAME];
	const char *more[2 * PERF_MAX_EVENTS];
	size_t n = 0;

	for (size_t i = 0; i < meter->events.n; i++) {
		const char *column = meter->events.event[i].column;

		snprintf(text[n], NAME, "perf_%s", column);
		if (csv_schema_find(&schema_bench, text[n]) >= 0)
			continue;
		snprintf(text[n + 1], NAME, "perf_%s_vcpu", column);
		more[n] = text[n];
		more[n + 1] = text[n + 1];
		n += 2;
	}
	return csv_schema_extend(schema, &schema_bench, more, n);
}
