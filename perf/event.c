// SPDX-License-Identifier: GPL-2.0-or-later
/* One event: as the kernel wants it, and what its state is called and means. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "perf/set.h"

const char *const perf_state_name[PERF_N_STATES] = { "ok",	    "scaled", "unproven",
						     "none",	    "unsupported", "denied",
						     "broken",	    "starved", "failed" };

struct perf_event_attr perf_event_attr(const struct perf_event *event)
{
	return (struct perf_event_attr){
		.type = event->type,
		.size = sizeof(struct perf_event_attr),
		.config = event->config,
		.config1 = event->config1,
		.config2 = event->config2,
		.disabled = 1,
		.exclude_user = !event->user,
		.exclude_kernel = !event->kernel,
		.exclude_hv = !event->kernel,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
}

void perf_event_refused(struct perf_event *event, int failed)
{
	switch (-failed) {
	case EACCES:
	case EPERM:
		event->state = PERF_DENIED;
		snprintf(event->why, sizeof(event->why),
			 "no permission (perf_event_paranoid, CAP_PERFMON%s)",
			 event->group == PERF_TRACE ? ", or tracefs is root's" : "");
		return;
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case EOPNOTSUPP:
	case ENOSYS:
		event->state = PERF_UNSUPPORTED;
		snprintf(event->why, sizeof(event->why), "%s",
			 event->group == PERF_CORE ? "no PMU here that counts it (a virtual machine?)" :
						     "this kernel does not count it");
		return;
	default:
		event->state = PERF_FAILED;
		snprintf(event->why, sizeof(event->why), "%s", strerror(-failed));
	}
}
