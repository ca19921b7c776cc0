// SPDX-License-Identifier: GPL-2.0-or-later
/* What perf is to count, from the command line. */
#include "cli/opt_perf.h"

#include <string.h>

#include "cli/opt.h"

const char *const opt_perf_words[3] = { "auto", "kernel", "off" };

int opt_take_perf(const char *verb, const char *text, struct perf_set *set, const struct perf_set **chosen)
{
	char err[512];

	*set = (struct perf_set){ 0 };
	*chosen = set;
	if (!strcmp(text, "auto"))
		*chosen = NULL;
	else if (strcmp(text, "off") && perf_set_add(set, text, err, sizeof(err)))
		return usage_error("%s: --perf %s", verb, err);
	return 0;
}
