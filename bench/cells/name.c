// SPDX-License-Identifier: GPL-2.0-or-later
/* What cells and rows are called: the parts that set them apart, in order. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/case.h"
#include "bench/scenario.h"

/* Another part at the end. */
static void add(char *buf, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void add(char *buf, size_t size, const char *format, ...)
{
	size_t used = strlen(buf);
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf + used, size - used, format, ap);
	va_end(ap);
}

void bench_case_name(const struct bench_case *c, char *buf, size_t size)
{
	const char *part[] = { c->path, c->line, c->form, c->put, c->loop };
	size_t used;

	snprintf(buf, size, "%s", c->scenario->name);
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (part[i])
			add(buf, size, "/%s", part[i]);
	if (c->arrivals && strcmp(c->arrivals, "fixed"))
		add(buf, size, "/%s", c->arrivals);
	if (c->transport)
		add(buf, size, "/%s", machine_transport_name[c->transport]);
	if (c->home)
		add(buf, size, "/home:%s", c->home);
	if (c->state == BENCH_IN_GUEST && c->pcpus - c->kickers != bench_least_pcpus(c->scenario))
		add(buf, size, "/pcpus:%d", c->pcpus - c->kickers);
	used = strlen(buf);
	if (c->scenario->name_cell)
		c->scenario->name_cell(c, buf + used, size - used);
	if (c->kickers > 1)
		add(buf, size, "/kickers:%d", c->kickers);
	if (c->migrations_per_s > 0)
		add(buf, size, "/migrations:%g", c->migrations_per_s);
	if (c->widen_ns)
		add(buf, size, "/widened");
}

void bench_row_name(const struct bench_case *c, unsigned int repetition, char *buf, size_t size)
{
	char name[256];

	bench_case_name(c, name, sizeof(name));
	snprintf(buf, size, "%s/%s/pu:%d-%d/rep:%u", name, c->backend ? c->backend->name : "floor",
		 c->kicker_pu, c->vcpu_pu, repetition);
}
