// SPDX-License-Identifier: GPL-2.0-or-later
/* How much a case differs from itself, and what that leaves of a verdict. */
#include "results/compare_gate.h"

#include <math.h>
#include <string.h>

static int column_of(const struct compare_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_columns; i++)
		if (!strcmp(r->column[i], name))
			return (int)i;
	return -1;
}

/* Do they agree in this column?  A column that one of them lacks names no case there. */
static bool agree(const struct compare_result *r, const struct compare_row *row,
		  const struct compare_result *aa, const struct compare_row *other,
		  const char *column)
{
	int i = column_of(r, column), k = column_of(aa, column);

	return i < 0 || k < 0 || !strcmp(row->value[i], other->value[k]);
}

static bool same_case(const struct compare_result *r, const struct compare_row *row,
		      const struct compare_result *aa, const struct compare_row *other)
{
	for (size_t i = 0; i < r->n_columns; i++)
		if ((!r->by || strcmp(r->column[i], r->by)) &&
		    !agree(r, row, aa, other, r->column[i]))
			return false;
	return true;
}

static double size_of(double ratio)
{
	return ratio > 0 && isfinite(ratio) ? fabs(log(ratio)) : 0;
}

static bool is_aa(const struct compare_gate *gate, const struct compare_result *aa,
		  const struct compare_row *row)
{
	return !gate->value ||
	       !strncmp(row->value[aa->n_columns - 1], gate->value, strlen(gate->value));
}

/*
 * How far out the next look may be, where the farthest of n is 1: of normal noise 92 % are no farther
 * than this for one look, 98 % for two, 99 % for three and more; more of the first would leave a gate blind.
 * What each process must say for itself has looks enough.
 */
static double beyond(size_t n, const struct compare_gate *gate)
{
	static const double factor[] = { 0, 8, 5.6, 4.2, 3.4, 3, 2.6, 2.4, 2.2 };

	return n < sizeof(factor) / sizeof(factor[0]) && !gate->n_each ? factor[n] : 2;
}

/*
 * Of a case itself the far end of its A/A interval; of all cases of its scenario, which are measured
 * alike, what they came to, and as much more as so few looks leave open.
 */
static double noise_of(const struct compare_result *r, const struct compare_row *row,
		       const struct compare_gate *gate)
{
	double noise = 0, farthest = 0;
	size_t looks = 0;

	for (size_t g = 0; g < gate->n; g++) {
		const struct compare_result *aa = gate->aa[g];

		for (size_t i = 0; i < aa->n; i++) {
			const struct compare_row *other = &aa->row[i];

			if (!is_aa(gate, aa, other) || !agree(r, row, aa, other, "scenario") ||
			    !agree(r, row, aa, other, "placement"))
				continue;
			farthest = fmax(farthest, size_of(other->ratio));
			looks += other->comparable;
			if (same_case(r, row, aa, other))
				noise = fmax(noise, fmax(size_of(other->interval.low),
							 size_of(other->interval.high)));
		}
	}
	return fmax(noise, beyond(looks, gate) * farthest);
}

/* Why its verdict does not count, or NULL. */
static const char *doubt(const struct compare_result *r, const struct compare_row *row,
			 const struct compare_gate *gate)
{
	if (size_of(row->ratio) <= log1p(row->noise))
		return "no larger than what A/A shows here";
	for (size_t e = 0; e < gate->n_each; e++) {
		const struct compare_result *each = gate->each[e];

		for (size_t i = 0; i < each->n; i++) {
			const struct compare_row *other = &each->row[i];

			if (!same_case(r, row, each, other) ||
			    (r->by && !agree(r, row, each, other, r->by)))
				continue;
			if (size_of(other->ratio) <= log1p(gate->margin) ||
			    (other->ratio > 1) != (row->ratio > 1))
				return "not in every process";
		}
	}
	return NULL;
}

void compare_gate(struct compare_result *r, const struct compare_gate *gate)
{
	for (size_t i = 0; i < r->n; i++)
		r->row[i].noise = expm1(noise_of(r, &r->row[i], gate));
	/* Not before all are known: the rows may be their own A/A. */
	for (size_t i = 0; i < r->n; i++) {
		struct compare_row *row = &r->row[i];
		const char *why;

		/* Where one side is 0 there is no ratio: counted, and exact. */
		if ((row->verdict != COMPARE_FASTER && row->verdict != COMPARE_SLOWER) ||
		    !isfinite(row->ratio) || row->ratio <= 0)
			continue;
		why = doubt(r, row, gate);
		if (!why)
			continue;
		r->n_verdict[row->verdict]--;
		row->verdict = COMPARE_INCONCLUSIVE;
		row->reason = why;
		r->n_verdict[COMPARE_INCONCLUSIVE]++;
	}
	r->gated = true;
}

double compare_gate_sees(const struct compare_row *row, const struct compare_options *o)
{
	double sees = fmax(row->noise, o->margin);

	return isfinite(row->detectable) ? fmax(sees, row->detectable) : sees;
}
