// SPDX-License-Identifier: GPL-2.0-or-later
/* Two run.json side by side: a figure from another machine or compiler answers another question. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include "results/error.h"
#include "results/json.h"
#include "results/provenance.h"

/* A machine is its hardware and its kernel: a container's hostname is another one each time. */
static const struct fact {
	const char *what; /* "section.member"; "section.*" for all members of it */
	enum provenance_group group;
} facts[] = {
	{ "machine.arch", PROVENANCE_MACHINE },
	{ "machine.cpu_model", PROVENANCE_MACHINE },
	{ "machine.topology_hash", PROVENANCE_MACHINE },
	{ "machine.hypervisor", PROVENANCE_MACHINE },
	{ "machine.kernel", PROVENANCE_MACHINE },
	{ "machine.kernel_build", PROVENANCE_MACHINE },
	{ "build.compiler", PROVENANCE_COMPILER },
	{ "build.flags", PROVENANCE_FLAGS },
	{ "build.type", PROVENANCE_FLAGS },
	{ "libraries.*", PROVENANCE_LIBRARIES },
	{ "machine.hostname", PROVENANCE_NOTE },
	{ "build.version", PROVENANCE_NOTE },
	{ "build.revision", PROVENANCE_NOTE },
	{ "machine.microcode", PROVENANCE_NOTE },
	{ "machine.governor", PROVENANCE_NOTE },
	{ "machine.boost", PROVENANCE_NOTE },
	{ "machine.smt", PROVENANCE_NOTE },
	{ "machine.clock_source", PROVENANCE_NOTE },
	{ "machine.rseq", PROVENANCE_NOTE },
	{ "machine.cpus_online", PROVENANCE_NOTE },
	{ "machine.cpus_isolated", PROVENANCE_NOTE },
	{ "machine.cpus_allowed", PROVENANCE_NOTE },
	{ "machine.cgroup_cpuset", PROVENANCE_NOTE },
	{ "machine.cgroup_cpu_quota", PROVENANCE_NOTE },
	{ "machine.cgroup_memory_max", PROVENANCE_NOTE },
	{ "machine.transparent_hugepage", PROVENANCE_NOTE },
	{ "machine.aslr", PROVENANCE_NOTE },
	{ "machine.numa_balancing", PROVENANCE_NOTE },
	{ "machine.mitigations", PROVENANCE_NOTE },
	{ "clock.source", PROVENANCE_NOTE },
	{ "seed", PROVENANCE_NOTE },
	{ "plan.backends", PROVENANCE_NOTE },
	{ "plan.scenarios", PROVENANCE_NOTE },
	{ "plan.repetitions", PROVENANCE_NOTE },
	{ "plan.processes", PROVENANCE_NOTE },
	{ "plan.window_ns", PROVENANCE_NOTE },
	{ "plan.live_window_ns", PROVENANCE_NOTE },
	{ "perf.asked", PROVENANCE_NOTE },
};

const char *const provenance_group_name[PROVENANCE_N_GROUPS] = { "note", "machine", "compiler", "flags",
								 "libraries" };

int provenance_read(const char *folder, struct cJSON **run, char *err, size_t err_size)
{
	char path[PATH_MAX], *text;
	size_t length;
	int failed;

	*run = NULL;
	if (snprintf(path, sizeof(path), "%s/run.json", folder) >= (int)sizeof(path))
		return results_fail(-ENAMETOOLONG, err, err_size, "%s: the path is too long",
				    folder);
	failed = results_read(path, &text, &length);
	if (failed)
		return results_fail(failed, err, err_size, "%s: %s", path, strerror(-failed));
	if (length)
		*run = results_json_parse(text);
	free(text);
	if (!cJSON_IsObject(*run)) {
		cJSON_Delete(*run);
		*run = NULL;
		return results_fail(-EBADMSG, err, err_size, "%s: not a run's JSON", path);
	}
	return 0;
}

const struct cJSON *provenance_member(const struct cJSON *run, const char *path)
{
	char name[64];

	while (run && *path) {
		size_t length = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		run = cJSON_GetObjectItemCaseSensitive(run, name);
		path += length + (path[length] == '.');
	}
	return run;
}

const char *provenance_text(const struct cJSON *run, const char *path)
{
	const char *text = cJSON_GetStringValue(provenance_member(run, path));

	return text ? text : "unknown";
}

/* What a side says, as text; "unknown" for null and nothing. */
static char *value_text(const struct cJSON *value)
{
	if (cJSON_IsString(value))
		return strdup(value->valuestring);
	if (!value || cJSON_IsNull(value))
		return strdup("unknown");
	return cJSON_PrintUnformatted(value);
}

static int add_difference(struct provenance *p, const char *what, enum provenance_group group,
			  const struct cJSON *a, const struct cJSON *b)
{
	struct provenance_difference *grown = realloc(p->difference, (p->n + 1) * sizeof(*grown)), *d;

	if (!grown)
		return -ENOMEM;
	p->difference = grown;
	d = &grown[p->n++];
	*d = (struct provenance_difference){ .what = strdup(what), .a = value_text(a), .b = value_text(b),
					     .group = group };
	return d->what && d->a && d->b ? 0 : -ENOMEM;
}

static int compare_values(struct provenance *p, const char *what, enum provenance_group group,
			  const struct cJSON *a, const struct cJSON *b);

/* Key by key: all members that either side has. */
static int compare_members(struct provenance *p, const char *what, enum provenance_group group,
			   const struct cJSON *a, const struct cJSON *b)
{
	const struct cJSON *side[] = { a, b }, *member;
	char path[256];
	int ret = 0;

	for (int i = 0; i < 2; i++)
		cJSON_ArrayForEach(member, side[i])
		{
			const struct cJSON *other = cJSON_GetObjectItemCaseSensitive(side[!i],
										     member->string);

			if (ret || (i && other))
				continue;
			snprintf(path, sizeof(path), "%s.%s", what, member->string);
			ret = compare_values(p, path, group, i ? NULL : member, i ? member : other);
		}
	return ret;
}

static int compare_values(struct provenance *p, const char *what, enum provenance_group group,
			  const struct cJSON *a, const struct cJSON *b)
{
	if ((!a || cJSON_IsNull(a)) && (!b || cJSON_IsNull(b)))
		return 0;
	if (cJSON_IsObject(a) && cJSON_IsObject(b) && strlen(what) < 128)
		return compare_members(p, what, group, a, b);
	return cJSON_Compare(a, b, true) ? 0 : add_difference(p, what, group, a, b);
}

static int compare_fact(struct provenance *p, const struct fact *fact, const struct cJSON *a,
			const struct cJSON *b)
{
	const char *dot = strchr(fact->what, '.'), *member = dot ? dot + 1 : fact->what;
	char section[32];

	if (dot) {
		snprintf(section, sizeof(section), "%.*s", (int)(dot - fact->what), fact->what);
		a = cJSON_GetObjectItemCaseSensitive(a, section);
		b = cJSON_GetObjectItemCaseSensitive(b, section);
	}
	if (!strcmp(member, "*"))
		return compare_members(p, section, fact->group, a, b);
	return compare_values(p, fact->what, fact->group, cJSON_GetObjectItemCaseSensitive(a, member),
			      cJSON_GetObjectItemCaseSensitive(b, member));
}

int provenance_compare(const struct cJSON *a, const struct cJSON *b, struct provenance *provenance)
{
	int ret = 0;

	*provenance = (struct provenance){ 0 };
	for (size_t i = 0; !ret && i < sizeof(facts) / sizeof(facts[0]); i++)
		ret = compare_fact(provenance, &facts[i], a, b);
	if (ret)
		provenance_fini(provenance);
	return ret;
}

bool provenance_refuses(const struct provenance *p, unsigned int forced, char *text, size_t size)
{
	unsigned int groups = 0;
	size_t used = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct provenance_difference *d = &p->difference[i];

		if (d->group == PROVENANCE_NOTE || forced >> d->group & 1)
			continue;
		groups |= 1u << d->group;
		if (used < size)
			used += (size_t)snprintf(text + used, size - used,
						 "%s%s differs: A has '%.200s', B has '%.200s'",
						 used ? "; " : "", d->what, d->a, d->b);
	}
	for (int i = 1; i < PROVENANCE_N_GROUPS; i++)
		if (groups >> i & 1 && used < size) {
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 groups & ((1u << i) - 1) ? "," : " (--force=",
						 provenance_group_name[i]);
		}
	if (groups && used < size)
		snprintf(text + used, size - used, " compares all the same)");
	return groups;
}

void provenance_fini(struct provenance *provenance)
{
	for (size_t i = 0; i < provenance->n; i++) {
		free(provenance->difference[i].what);
		free(provenance->difference[i].a);
		free(provenance->difference[i].b);
	}
	free(provenance->difference);
	*provenance = (struct provenance){ 0 };
}
