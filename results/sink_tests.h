/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows as the tests of a CI: each case once, passed, failed, skipped (na, or undecided: no answer
 * is no pass) or broken; as KTAP, which the kernel's kselftest and kunit read, and as JUnit's XML.
 */
#ifndef RESULTS_SINK_TESTS_H
#define RESULTS_SINK_TESTS_H

#include <stdbool.h>
#include <stdio.h>

#include "results/sink.h"

enum sink_outcome { SINK_SKIPPED, SINK_PASSED, SINK_FAILED, SINK_BROKEN };

struct sink_test {
	char *suite, *name, *why; /* "explore", "patched/two-kicks/sc", "" or one line */
	enum sink_outcome outcome;
	double seconds;
};

struct sink_tests {
	struct sink sink; /* takes rows of explore, stress, bench, kvm and weaken */
	struct sink_test *test;
	size_t n, room;
	bool declared; /* asked is what stress's rows say is expected: one declared `caught` may be */
	int failed; /* -ENOMEM, or a file of the folder's could not be read */
};
void sink_tests_init(struct sink_tests *tests);
void sink_tests_fini(struct sink_tests *tests);

/*
 * Of one name the first answer counts, or a worse one; for repetitions any answer is better than
 * none.
 */
void sink_tests_add(struct sink_tests *tests, const char *suite, const char *name,
		    enum sink_outcome outcome, double seconds, const char *why);
/* All that the CSV files of a results folder say. */
void sink_tests_add_folder(struct sink_tests *tests, const char *path);

/* -errno: some were lost on the way. */
int sink_tests_ktap(const struct sink_tests *tests, FILE *out);
int sink_tests_junit(const struct sink_tests *tests, FILE *out);

#endif
