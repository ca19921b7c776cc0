// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's own IPIs: beside the emulated ones and KVM itself, and what became of each of them. */
#include <math.h>
#include <string.h>

#include "report/data/backends.h"
#include "report/data/trips.h"
#include "report/text/text.h"

static void print_ns(FILE *out, double ns)
{
	if (isnan(ns))
		fprintf(out, " %11s", "-");
	else
		fprintf(out, " %11.0f", ns);
}

static void print_trips(FILE *out, const struct report_run *run)
{
	const char *backend[REPORT_MAX_BACKENDS];
	size_t n = report_all_backends(run, backend);

	fputs("\nRound trips by what carries the IPI, p50 in ns; the last two: the kernel's, between its"
	      " threads\n",
	      out);
	fprintf(out, "%-18s", "backend");
	for (int t = 0; t < TRIP_TRANSPORTS; t++)
		fprintf(out, " %11s", trip_transport[t]);
	fputc('\n', out);
	for (size_t b = 0; b < n; b++) {
		bool any = false;

		for (int t = 0; t < TRIP_TRANSPORTS; t++)
			any |= !isnan(trip_ns(&run->bench, backend[b], trip_transport[t]));
		if (!any)
			continue;
		fprintf(out, "%-18s", backend[b]);
		for (int t = 0; t < TRIP_TRANSPORTS; t++)
			print_ns(out, trip_ns(&run->bench, backend[b], trip_transport[t]));
		fputc('\n', out);
	}
}

/* What stands in kvm.csv of kicks that met the guest: other ends of the same way. */
static void print_kvm(FILE *out, const struct csv_table *t)
{
	bool any = false;

	for (size_t row = 0; row < t->n_rows; row++) {
		if (!(report_number(t, row, "exit_p50_ns") > 0) ||
		    strcmp(report_cell(t, row, "verdict"), "ok"))
			continue;
		if (!any)
			fprintf(out, "%-18s %11s %11s %11s  (kickbench kvm: p50 in ns)\n", "KVM itself",
				"call", "exit", "handler");
		any = true;
		fprintf(out, "  %-16s", report_cell(t, row, "kick"));
		print_ns(out, report_number(t, row, "call_p50_ns"));
		print_ns(out, report_number(t, row, "exit_p50_ns"));
		print_ns(out, report_number(t, row, "handler_p50_ns"));
		fprintf(out, "  %s%s\n", report_cell(t, row, "state"),
			report_number(t, row, "migrate") > 0 ? ", moving" : "");
	}
}

/* "migrate moved +100us", "contend 2 kickers", "no-wakeup scan": a broadcast without wake-ups */
static void name_case(const struct cases *cases, size_t i, char *text, size_t size)
{
	const char *widen = strchr(case_text(cases, i, "widen"), ':');
	const char *path = case_text(cases, i, "path"), *scenario = case_text(cases, i, "scenario");

	if (case_is(cases, i, "wakeup", "no"))
		scenario = "no-wakeup";
	snprintf(text, size, "%s%s%s", scenario, strcmp(path, "in_guest") ? " " : "",
		 strcmp(path, "in_guest") ? path : "");
	if (case_number(cases, i, "kickers") > 1)
		report_add(text, size, " %s kickers", case_text(cases, i, "kickers"));
	if (widen)
		report_add(text, size, " +%s", widen + 1);
}

static void print_count(FILE *out, const struct cases *cases, size_t i, const char *column, int width)
{
	if (case_has(cases, i, column))
		fprintf(out, " %*llu", width, (unsigned long long)case_sum(cases, i, column));
	else
		fprintf(out, " %*s", width, "-");
}

static void print_books(FILE *out, const struct cases *cases, size_t i)
{
	static const struct {
		const char *name;
		int width;
	} column[] = { { "kicks", 9 },		     { "ipis_sent", 6 },   { "kernel_resched_ipis", 6 },
		       { "kernel_call_ipis", 6 },    { "ipis_double", 6 }, { "kernel_foreign_ipis", 6 },
		       { "ipis_misdirected", 4 },    { "poisoned", 4 },	   { "lost", 4 } };
	char name[64];

	if (!case_in_kernel(cases, i) || !case_n_ok(cases, i) || !case_has(cases, i, "stints") ||
	    case_is(cases, i, "scenario", "entry"))
		return;
	name_case(cases, i, name, sizeof(name));
	fprintf(out, "%-20.20s %-17.17s", name, case_text(cases, i, "backend"));
	for (size_t k = 0; k < sizeof(column) / sizeof(column[0]); k++)
		print_count(out, cases, i, column[k].name, column[k].width);
	fputc('\n', out);
}

void text_kernel_table(FILE *out, const struct report_run *run)
{
	const struct cases *cases = &run->bench;
	bool any = false;

	for (size_t i = 0; i < cases->n; i++)
		any |= case_in_kernel(cases, i) && case_n_ok(cases, i);
	if (!any)
		return;
	if (trip_any_in_kernel(run))
		print_trips(out, run);
	print_kvm(out, &run->table[REPORT_KVM]);
	fprintf(out,
		"\nThe books of all valid rows: sent + others' = RES + calls + merged; +100us: the window"
		" widened\n"
		"%-20s %-17s %9s %6s %6s %6s %6s %6s %4s %4s %4s\n",
		"kernel's IPIs", "backend", "kicks", "sent", "RES", "calls", "merged", "others", "mis.",
		"poi.", "lost");
	for (size_t i = 0; i < cases->n; i++)
		print_books(out, cases, i);
}
