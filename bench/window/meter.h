/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is counted in the windows of a run: the events that were asked for, in every thread, and the
 * kernel's own count of interrupts, signals and migrations at the thread that is kicked.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include "bench/result.h"
#include "perf/control.h"

struct bench_meter {
	struct perf_set events; /* columns perf_*, kickers' and, with _vcpu, the others' */
	struct perf_set kernel; /* columns kernel_* */
	const struct perf_control *control; /* of a perf that watches the windows; NULL: none does */
};

struct csv_row;
struct csv_schema;

/* The perf_* and kernel_* cells of a row; without a meter all of them stay empty. */
void bench_meter_row(struct csv_row *row, const struct bench_meter *meter,
		     const struct bench_counted *counted);

/* bench.csv's columns, and behind them those of events that have none there.  -ENOMEM. */
int bench_meter_schema(struct csv_schema *schema, const struct bench_meter *meter);

#endif
