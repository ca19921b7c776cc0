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
#include "results/provenance.h"

struct fact {
	const char *what; /* "section.member"; "section.*" for all members of it */
	bool fatal;
};

static const struct fact facts[] = {
	{ "machine.hostname", true },
	{ "machine.arch", true },
	{ "machine.cpu_model", true },
	{ "machine.topology_hash", true },
	{ "build.compiler", true },
	{ "build.flags", true },
	{ "build.type", true },
	{ "libraries.*", true },
	{ "build.version", false },
	{ "build.revision", false },
	{ "machine.kernel", false },
	{ "machine.kernel_build", false },
	{ "machine.microcode", false },
	{ "machine.hypervisor", false },
	{ "machine.governor", false },
	{ "machine.boost", false },
	{ "machine.smt", false },
	{ "machine.clock_source", false },
	{ "machine.cpus_online", false },
	{ "machine.cpus_isolated", false },
	{ "machine.cpus_allowed", false },
	{ "machine.cgroup_cpuset", false },
	{ "machine.cgroup_cpu_quota", false },
	{ "machine.transparent_hugepage", false },
	{ "machine.aslr", false },
	{ "machine.numa_balancing", false },
	{ "machine.mitigations", false },
};

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
		*run = cJSON_Parse(text);
	free(text);
	if (!cJSON_IsObject(*run)) {
		cJSON_Delete(*run);
		*run = NULL;
		return results_fail(-EBADMSG, err, err_size, "%s: not a run's JSON", path);
	}
	return 0;
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

static int compare_values(struct provenance *p, const char *section, const char *member, bool fatal,
			  const struct cJSON *a, const struct cJSON *b)
{
	struct provenance_difference *grown, *d;

	if ((!a || cJSON_IsNull(a)) && (!b || cJSON_IsNull(b)))
		return 0;
	if (cJSON_Compare(a, b, true))
		return 0;
	grown = realloc(p->difference, (p->n + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	p->difference = grown;
	d = &grown[p->n++];
	*d = (struct provenance_difference){ .a = value_text(a),
					     .b = value_text(b),
					     .fatal = fatal };
	p->n_fatal += fatal;
	if (asprintf(&d->what, "%s.%s", section, member) < 0)
		d->what = NULL;
	return d->what && d->a && d->b ? 0 : -ENOMEM;
}

/* All members that either side has. */
static int compare_members(struct provenance *p, const char *section, bool fatal,
			   const struct cJSON *a, const struct cJSON *b)
{
	const struct cJSON *member;
	int ret = 0;

	cJSON_ArrayForEach(member, a)
	{
		if (!ret)
			ret = compare_values(p, section, member->string, fatal, member,
					     cJSON_GetObjectItemCaseSensitive(b, member->string));
	}
	cJSON_ArrayForEach(member, b)
	{
		if (!ret && !cJSON_GetObjectItemCaseSensitive(a, member->string))
			ret = compare_values(p, section, member->string, fatal, NULL, member);
	}
	return ret;
}

static int compare_fact(struct provenance *p, const struct fact *fact, const struct cJSON *a,
			const struct cJSON *b)
{
	const char *dot = strchr(fact->what, '.'), *member = dot + 1;
	char section[32];

	snprintf(section, sizeof(section), "%.*s", (int)(dot - fact->what), fact->what);
	a = cJSON_GetObjectItemCaseSensitive(a, section);
	b = cJSON_GetObjectItemCaseSensitive(b, section);
	if (!strcmp(member, "*"))
		return compare_members(p, section, fact->fatal, a, b);
	return compare_values(p, section, member, fact->fatal,
			      cJSON_GetObjectItemCaseSensitive(a, member),
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

const struct provenance_difference *provenance_fatal(const struct provenance *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->difference[i].fatal)
			return &p->difference[i];
	return NULL;
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
