// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/data/trips.h"

#include <math.h>

const char *const trip_transport[TRIP_TRANSPORTS] = { "doorbell", "signal", "membarrier",
						      "reschedule", "call" };

bool trip_case(const struct cases *cases, const char *backend, const char *transport, size_t *i)
{
	const struct case_want want[] = { { "scenario", "roundtrip" }, { "path", "in_guest" },
					  { "loop", "closed" },	       { "transport", transport },
					  { "backend", backend },      { 0 } };

	for (*i = 0; case_next(cases, i, want); ++*i)
		if (case_n_ok(cases, *i))
			return true;
	return false;
}

double trip_ns(const struct cases *cases, const char *backend, const char *transport)
{
	size_t i;

	return trip_case(cases, backend, transport, &i) ? case_median(cases, i, "p50_ns") : NAN;
}

bool trip_any_in_kernel(const struct report_run *run)
{
	for (size_t i = 0; i < run->bench.n; i++)
		if (case_in_kernel(&run->bench, i) && case_is(&run->bench, i, "scenario", "roundtrip") &&
		    case_n_ok(&run->bench, i))
			return true;
	return false;
}
