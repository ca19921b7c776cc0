/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine out of topology.xml, as far as a drawing needs it. */
#ifndef REPORT_MACHINE_H
#define REPORT_MACHINE_H

#include <stddef.h>

enum machine_level { LEVEL_PACKAGE, LEVEL_NUMA, LEVEL_L3, LEVEL_CORE, LEVEL_N };

struct machine_pu {
	int cpu;	    /* the system's number */
	int group[LEVEL_N]; /* counted over the machine; -1: it shows none */
};

struct machine {
	struct machine_pu *pu; /* in the file's order, which is that of the logical numbers */
	size_t n;
	int count[LEVEL_N];
	unsigned long long l3_bytes;
};

/* -ENOENT: no topology.xml; -EBADMSG: none that can be understood; -ENOMEM. */
int machine_read(struct machine *machine, const char *dir);
void machine_free(struct machine *machine);

#endif
