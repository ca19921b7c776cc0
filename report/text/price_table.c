// SPDX-License-Identifier: GPL-2.0-or-later
/* The price of the patch, and the floors that it stands on. */
#include <math.h>
#include <stdlib.h>

#include "report/text/text.h"

static bool find_floor(const struct cases *cases, const char *path, size_t *i)
{
	const struct case_want want[] = { { "scenario", "floor" }, { "path", path }, { 0 } };

	*i = 0;
	return case_next(cases, i, want) && case_n_ok(cases, *i);
}

void text_floors(FILE *out, const struct report_run *run)
{
	static const char *const paths[] = { "empty", "load", "cas_fail", "cas_ok", "barrier" };
	size_t i;

	fprintf(out, "Floors, ns:");
	for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++)
		if (find_floor(&run->bench, paths[k], &i))
			fprintf(out, "  %s %.2f", paths[k], case_median(&run->bench, i, "ns_per_op"));
	if (case_trip_floor(&run->bench, &i))
		fprintf(out, "\n  %s %.0f (p50, PU %s and %s)",
			case_trip_floor_name(case_text(&run->bench, i, "path")),
			case_median(&run->bench, i, "p50_ns"), case_text(&run->bench, i, "kicker_pu"),
			case_text(&run->bench, i, "vcpu_pu"));
	fprintf(out, "\n\n");
}

/* "+5.44 [5.40, 5.51]": the difference of the medians and its 95 % interval. */
static void difference(const struct cases *cases, size_t a, size_t b, char *text, size_t size)
{
	struct case_figure d;

	text[0] = '\0';
	if (case_difference(cases, a, b, "ns_per_op", &d))
		snprintf(text, size, "%+.2f [%.2f, %.2f]", d.median, d.ci.low, d.ci.high);
}

/* Locked read-modify-writes and full barriers. */
static void ops(const struct cases *cases, size_t i, char *text, size_t size)
{
	double locked = case_median(cases, i, "locked_rmws_per_kick");

	text[0] = '\0';
	if (!isnan(locked))
		snprintf(text, size, "%.0f+%.0f", locked, case_median(cases, i, "fences_per_kick"));
}

static void number(double x, char *text, size_t size)
{
	if (isnan(x))
		snprintf(text, size, "-");
	else
		snprintf(text, size, x < 1000 ? "%.2f" : "%.0f", x);
}

static void print_row(FILE *out, const struct cases *cases, size_t old)
{
	char ns[3][16], diff[48], n_old[16], n_patched[16];
	size_t patched, mainline;

	if (!case_of_backend(cases, old, "patched", &patched))
		return;
	number(case_median(cases, old, "ns_per_op"), ns[0], sizeof(ns[0]));
	number(case_median(cases, patched, "ns_per_op"), ns[1], sizeof(ns[1]));
	number(case_of_backend(cases, old, "mainline", &mainline) ?
		       case_median(cases, mainline, "ns_per_op") :
		       NAN,
	       ns[2], sizeof(ns[2]));
	difference(cases, old, patched, diff, sizeof(diff));
	ops(cases, old, n_old, sizeof(n_old));
	ops(cases, patched, n_patched, sizeof(n_patched));
	fprintf(out, "%-9s %-6s %-12s %-6s %7s %7s  %-23s %7s  %5s -> %s\n",
		case_text(cases, old, "path"), case_text(cases, old, "line"), case_text(cases, old, "form"),
		case_is(cases, old, "path", "outside") ? case_text(cases, old, "put") : "", ns[0], ns[1],
		diff, ns[2], n_old, n_patched);
}

void text_price_table(FILE *out, const struct report_run *run)
{
	static const struct case_want want[] = { { "scenario", "fastpath" }, { "backend", "old" }, { 0 } };
	bool stolen = false;

	fprintf(out,
		"The price of the patch: ns per kick (medians), and locked RMWs + full barriers,"
		" old -> patched\n"
		"%-9s %-6s %-12s %-6s %7s %7s  %-23s %7s  %s\n",
		"path", "line", "form", "put", "old", "patched", "difference [95 % CI]", "mainline",
		"locked+mb");
	for (size_t i = 0; case_next(&run->bench, &i, want); i++) {
		if (!case_n_ok(&run->bench, i))
			continue;
		print_row(out, &run->bench, i);
		stolen |= case_is(&run->bench, i, "line", "stolen");
	}
	if (stolen)
		fputs("stolen: what a loop gets through while another PU takes the lines, not the price of a "
		      "kick\n", out);
}
