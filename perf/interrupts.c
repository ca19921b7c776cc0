// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/interrupts: a head of CPU names, and lines that end in words; IPIs have the same ones on every
 * architecture. */
#include "perf/perf.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf/sys.h"

/* Which column is that PU's, from 0; CPUs that are offline have none. */
static int column_of(char *head, int os_cpu)
{
	char name[16], *save, *word = strtok_r(head, " \t\n", &save);

	snprintf(name, sizeof(name), "CPU%d", os_cpu);
	for (int i = 0; word; i++, word = strtok_r(NULL, " \t\n", &save))
		if (!strcmp(word, name))
			return i;
	return -ENOENT;
}

static uint64_t value_at(const char *line, int column)
{
	const char *at = strchr(line, ':');
	uint64_t value = 0;

	for (int i = 0; at && i <= column; i++) {
		char *end;

		value = strtoull(at + (i == 0), &end, 10);
		at = end;
	}
	return value;
}

int perf_interrupts_read(int os_cpu, struct perf_interrupts *taken)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0;
	int column = -ENOENT, found = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/proc/interrupts", perf_sys.root);
	in = fopen(path, "re");
	if (!in)
		return -errno;
	if (getline(&line, &size, in) > 0)
		column = column_of(line, os_cpu);
	while (column >= 0 && getline(&line, &size, in) > 0) {
		bool call = strstr(line, "Function call interrupts");

		if (!call && !strstr(line, "Rescheduling interrupts"))
			continue;
		*(call ? &taken->call : &taken->resched) = value_at(line, column);
		found++;
	}
	free(line);
	fclose(in);
	return found == 2 ? 0 : -ENOENT;
}
