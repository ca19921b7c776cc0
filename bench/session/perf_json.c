// SPDX-License-Identifier: GPL-2.0-or-later
/* What a session counts beside its own figures, and what run.json says of it. */
#include <stdio.h>
#include <cjson/cJSON.h>

#include "bench/session/session.h"

int bench_session_meter(struct bench_session *s)
{
	const struct bench_options *o = s->plan->options;
	const struct perf_set *chosen = o->perf;

	s->meter = (struct bench_meter){ .control = o->control };
	if (chosen)
		s->meter.events = *chosen;
	else
		perf_set_default(&s->meter.events);
	perf_set_prove(&s->meter.events);
	if (s->meter.events.kernel) {
		perf_set_kernel(&s->meter.kernel);
		perf_set_prove(&s->meter.kernel);
	}
	return bench_meter_schema(&s->columns, &s->meter);
}

static cJSON *event_json(const struct perf_event *e, const char *prefix)
{
	cJSON *json = cJSON_CreateObject();
	char text[96];

	cJSON_AddStringToObject(json, "event", e->name);
	snprintf(text, sizeof(text), "%s%s", prefix, e->column);
	cJSON_AddStringToObject(json, "column", text);
	snprintf(text, sizeof(text), "%u:0x%llx", e->type, (unsigned long long)e->config);
	cJSON_AddStringToObject(json, "encoding", text);
	cJSON_AddStringToObject(json, "modes", e->kernel ? e->user ? "uk" : "k" : "u");
	cJSON_AddStringToObject(json, "state", perf_state_name[e->state]);
	if (e->why[0])
		cJSON_AddStringToObject(json, "why", e->why);
	if (e->proven)
		cJSON_AddNumberToObject(json, "test_count", (double)e->proven);
	return json;
}

static void add_set(cJSON *json, const char *name, const struct perf_set *set, const char *prefix)
{
	cJSON *events = cJSON_AddArrayToObject(json, name);

	for (size_t i = 0; i < set->n; i++)
		cJSON_AddItemToArray(events, event_json(&set->event[i], prefix));
}

struct cJSON *bench_perf_json(const struct bench_meter *meter)
{
	cJSON *json = cJSON_CreateObject();
	const char *pfm = perf_pfm_version();

	cJSON_AddStringToObject(json, "cpu", meter->events.cpu);
	cJSON_AddItemToObject(json, "libpfm", pfm ? cJSON_CreateString(pfm) : cJSON_CreateNull());
	add_set(json, "events", &meter->events, "perf_");
	add_set(json, "kernel", &meter->kernel, "kernel_");
	return json;
}
