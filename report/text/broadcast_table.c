// SPDX-License-Identifier: GPL-2.0-or-later
/* What one request to many vCPUs costs. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/text/text.h"

/* A broadcast's median: to all of `vcpus`, nobody woken.  NaN: there is none. */
static double cast_ns(const struct cases *cases, const char *backend, const char *vcpus, const char *pct,
		      bool wait)
{
	const struct case_want want[] = { { "scenario", "broadcast" }, { "backend", backend },
					  { "vcpus", vcpus },	       { "mask_width", vcpus },
					  { "in_guest_pct", pct },     { "wakeup", "no" },
					  { 0 } };
	const char *reason;

	for (size_t i = 0; case_next(cases, &i, want); i++)
		if (!strstr(case_text(cases, i, "path"), "_wait") == !wait &&
		    case_worst(cases, i, &reason) != VERDICT_NA)
			return case_median(cases, i, "ns_per_op");
	return NAN;
}

static void print_cast(FILE *out, double ns, double floor)
{
	char text[32] = "-";

	if (!isnan(ns) && floor > 0)
		snprintf(text, sizeof(text), "%.0f (%.2fx)", ns, ns / floor);
	else if (!isnan(ns))
		snprintf(text, sizeof(text), "%.0f", ns);
	fprintf(out, " %18s", text);
}

/* Does this backend have masks at all? */
static bool casts(const struct cases *cases, const char *backend)
{
	const struct case_want want[] = { { "scenario", "broadcast" }, { "backend", backend }, { 0 } };
	const char *reason;

	for (size_t i = 0; case_next(cases, &i, want); i++)
		if (case_worst(cases, i, &reason) != VERDICT_NA)
			return true;
	return false;
}

void text_broadcast_table(FILE *out, const struct report_run *run)
{
	static const struct case_want floors[] = { { "scenario", "broadcast" },
						   { "backend", "floor" },
						   { 0 } };
	const struct cases *cases = &run->bench;
	const char *vcpus = ""; /* the last that was asked for */
	const cJSON *backend;
	double floor;

	for (size_t i = 0; case_next(cases, &i, floors); i++)
		vcpus = case_text(cases, i, "vcpus");
	floor = cast_ns(cases, "floor", vcpus, "0", false);
	if (isnan(floor))
		return;
	fprintf(out,
		"\nOne request to %s vCPUs, ns; floor, the locked operations by hand: %.0f\n%-14s %18s"
		" %18s %18s\n",
		vcpus, floor, "backend", "all outside", "all in guest", "in guest, waiting");
	cJSON_ArrayForEach(backend, report_member(run, "plan.backends")) {
		const char *name = cJSON_IsString(backend) ? backend->valuestring : "";

		if (!casts(cases, name))
			continue;
		fprintf(out, "%-14s", name);
		print_cast(out, cast_ns(cases, name, vcpus, "0", false), floor);
		print_cast(out, cast_ns(cases, name, vcpus, "100", false), 0);
		print_cast(out, cast_ns(cases, name, vcpus, "100", true), 0);
		fputc('\n', out);
	}
}
