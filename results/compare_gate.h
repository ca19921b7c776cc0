/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A gate for comparisons: only what an A/A of the same machine could not have said.  Where nothing
 * changed a case differs, too: by its layout in memory, by who else ran.  A change no larger than
 * that is none.
 */
#ifndef RESULTS_COMPARE_GATE_H
#define RESULTS_COMPARE_GATE_H

#include "results/compare.h"

struct compare_gate {
	const struct compare_result *aa[4]; /* comparisons of a thing with itself */
	size_t n;
	/* The same comparison by single processes: a verdict counts that each of them has. */
	const struct compare_result *each[4];
	size_t n_each;
	double margin;	   /* by which they must agree */
	const char *value; /* of the column `by`: rows of aa[] that begin so; NULL: all */
};

/* Each row's noise; faster and slower within it become inconclusive. */
void compare_gate(struct compare_result *result, const struct compare_gate *gate);
/* The smallest change that a gated row could have shown: 0.07 is 7 %. */
double compare_gate_sees(const struct compare_row *row, const struct compare_options *options);

#endif
