// SPDX-License-Identifier: GPL-2.0-or-later
/* Lost kicks of a backend, added up. */
#include "report/data/losses.h"

#include <math.h>
#include <string.h>

bool report_losses_in_kernel(const struct report_run *run)
{
	const struct case_want want[] = { { "scenario", "migrate" }, { 0 } };
	bool any = false;

	for (size_t i = 0; case_next(&run->bench, &i, want); i++) {
		if (!case_in_kernel(&run->bench, i))
			return false;
		any = true;
	}
	return any;
}

struct report_loss report_losses_of(const struct report_run *run, const char *backend, bool held)
{
	const struct case_want want[] = { { "backend", backend }, { "scenario", "migrate" }, { 0 } };
	const struct csv_table *t = &run->table[REPORT_STRESS];
	bool in_kernel = report_losses_in_kernel(run);
	struct report_loss sum = { 0 };
	size_t i = 0;

	if (case_next(&run->bench, &i, &want[1])) {
		for (i = 0; case_next(&run->bench, &i, want); i++) {
			const char *widen = case_text(&run->bench, i, "widen");

			if (case_in_kernel(&run->bench, i) != in_kernel ||
			    !(case_number(&run->bench, i, "migrations_per_s") > 0) ||
			    held != (*widen && strcmp(widen, "none")))
				continue;
			sum.kicks += case_sum(&run->bench, i, "kicks");
			sum.lost += case_sum(&run->bench, i, "lost");
		}
		return sum;
	}
	for (i = 0; i < t->n_rows; i++)
		if (!strcmp(report_cell(t, i, "backend"), backend) &&
		    held == (strcmp(report_cell(t, i, "windows"), "none") != 0)) {
			sum.kicks += csv_to_u64(report_number(t, i, "kicks"));
			sum.lost += csv_to_u64(report_number(t, i, "lost"));
		}
	return sum;
}
