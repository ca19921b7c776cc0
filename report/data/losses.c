// SPDX-License-Identifier: GPL-2.0-or-later
/* Lost kicks of a backend, added up. */
#include "report/data/losses.h"

#include <math.h>
#include <string.h>

struct report_loss report_losses_of(const struct report_run *run, const char *backend, bool held)
{
	const struct case_want want[] = { { "backend", backend }, { "scenario", "migrate" }, { 0 } };
	const struct csv_table *t = &run->table[REPORT_STRESS];
	struct report_loss sum = { 0 };
	size_t i = 0;

	if (case_next(&run->bench, &i, &want[1])) {
		for (i = 0; case_next(&run->bench, &i, want); i++) {
			const char *widen = case_text(&run->bench, i, "widen");

			if (!(case_number(&run->bench, i, "migrations_per_s") > 0) ||
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
