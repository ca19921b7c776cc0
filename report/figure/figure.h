/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures of the page, in its order. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include <stdio.h>

#include "report/data/run.h"
#include "report/draw/palette.h"

struct figure {
	const char *id, *title;
	const char *asks;   /* the question it answers, in a sentence */
	const char *method; /* how it was measured, what to keep in mind */
	/* The verb that measures it again, and of bench the scenarios; NULL: the figure says it itself. */
	const char *repeat, *scenarios;
	enum palette_keys keys; /* what its legend shows */
	/* One panel: of one run; or of all that it stands beside, if there are so many. */
	size_t together;
	void (*draw)(FILE *out, const struct report_run *run);
	enum report_file needs; /* without this file of the run only its absence is said; */
	bool optional;		/* of those that are optional not even that, */
	bool always;		/* and those see for themselves */
	/* Instead of that file: has the run anything to show? */
	bool (*is_there)(const struct report_run *run);
};

extern const struct figure figure_ladder, figure_latency, figure_matrix, figure_migration, figure_broadcast,
	figure_verdicts, figure_weaken, figure_topology, figure_kvm, figure_lab, figure_changes, figure_trend,
	figure_transports;

/* The command that measures again what a figure shows of a file; scenarios: of bench, "a,b", else NULL. */
void report_repeat(FILE *out, const struct report_run *run, const char *verb, enum report_file file,
		   const char *scenarios);

#endif
