// SPDX-License-Identifier: GPL-2.0-or-later
/* What else used our CPUs: steal time and involuntary switches, as growth over a run. */
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include "results/host_state.h"

/* The eighth number of /proc/stat's first line, in clock ticks. */
static int64_t steal_ms(const char *root)
{
	long ticks_per_s = sysconf(_SC_CLK_TCK);
	char path[PATH_MAX];
	long long ticks;
	FILE *in;
	int got;

	if (snprintf(path, sizeof(path), "%s/proc/stat", root) >= (int)sizeof(path))
		return -1;
	in = fopen(path, "re");
	if (!in)
		return -1;
	got = fscanf(in, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &ticks);
	fclose(in);
	return got == 1 && ticks_per_s > 0 ? ticks * 1000 / ticks_per_s : -1;
}

void host_noise_read(const char *root, struct host_noise *noise)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	noise->steal_ms = steal_ms(root);
	noise->nivcsw = usage.ru_nivcsw;
	noise->nvcsw = usage.ru_nvcsw;
	noise->minflt = usage.ru_minflt;
}

struct cJSON *host_noise_json(const struct host_noise *start,
				 const struct host_noise *finish)
{
	struct cJSON *object = cJSON_CreateObject();

	if (!object)
		return NULL;
	if (start->steal_ms >= 0 && finish->steal_ms >= start->steal_ms)
		cJSON_AddNumberToObject(object, "steal_ms",
					(double)(finish->steal_ms - start->steal_ms));
	else
		cJSON_AddNullToObject(object, "steal_ms");
	cJSON_AddNumberToObject(object, "involuntary_switches",
				(double)(finish->nivcsw - start->nivcsw));
	cJSON_AddNumberToObject(object, "voluntary_switches",
				(double)(finish->nvcsw - start->nvcsw));
	cJSON_AddNumberToObject(object, "page_faults", (double)(finish->minflt - start->minflt));
	return object;
}
