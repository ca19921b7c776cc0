/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a row says of what it looked at: the words of every column `verdict`. */
#ifndef RESULTS_VERDICT_H
#define RESULTS_VERDICT_H

#include <string.h>

enum verdict {
	VERDICT_NONE, /* not judged yet */
	VERDICT_NA,   /* cannot be asked here */
	VERDICT_OK,
	VERDICT_INCONCLUSIVE,
	VERDICT_VIOLATED, /* the worst has the highest number */
	N_VERDICTS
};

static inline const char *verdict_word(enum verdict verdict)
{
	static const char *const words[N_VERDICTS] = { "", "na", "ok", "inconclusive", "violated" };

	return words[verdict];
}

/* VERDICT_NONE: it is no such word. */
static inline enum verdict verdict_of(const char *word)
{
	enum verdict verdict = VERDICT_VIOLATED;

	while (verdict && strcmp(verdict_word(verdict), word))
		verdict--;
	return verdict;
}

#endif
