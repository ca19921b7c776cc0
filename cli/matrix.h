/* SPDX-License-Identifier: GPL-2.0-or-later */
/* matrix.csv: what the repetitions of each pair of PUs come to, with where the two PUs are. */
#ifndef CLI_MATRIX_H
#define CLI_MATRIX_H

#include "bench/plan/plan.h"
#include "results/folder.h"

/* Written anew from the folder's bench.csv if the plan has pairs.  -errno with a line in err. */
int matrix_write(const struct folder *folder, const struct bench_plan *plan, char *err,
		 size_t err_size);

#endif
