// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits of control groups: of the process's own group, and of every group above it. */
#include "explore/cell/memory_room.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one version calls things. */
struct names {
	const char *mount[3]; /* where it may be */
	const char *limit[3];
	const char *used, *file; /* file: line of memory.stat, what of it is given back at once */
};

static const struct names version_2 = { { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" },
					{ "memory.max", "memory.high" },
					"memory.current", "inactive_file" };
static const struct names version_1 = { { "/sys/fs/cgroup/memory" },
					{ "memory.limit_in_bytes" },
					"memory.usage_in_bytes", "total_inactive_file" };

/* "max", or nothing that can be read: UINT64_MAX. */
static uint64_t number_in(const char *folder, const char *name)
{
	char path[PATH_MAX], text[64] = "", *end;
	unsigned long long n;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return UINT64_MAX;
	f = fopen(path, "re");
	if (!f)
		return UINT64_MAX;
	if (!fgets(text, sizeof(text), f))
		text[0] = 0;
	fclose(f);
	n = strtoull(text, &end, 10);
	return end == text ? UINT64_MAX : n;
}

static uint64_t line_of_stat(const char *folder, const char *name)
{
	char path[PATH_MAX], word[64];
	unsigned long long n, found = 0;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/memory.stat", folder) >= (int)sizeof(path))
		return 0;
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fscanf(f, "%63s %llu", word, &n) == 2)
		if (!strcmp(word, name))
			found = n;
	fclose(f);
	return found;
}

static uint64_t room_in(const char *folder, const struct names *names)
{
	uint64_t limit = UINT64_MAX, used = number_in(folder, names->used), file;

	for (int i = 0; names->limit[i]; i++) {
		uint64_t one = number_in(folder, names->limit[i]);

		limit = one < limit ? one : limit;
	}
	/* Version 1 writes no limit as a number near the largest. */
	if (limit >= INT64_MAX / 2)
		return UINT64_MAX;
	if (used == UINT64_MAX)
		return limit;
	file = line_of_stat(folder, names->file);
	used -= file < used ? file : used;
	return used < limit ? limit - used : 0;
}

/* Of a group and all above it; a path from outside of a container is none here: then only the top. */
static uint64_t room_along(const char *root, const char *mount, const char *group, const struct names *names)
{
	char path[PATH_MAX];
	size_t top = (size_t)snprintf(path, sizeof(path), "%s%s", root, mount);
	uint64_t room = UINT64_MAX;

	if (top + strlen(group) >= sizeof(path))
		return room;
	strcpy(path + top, group);
	for (;;) {
		uint64_t one = room_in(path, names);
		char *slash;

		room = one < room ? one : room;
		slash = strrchr(path + top, '/');
		if (!slash)
			return room;
		*slash = 0;
	}
}

/* "memory" among names with commas between them. */
static bool has_memory(const char *controllers)
{
	for (const char *s = controllers; s; s = strchr(s, ',')) {
		s += *s == ',';
		if (!strncmp(s, "memory", 6) && (!s[6] || s[6] == ','))
			return true;
	}
	return false;
}

/* A line of /proc/self/cgroup, "NUMBER:CONTROLLERS:PATH". */
static uint64_t room_of_line(const char *root, char *line)
{
	char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
	const struct names *names = NULL;
	uint64_t room = UINT64_MAX;

	if (!group)
		return room;
	*group++ = 0;
	group[strcspn(group, "\n")] = 0;
	if (!controllers[1] && !strncmp(line, "0:", 2))
		names = &version_2;
	else if (has_memory(controllers + 1))
		names = &version_1;
	for (int i = 0; names && names->mount[i]; i++) {
		uint64_t one = room_along(root, names->mount[i], group, names);

		room = one < room ? one : room;
	}
	return room;
}

static uint64_t free_in_machine(void)
{
	long pages = sysconf(_SC_AVPHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

uint64_t xp_memory_room(const char *root)
{
	uint64_t room = *root ? UINT64_MAX : free_in_machine();
	char path[PATH_MAX], line[PATH_MAX + 64];
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/proc/self/cgroup", root) >= (int)sizeof(path))
		return room;
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		uint64_t one = room_of_line(root, line);

		room = one < room ? one : room;
	}
	if (f)
		fclose(f);
	return room;
}

size_t xp_memory_most(size_t wanted, int sharers)
{
	uint64_t room = xp_memory_room("");
	size_t most = (size_t)(room / 4 * 3) / (size_t)sharers;

	if (room == UINT64_MAX)
		return wanted;
	if (!most)
		most = 1;
	return wanted && wanted < most ? wanted : most;
}

/* What a worker of the prover writes to: stacks, levels and graphs. */
enum { WORKER_BYTES = 8 << 20 };

int xp_memory_workers(int wanted)
{
	uint64_t most = xp_memory_room("") / WORKER_BYTES;

	return most >= (uint64_t)wanted ? wanted : most > 1 ? (int)most : 1;
}
