/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine as far as a drawing needs it. */
#ifndef REPORT_PU_LAYOUT_H
#define REPORT_PU_LAYOUT_H

#include <stddef.h>

#include "report/data/run.h"

enum pu_level { LEVEL_PACKAGE, LEVEL_NUMA, LEVEL_L3, LEVEL_CORE, LEVEL_N };

struct pu_place {
	int group[LEVEL_N]; /* counted over the machine; -1: it shows none */
};

struct pu_layout {
	struct pu_place *pu; /* by logical numbers */
	size_t n;
	int count[LEVEL_N];
};

/* Of run.json.  -ENOENT: it has none, or none that can be understood; -ENOMEM. */
int pu_layout_read(struct pu_layout *layout, const struct report_run *run);
void pu_layout_free(struct pu_layout *layout);

#endif
