// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of events that need nobody's help: the defaults', perf's own, and raw codes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf/set.h"

#define HW(event) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##event, PERF_CORE, PERF_BY_LOOP, false
#define HW_MAYBE(event) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##event, PERF_CORE, PERF_BY_NOTHING, false
#define SW(event, proof, in_kernel) \
	PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##event, PERF_SOFTWARE, proof, in_kernel

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
	enum perf_group group;
	enum perf_proof proof;
	bool kernel; /* it happens there: without that mode it reads 0 */
} known[] = {
	{ "cycles", HW(CPU_CYCLES) },
	{ "instructions", HW(INSTRUCTIONS) },
	{ "branches", HW(BRANCH_INSTRUCTIONS) },
	{ "branch-misses", HW_MAYBE(BRANCH_MISSES) },
	{ "cache-references", HW_MAYBE(CACHE_REFERENCES) },
	{ "cache-misses", HW_MAYBE(CACHE_MISSES) },
	{ "bus-cycles", HW(BUS_CYCLES) },
	{ "ref-cycles", HW(REF_CPU_CYCLES) },
	{ "stalled-cycles-frontend", HW_MAYBE(STALLED_CYCLES_FRONTEND) },
	{ "stalled-cycles-backend", HW_MAYBE(STALLED_CYCLES_BACKEND) },
	{ "task-clock", SW(TASK_CLOCK, PERF_BY_LOOP, false) },
	{ "cpu-clock", SW(CPU_CLOCK, PERF_BY_LOOP, false) },
	{ "context-switches", SW(CONTEXT_SWITCHES, PERF_BY_SLEEP, true) },
	{ "cpu-migrations", SW(CPU_MIGRATIONS, PERF_BY_MOVE, true) },
	{ "page-faults", SW(PAGE_FAULTS, PERF_BY_FAULT, false) },
	{ "minor-faults", SW(PAGE_FAULTS_MIN, PERF_BY_FAULT, false) },
	{ "major-faults", SW(PAGE_FAULTS_MAJ, PERF_BY_NOTHING, false) },
};

/* A default's raw code on this CPU. */
static uint64_t family_code(const char *name, enum perf_proof *proof, bool *is_default)
{
	const struct perf_family *f = perf_family();
	const struct {
		const char *name;
		uint64_t code;
		enum perf_proof proof;
	} code[] = { { "locked_loads", f->locked_loads, PERF_BY_LOOP },
		     { "hitm", f->hitm, PERF_BY_BOUNCE },
		     { "hitm_remote", f->hitm_remote, PERF_BY_NOTHING },
		     { "machine_clears", f->machine_clears, PERF_BY_NOTHING } };

	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		if (!strcmp(name, code[i].name)) {
			*is_default = true;
			*proof = code[i].proof;
			return code[i].code;
		}
	return 0;
}

static int take_default(struct perf_event *event, const char *name)
{
	bool is_default = false;

	event->config = family_code(name, &event->proof, &is_default);
	if (!is_default)
		return -ENOENT;
	event->type = PERF_TYPE_RAW;
	if (!event->config) {
		event->state = PERF_NONE;
		snprintf(event->why, sizeof(event->why), "no event of this CPU (%s) tells that",
			 perf_family()->name);
	}
	return 0;
}

int perf_name_known(struct perf_event *event, const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name))
			continue;
		event->type = known[i].type;
		event->config = known[i].config;
		event->group = known[i].group;
		event->proof = known[i].proof;
		event->kernel |= known[i].kernel;
		return 0;
	}
	return take_default(event, name);
}

int perf_name_raw(struct perf_event *event, const char *name)
{
	char *end;

	if (name[0] != 'r' || !name[1] || strspn(name + 1, "0123456789abcdefABCDEF") != strlen(name + 1) ||
	    strlen(name) > 17)
		return -ENOENT;
	event->type = PERF_TYPE_RAW;
	event->config = strtoull(name + 1, &end, 16);
	return 0;
}
