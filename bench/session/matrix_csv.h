/* SPDX-License-Identifier: GPL-2.0-or-later */
/* matrix.csv: what the repetitions of each pair of PUs come to, with where the two PUs are. */
#ifndef BENCH_MATRIX_CSV_H
#define BENCH_MATRIX_CSV_H

#include "bench/plan/plan.h"
#include "results/folder.h"

/* Written anew from the folder's bench.csv if the plan has pairs.  -errno with a line in err. */
int bench_matrix_csv(const struct folder *folder, const struct bench_plan *plan, char *err,
		     size_t err_size);

#endif
