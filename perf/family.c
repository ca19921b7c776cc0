// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The codes, read off libpfm4's tables (x86) and Arm's list of common events; that they count is
 * proven where they are used, see prove.c.  What the columns mean where families differ: docs/perf.md.
 */
#include "perf/set.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf/sys.h"

/*
 * Intel: MEM_INST_RETIRED.LOCK_LOADS, MEM_LOAD_L3_HIT_RETIRED.XSNP_HITM (later _FWD),
 * MEM_LOAD_L3_MISS_RETIRED.REMOTE_HITM, MACHINE_CLEARS.MEMORY_ORDERING.
 * AMD: retired locked instructions; data fills from caches of the own node (from Zen 3 on split into
 * own and other CCX) and of another node; pipeline restarts that are no mispredictions (from Zen 4).
 * Arm: LDREX_SPEC, which LSE atomics do not count as.
 */
static const struct perf_family intel = { "Intel", 0x21d0, 0x04d2, 0x04d3, 0x02c3 };
static const struct perf_family zen = { "AMD Zen", 0x0225, 0, 0, 0 };
static const struct perf_family zen2 = { "AMD Zen 2", 0x0f25, 0x0243, 0x1043, 0 };
static const struct perf_family zen3 = { "AMD Zen 3", 0x0f25, 0x0643, 0x1043, 0 };
static const struct perf_family zen4 = { "AMD Zen 4 or later", 0x0f25, 0x0643, 0x1043, 0x0096 };
static const struct perf_family arm = { "Arm", 0x006c, 0, 0, 0 };
static const struct perf_family unknown = { "unknown", 0, 0, 0, 0 };

/* The value of a line "key : value" of the first CPU; NULL: none. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);
	const char *colon = strchr(line, ':');

	if (strncmp(line, key, n) || !colon || strspn(line + n, " \t") != (size_t)(colon - line) - n)
		return NULL;
	return colon + 1 + strspn(colon + 1, " \t");
}

static const struct perf_family *amd(long family, long model)
{
	if (family == 0x17)
		return model >= 0x30 ? &zen2 : &zen;
	if (family == 0x19)
		return (model >= 0x10 && model < 0x20) || model >= 0x60 ? &zen4 : &zen3;
	return family >= 0x1a ? &zen4 : &unknown;
}

const struct perf_family *perf_family(void)
{
	char path[PATH_MAX], line[512], vendor[32] = "";
	long family = 0, model = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/proc/cpuinfo", perf_sys.root);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in) && line[0] != '\n') {
		const char *value;

		if ((value = value_of(line, "vendor_id")))
			snprintf(vendor, sizeof(vendor), "%.*s", (int)strcspn(value, "\n"), value);
		else if ((value = value_of(line, "cpu family")))
			family = strtol(value, NULL, 10);
		else if ((value = value_of(line, "model")))
			model = strtol(value, NULL, 10);
		else if (value_of(line, "CPU implementer"))
			snprintf(vendor, sizeof(vendor), "Arm");
	}
	if (in)
		fclose(in);
	if (!strcmp(vendor, "AuthenticAMD") || !strcmp(vendor, "HygonGenuine"))
		return amd(family, model);
	if (!strcmp(vendor, "GenuineIntel"))
		return family == 6 ? &intel : &unknown;
	return !strcmp(vendor, "Arm") ? &arm : &unknown;
}
