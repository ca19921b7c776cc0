/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The properties that a protocol can violate: one table, for whoever names one.
 *
 * docs/properties.md shows it; tests/tree/test_properties.py holds the two together.
 */
#ifndef KICK_PROPERTIES_H
#define KICK_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>
#include "kick_declare.h"

enum { KICK_EXPLORE_JUDGES = 1, KICK_STRESS_JUDGES = 2, KICK_BOTH_JUDGE = 3 };

/*
 * A fault: a caller who did all right is let down.  A curiosity: nobody is, yet; but code around the
 * protocol may rely on it not happening, and a fault may be near.
 */
enum kick_grade { KICK_FAULT, KICK_CURIOSITY };

struct kick_property {
	unsigned int bit;    /* KICK_V_* */
	const char *verdict; /* in verdicts of explore */
	const char *count;   /* in counts of stress */
	unsigned int judges;
	enum kick_grade grade;
	const char *means;
};

/* clang-format off */
/* Worst first. */
static const struct kick_property kick_properties[] __attribute__((unused)) = {
	{ KICK_V_CPU, "CPU", "cpu", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a pCPU number that does not exist was used" },
	{ KICK_V_LOST, "LOST", "lost", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a request is pending, the vCPU is in guest mode, no IPI will come" },
	{ KICK_V_WAKE, "MISSED_WAKE", "wake", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a request is pending and the vCPU sleeps for ever" },
	{ KICK_V_DEADLOCK, "DEADLOCK", "deadlock", KICK_BOTH_JUDGE, KICK_FAULT,
	  "somebody waits for ever" },
	{ KICK_V_WAIT, "WAITED_TOO_SHORT", "wait", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a waiting kick returned before what it waits for" },
	{ KICK_V_CONTRACT, "CONTRACT", "contract", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a call left interrupts or preemption otherwise, or said what was not so" },
	{ KICK_V_WEAK, "NEVER_LEFT", "weak", KICK_BOTH_JUDGE, KICK_FAULT,
	  "the vCPU has not left guest mode since the kick began" },
	{ KICK_V_STRICT, "CLAIMED_STINT_GOES_ON", "strict", KICK_EXPLORE_JUDGES, KICK_CURIOSITY,
	  "a claimed stint neither ended nor got an IPI" },
	{ KICK_V_POISONED, "POISONED", "poisoned", KICK_BOTH_JUDGE, KICK_FAULT,
	  "in guest mode, claimed, no IPI pending: later kicks are swallowed" },
	{ KICK_V_SELF, "SELF", "self", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a self kick went unnoticed, or sent an IPI" },
	{ KICK_V_STALE, "STALE", "stale", KICK_BOTH_JUDGE, KICK_FAULT,
	  "a call was ended by a kick that had returned before it began; or a request was taken, and what it "
	  "is about not seen (explore)" },
	{ KICK_V_ACCOUNT, "ACCOUNT", "account", KICK_STRESS_JUDGES, KICK_FAULT,
	  "IPIs do not add up" },
	{ KICK_V_COALESCE, "COALESCE", "coalesce", KICK_BOTH_JUDGE, KICK_CURIOSITY,
	  "two IPIs for one claimed stint" },
	{ KICK_V_MODE, "MODE", "mode", KICK_BOTH_JUDGE, KICK_CURIOSITY,
	  "a claim outside guest mode, or one that was taken back" },
	{ KICK_V_RACE, "RACE", "race", KICK_EXPLORE_JUDGES, KICK_CURIOSITY,
	  "a plain access races with another one: what KCSAN reports" },
};
/* clang-format on */

enum { KICK_N_PROPERTIES = sizeof(kick_properties) / sizeof(kick_properties[0]) };

/* Of one bit; NULL: no property has it. */
static inline const struct kick_property *kick_property(unsigned int bit)
{
	int i;

	for (i = 0; i < KICK_N_PROPERTIES; i++)
		if (kick_properties[i].bit == bit)
			return &kick_properties[i];
	return NULL;
}

/* Of all that was found: "fault"; "curiosity", where nothing else is; "" of nothing. */
static inline const char *kick_grade(unsigned int found)
{
	int i;

	for (i = 0; i < KICK_N_PROPERTIES; i++)
		if (found & kick_properties[i].bit && kick_properties[i].grade == KICK_FAULT)
			return "fault";
	return found ? "curiosity" : "";
}

/* What it means; of a VMM's thread in its words. */
static inline const char *kick_property_means(const struct kick_property *p, bool of_thread)
{
	return of_thread && p->bit == KICK_V_LOST ?
		       "a request is pending, the vCPU is in guest mode, no signal will come" :
		       p->means;
}

/* " (only stress judges this)", or "". */
static inline const char *kick_property_judge(const struct kick_property *p)
{
	return p->judges == KICK_EXPLORE_JUDGES	 ? " (only explore judges this)"
	       : p->judges == KICK_STRESS_JUDGES ? " (only stress judges this)"
						 : "";
}

#endif
