/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --ktap and --junit: what a verb's rows say, as tests, beside or instead of its text. */
#ifndef CLI_CI_H
#define CLI_CI_H

#include "results/sink_tests.h"

struct verb_ci {
	bool ktap;
	const char *junit; /* a file, or NULL */
	const char *verb;
	struct sink_tests tests;
	FILE *out; /* what stdout was, for KTAP */
};

#define VERB_CI_OPTIONS(command)                                                                   \
	{ .section = "For a CI", .name = "ktap", .kind = OPT_FLAG,                                 \
	  .doc = "verdicts as KTAP on stdout, as kselftest has them; the text goes to stderr",     \
	  .more = "What is undecided or na is skipped, what broke off is a failed test of its own, " \
		  "and the exit code is what it is without.",                                      \
	  OPT_TO(command, ci.ktap) },                                                              \
	{ .name = "junit", .kind = OPT_FILE, .starts = "<?xml ",                                    \
	  .doc = "verdicts as JUnit's XML into this file, too",                                     \
	  OPT_TO(command, ci.junit) }

/* Is anybody asking? */
static inline bool verb_ci_wanted(const struct verb_ci *ci)
{
	return ci->ktap || ci->junit;
}

/* Before the first word on stdout.  An exit code after one line. */
int verb_ci_begin(struct verb_ci *ci, const char *verb, bool json);
/* After the last one: writes them.  The worse of `code` and its own. */
int verb_ci_end(struct verb_ci *ci, int code);

#endif
