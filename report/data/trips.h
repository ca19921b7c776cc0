/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closed round trips by what carries their IPIs: emulated ones, and the kernel's own beside them. */
#ifndef REPORT_TRIPS_H
#define REPORT_TRIPS_H

#include "report/data/run.h"

enum { TRIP_TRANSPORTS = 5, TRIP_FIRST_IN_KERNEL = 3 };
extern const char *const trip_transport[TRIP_TRANSPORTS]; /* first the emulated ones */

/* The first such case of a backend that has valid rows. */
bool trip_case(const struct cases *cases, const char *backend, const char *transport, size_t *i);
/* Its median p50 in ns; NaN: there is none. */
double trip_ns(const struct cases *cases, const char *backend, const char *transport);
/* Are there trips by the kernel's own IPIs? */
bool trip_any_in_kernel(const struct report_run *run);

#endif
