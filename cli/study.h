/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default study: the options of `run`, and what bench measures for them. */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include "bench/plan/plan.h"
#include "cli/opt.h"
#include "cli/ci.h"
#include "perf/perf.h"

enum verb_study_size { VERB_STUDY_QUICK = 1, VERB_STUDY_FULL };

struct verb_study {
	enum verb_study_size size; /* 0: in between */
	const char *out;
	uint64_t seed;
	struct perf_set perf;
	const struct perf_set *counted; /* NULL: the defaults */
	bool json, plan;
	uint64_t budget_ns; /* of the whole study; 0: none */
	struct verb_ci ci;
};

extern const struct opt_table verb_study_table;
/* The plan's options; they point into the study. */
void verb_study_choose(struct bench_options *options, const struct verb_study *study);

#endif
