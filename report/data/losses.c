// SPDX-License-Identifier: GPL-2.0-or-later
/* Lost kicks of a backend, added up. */
#include "report/data/losses.h"

#include <stdio.h>
#include <string.h>

bool report_losses_in_kernel(const struct report_run *run)
{
	const struct case_want want[] = { { "scenario", "migrate" }, { 0 } };

	for (size_t i = 0; case_next(&run->bench, &i, want); i++)
		if (case_in_kernel(&run->bench, i) && case_n_ok(&run->bench, i))
			return true;
	return false;
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
			sum.poisoned += case_sum(&run->bench, i, "poisoned");
		}
		return sum;
	}
	for (i = 0; i < t->n_rows; i++)
		if (!strcmp(report_cell(t, i, "backend"), backend) &&
		    strcmp(report_cell(t, i, "verdict"), verdict_word(VERDICT_INCONCLUSIVE)) &&
		    held == (strcmp(report_cell(t, i, "windows"), "none") != 0)) {
			sum.kicks += csv_to_u64(report_number(t, i, "kicks"));
			sum.lost += csv_to_u64(report_number(t, i, "lost"));
			sum.poisoned += csv_to_u64(report_number(t, i, "poisoned"));
		}
	return sum;
}

/* A cell of `widen` is "none", or "cpu-claim:10us". */
const char *report_widening(const struct report_run *run, char text[64])
{
	const struct case_want want[] = { { "scenario", "migrate" }, { 0 } };
	const char *all = NULL;

	*text = '\0';
	for (size_t i = 0; case_next(&run->bench, &i, want); i++) {
		const char *time = strchr(case_text(&run->bench, i, "widen"), ':');

		if (time && all && strcmp(all, time))
			return strcpy(text, "");
		if (time && !all)
			snprintf(text, 64, " for up to %s", time + 1);
		all = time ? time : all;
	}
	return text;
}
