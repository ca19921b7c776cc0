// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes as text and as JSON, and back from JSON. */
#include "results/lanes.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/error.h"

static const char *const marks[] = { "", "hits", "misses", "enters", "leaves", "found" };
enum { N_MARKS = sizeof(marks) / sizeof(marks[0]) };

struct lanes_step *lanes_add(struct lanes *l)
{
	struct lanes_step *step;

	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 32;
		struct lanes_step *grown = reallocarray(l->step, room, sizeof(*grown));

		if (!grown)
			return NULL;
		l->step = grown;
		l->room = room;
	}
	step = &l->step[l->n++];
	*step = (struct lanes_step){ .at = (long long)l->n, .cpu = -1, .to = -1 };
	return step;
}

void lanes_fini(struct lanes *l)
{
	free(l->step);
	*l = (struct lanes){ 0 };
}

static void print_step(FILE *out, const struct lanes *l, const struct lanes_step *s)
{
	char pcpu[64];

	fprintf(out, l->timed ? "%12lld " : "%4lld ", s->at);
	for (int i = 0; i < l->n_lanes; i++)
		fprintf(out, "| %-*.*s", LANES_WIDTH, LANES_WIDTH, i == s->lane ? s->does : "");
	snprintf(pcpu, sizeof(pcpu), "%s", s->effect);
	if (!pcpu[0] && l->lane[s->lane].vcpu)
		snprintf(pcpu, sizeof(pcpu), "vCPU on pCPU %d", s->cpu);
	if (!l->timed)
		fprintf(out, "| %-21s| %-8s| %s", pcpu, s->order, s->where);
	fputc('\n', out);
}

void lanes_text(FILE *out, const struct lanes *l)
{
	if (l->head[0])
		fprintf(out, "%s\n", l->head);
	fputs(l->timed ? "          ns " : "step ", out);
	for (int i = 0; i < l->n_lanes; i++)
		fprintf(out, "| %-*s", LANES_WIDTH, l->lane[i].name);
	if (!l->timed)
		fprintf(out, "| %-21s| %-8s| where", "pCPUs", "order");
	fputc('\n', out);
	for (size_t i = 0; i < l->n; i++)
		print_step(out, l, &l->step[i]);
	if (l->end[0])
		fprintf(out, "%s%s\n", l->timed ? "" : "  => ", l->end);
}

char *lanes_text_of(const struct lanes *l)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	lanes_text(out, l);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static cJSON *step_json(const struct lanes *l, const struct lanes_step *s)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "lane", l->lane[s->lane].name);
	cJSON_AddStringToObject(json, "does", s->does);
	cJSON_AddStringToObject(json, "source", s->source);
	cJSON_AddStringToObject(json, "order", s->order);
	cJSON_AddStringToObject(json, "where", s->where);
	cJSON_AddStringToObject(json, "effect", s->effect);
	cJSON_AddNumberToObject(json, "pcpu", s->cpu);
	cJSON_AddNumberToObject(json, "at", (double)s->at);
	if (s->mark)
		cJSON_AddStringToObject(json, "mark", marks[s->mark]);
	if (s->to >= 0)
		cJSON_AddStringToObject(json, "to", l->lane[s->to].name);
	return json;
}

cJSON *lanes_json_steps(const struct lanes *l)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < l->n; i++)
		cJSON_AddItemToArray(array, step_json(l, &l->step[i]));
	return array;
}

cJSON *lanes_json(const struct lanes *l)
{
	cJSON *json = cJSON_CreateObject(), *threads;

	cJSON_AddBoolToObject(json, "timed", l->timed);
	cJSON_AddStringToObject(json, "head", l->head);
	threads = cJSON_AddArrayToObject(json, "threads");
	for (int i = 0; i < l->n_lanes; i++) {
		cJSON *thread = cJSON_CreateObject();

		cJSON_AddStringToObject(thread, "name", l->lane[i].name);
		cJSON_AddBoolToObject(thread, "vcpu", l->lane[i].vcpu);
		cJSON_AddItemToArray(threads, thread);
	}
	cJSON_AddItemToObject(json, "steps", lanes_json_steps(l));
	cJSON_AddStringToObject(json, "end", l->end);
	return json;
}

static const char *member(const cJSON *json, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

	return text ? text : "";
}

static long long number(const cJSON *json, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, name);

	return cJSON_IsNumber(value) ? (long long)value->valuedouble : -1;
}

static int lane_of(const struct lanes *l, const char *name)
{
	int i = l->n_lanes - 1;

	while (i >= 0 && strcmp(l->lane[i].name, name))
		i--;
	return i;
}

static int read_json_step(struct lanes *l, const cJSON *json)
{
	int lane = lane_of(l, member(json, "lane"));
	struct lanes_step *s = lane < 0 ? NULL : lanes_add(l);

	if (!s)
		return lane < 0 ? -EBADMSG : -ENOMEM;
	s->at = number(json, "at");
	s->lane = lane;
	s->cpu = (int)number(json, "pcpu");
	s->to = lane_of(l, member(json, "to"));
	for (int i = 0; i < N_MARKS; i++)
		if (!strcmp(member(json, "mark"), marks[i]))
			s->mark = (enum lanes_mark)i;
	snprintf(s->does, sizeof(s->does), "%s", member(json, "does"));
	snprintf(s->effect, sizeof(s->effect), "%s", member(json, "effect"));
	snprintf(s->order, sizeof(s->order), "%s", member(json, "order"));
	snprintf(s->source, sizeof(s->source), "%s", member(json, "source"));
	snprintf(s->where, sizeof(s->where), "%s", member(json, "where"));
	return 0;
}

static int read_json(struct lanes *l, const cJSON *json)
{
	const cJSON *item;
	int failed = 0;

	l->timed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "timed"));
	snprintf(l->head, sizeof(l->head), "%s", member(json, "head"));
	snprintf(l->end, sizeof(l->end), "%s", member(json, "end"));
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "threads")) {
		struct lanes_lane *lane = &l->lane[l->n_lanes];

		if (l->n_lanes++ == LANES_MAX)
			return -EBADMSG;
		snprintf(lane->name, sizeof(lane->name), "%s", member(item, "name"));
		lane->vcpu = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "vcpu"));
	}
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "steps"))
		failed = failed ? failed : read_json_step(l, item);
	return failed;
}

int lanes_read(struct lanes *l, const char *text)
{
	cJSON *json = cJSON_Parse(text);
	int failed;

	*l = (struct lanes){ 0 };
	failed = read_json(l, json);
	cJSON_Delete(json);
	if (!failed && !l->n)
		failed = -EBADMSG;
	if (failed)
		lanes_fini(l);
	return failed;
}

int lanes_load(struct lanes *l, const char *dir, const char *name)
{
	char path[PATH_MAX], *text;
	size_t length;
	int failed;

	if (strchr(name, '/') ||
	    snprintf(path, sizeof(path), "%s/%s.json", dir, name) >= (int)sizeof(path))
		return -ENOENT;
	failed = results_read(path, &text, &length);
	if (!failed)
		failed = length ? lanes_read(l, text) : -EBADMSG;
	free(text);
	return failed;
}
