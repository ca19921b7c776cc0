/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside perf/: from one name to one event. */
#ifndef PERF_SET_H
#define PERF_SET_H

#include <linux/perf_event.h>

#include "perf/perf.h"

/* Each: 0 with the encoding in the event; -ENOENT: not its kind of name. */
int perf_name_known(struct perf_event *event, const char *name);   /* defaults', generic, software */
int perf_name_raw(struct perf_event *event, const char *name);	   /* rHEX */
int perf_name_trace(struct perf_event *event, const char *name);   /* GROUP:EVENT */
int perf_name_pfm(struct perf_event *event, const char *name);	   /* what libpfm4 knows */

/* Raw codes of a CPU family, as in rHEX; 0: no event of it tells that. */
struct perf_family {
	const char *name;
	uint64_t locked_loads, hitm, hitm_remote, machine_clears;
};

/* This machine's, by /proc/cpuinfo; never NULL. */
const struct perf_family *perf_family(void);

/* An event's attributes as the kernel wants them, switched off. */
struct perf_event_attr perf_event_attr(const struct perf_event *event);

/* The event's state from the -errno of opening it. */
void perf_event_refused(struct perf_event *event, int failed);

#endif
