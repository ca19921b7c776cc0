// SPDX-License-Identifier: GPL-2.0-or-later
/* What cells and rows are called: the parts that set them apart, in order. */
#include <stdio.h>
#include <string.h>

#include "bench/case.h"
#include "bench/scenario.h"

void bench_case_name(const struct bench_case *c, char *buf, size_t size)
{
	const char *part[] = { c->scenario->name, c->path, c->line, c->form, c->put, c->loop };
	size_t used = 0;

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]) && used < size; i++)
		if (part[i])
			used += (size_t)snprintf(buf + used, size - used, i ? "/%s" : "%s", part[i]);
	if (used < size && c->arrivals && strcmp(c->arrivals, "fixed"))
		used += (size_t)snprintf(buf + used, size - used, "/%s", c->arrivals);
	if (used < size && c->transport)
		used += (size_t)snprintf(buf + used, size - used, "/%s",
					 machine_transport_name[c->transport]);
	if (used < size && c->home)
		used += (size_t)snprintf(buf + used, size - used, "/home:%s", c->home);
	if (used < size && c->state == BENCH_IN_GUEST &&
	    c->pcpus - c->kickers != bench_least_pcpus(c->scenario))
		used += (size_t)snprintf(buf + used, size - used, "/pcpus:%d", c->pcpus - c->kickers);
	if (used < size && c->scenario->name_cell) {
		c->scenario->name_cell(c, buf + used, size - used);
		used += strlen(buf + used);
	}
	if (used < size && c->kickers > 1)
		used += (size_t)snprintf(buf + used, size - used, "/kickers:%d", c->kickers);
	if (used < size && c->migrations_per_s > 0)
		used += (size_t)snprintf(buf + used, size - used, "/migrations:%g", c->migrations_per_s);
	if (used < size && c->widen_ns)
		snprintf(buf + used, size - used, "/widened");
}

void bench_row_name(const struct bench_case *c, unsigned int repetition, char *buf, size_t size)
{
	char name[256];

	bench_case_name(c, name, sizeof(name));
	snprintf(buf, size, "%s/%s/pu:%d-%d/rep:%u", name, c->backend ? c->backend->name : "floor",
		 c->kicker_pu, c->vcpu_pu, repetition);
}
