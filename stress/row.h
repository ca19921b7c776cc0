/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows that a stress run hands out. */
#ifndef STRESS_ROW_H
#define STRESS_ROW_H

#include "results/sink.h"
#include "stress/stress.h"

/* Which column shows which count; ends without a name. */
struct stress_column {
	const char *name;
	enum stress_count count;
};
extern const struct stress_column stress_column[];

/* "stalls+load"; "" for none. */
void stress_fault_names(unsigned int faults, char *text, size_t size);

/* What the backend declares: sound, caught or silent. */
const char *stress_expected_word(const struct stress_backend *backend);

/* Hands out a row per set of windows.  -errno of the sink, -ENOMEM. */
int stress_rows(struct sink *sink, const char *run_id, const struct stress_backend *backend,
		const struct stress_options *options, const struct stress_result *result);

#endif
