/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of every CSV file in a results folder; results/README.md shows them to people. */
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#include "results/csv.h"

extern const struct csv_schema schema_bench; /* bench.csv: a case and repetition per row */
extern const struct csv_schema
	schema_latency; /* latency.csv: a non-empty histogram bucket per row */
extern const struct csv_schema schema_explore; /* explore.csv: a cell per row */
extern const struct csv_schema
	schema_stress; /* stress.csv: a backend, seed and set of windows per row */

extern const struct csv_schema schema_matrix; /* matrix.csv: an ordered pair of PUs per row */
extern const struct csv_schema schema_weaken; /* weaken.csv: a weakening in a cell per row */

extern const struct csv_schema schema_kvm; /* kvm.csv: a kick, a state of the vCPU, a placement per row */
extern const struct csv_schema schema_kernel_lab; /* kernel-lab.csv: a variant and a pair of kicks per row */

/* All of them, NULL at the end. */
extern const struct csv_schema *const schema_all[];

#endif
