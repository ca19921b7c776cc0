// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of events: from a list of names, or the defaults. */
#include "perf/set.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a kick costs; names here are columns of bench.csv. */
static const char *const defaults[] = { "cycles",	  "instructions",   "locked_loads",
					"hitm",		  "hitm_remote",    "machine_clears",
					"task-clock",	  "context-switches", "cpu-migrations",
					"page-faults" };

static int fail(char *err, size_t err_size, int code, const char *what, const char *name)
{
	snprintf(err, err_size,
		 "'%.80s': %s; taken are auto, kernel, off, perf's event names, rHEX, "
		 "GROUP:TRACEPOINT, %s, each also as COLUMN=EVENT",
		 name, what,
		 perf_pfm_version() ? "names that libpfm4 knows on this CPU" :
				      "(built without libpfm4: no names of the CPU's own)");
	return code;
}

/* cache-misses:u, MEM_INST_RETIRED:LOCK_LOADS -> cache_misses_u, mem_inst_retired_lock_loads */
static void make_column(char *column, size_t size, const char *name)
{
	size_t n = 0;

	for (; *name && n + 1 < size; name++)
		column[n++] = isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
	column[n] = '\0';
}

/* A :u, :k or :uk at the end, which says the modes, is cut off. */
static void take_modes(struct perf_event *event, char *name)
{
	char *colon = strrchr(name, ':');

	if (!colon || !colon[1] || strspn(colon + 1, "uk") != strlen(colon + 1))
		return;
	event->user = strchr(colon, 'u') != NULL;
	event->kernel = strchr(colon, 'k') != NULL;
	*colon = '\0';
}

static int encode(struct perf_event *event, const char *name)
{
	char plain[sizeof(event->name)];
	int failed;

	snprintf(plain, sizeof(plain), "%s", name);
	take_modes(event, plain);
	failed = perf_name_known(event, plain);
	if (failed == -ENOENT)
		failed = perf_name_raw(event, plain);
	if (failed == -ENOENT)
		failed = perf_name_trace(event, plain);
	return failed == -ENOENT ? perf_name_pfm(event, name) : failed;
}

/* NAME or COLUMN=NAME, of n characters. */
static int add_one(struct perf_set *set, const char *text, size_t n, char *err, size_t err_size)
{
	struct perf_event e = { .user = true, .keeper = -1 };
	size_t label = strcspn(text, "=:,");
	char column[sizeof(e.column)];

	if (set->n == PERF_MAX_EVENTS)
		return fail(err, err_size, -E2BIG, "too many events", text);
	if (!n || n >= sizeof(e.name))
		return fail(err, err_size, -EINVAL, "not a name of an event", text);
	label = label < n && text[label] == '=' ? label + 1 : 0;
	snprintf(e.name, sizeof(e.name), "%.*s", (int)(n - label), text + label);
	if (encode(&e, e.name))
		return fail(err, err_size, -EINVAL, "no such event here", e.name);
	if (label)
		snprintf(column, sizeof(column), "%.*s", (int)label - 1, text);
	make_column(e.column, sizeof(e.column), label ? column : e.name);
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->event[i].column, e.column))
			return fail(err, err_size, -EINVAL, "its column is there already", e.column);
	if (!e.column[0])
		return fail(err, err_size, -EINVAL, "no name of a column", text);
	set->event[set->n++] = e;
	return 0;
}

int perf_set_add(struct perf_set *set, const char *list, char *err, size_t err_size)
{
	int failed = 0;

	snprintf(set->cpu, sizeof(set->cpu), "%s", perf_family()->name);
	while (!failed) {
		size_t n = strcspn(list, ",");

		if (n == 4 && !strncmp(list, "auto", 4))
			perf_set_default(set);
		else if (n == 6 && !strncmp(list, "kernel", 6))
			set->kernel = true;
		else
			failed = add_one(set, list, n, err, err_size);
		if (!list[n])
			break;
		list += n + 1;
	}
	return failed;
}

void perf_set_default(struct perf_set *set)
{
	char err[512];

	snprintf(set->cpu, sizeof(set->cpu), "%s", perf_family()->name);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		add_one(set, defaults[i], strlen(defaults[i]), err, sizeof(err));
}
