// SPDX-License-Identifier: GPL-2.0-or-later
/* What migration does to kicks: counts, each with its N. */
#include <stdlib.h>

#include "report/data/losses.h"
#include "report/text/text.h"

static void print_row(FILE *out, const struct cases *cases, size_t i)
{
	double rate = case_number(cases, i, "migrations_per_s");
	bool as_is = case_is(cases, i, "widen", "none") || case_is(cases, i, "widen", "");

	if (!case_sum(cases, i, "kicks") || !(rate > 0))
		return;
	fprintf(out, "%-14s %9.0f %-7s in %9llu kicks:", case_text(cases, i, "backend"), rate,
		as_is ? "as is" : "widened", (unsigned long long)case_sum(cases, i, "kicks"));
	/* Only claims can go astray. */
	if (case_has(cases, i, "ipis_misdirected"))
		fprintf(out, " %11llu", (unsigned long long)case_sum(cases, i, "ipis_misdirected"));
	else
		fprintf(out, " %11s", "-");
	fprintf(out, " %11llu %11llu %9llu", (unsigned long long)case_sum(cases, i, "poisoned"),
		(unsigned long long)case_sum(cases, i, "lost"),
		(unsigned long long)case_sum(cases, i, "ipis_spurious"));
	if (case_in_kernel(cases, i))
		fprintf(out, "  in the kernel: %s, %s", case_text(cases, i, "transport"),
			case_is(cases, i, "path", "moved") ? "moved" : "handed over");
	fputc('\n', out);
}

void text_migration_table(FILE *out, const struct report_run *run)
{
	static const char *const shown[] = { "old", "patched", "mainline" };
	char text[64];

	fprintf(out,
		"\nKicks of a migrating vCPU; widened: kicks linger%s between the two racing "
		"accesses\n%-14s %9s %-7s %19s %11s %11s %11s %9s\n",
		report_widening(run, text), "backend", "moves/s", "window", "", "misdirected", "poisoned",
		"lost", "spurious");
	for (size_t b = 0; b < sizeof(shown) / sizeof(shown[0]); b++) {
		const struct case_want want[] = { { "scenario", "migrate" }, { "backend", shown[b] }, { 0 } };

		for (size_t i = 0; case_next(&run->bench, &i, want); i++)
			print_row(out, &run->bench, i);
	}
}
