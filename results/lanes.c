// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes as text and as JSON, and back. */
#include "results/lanes.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

/* After the lanes: what became of IPIs and where vCPUs are, order, place in the source. */
enum { PCPUS, ORDER, WHERE, N_TAIL };

static const char *const marks[] = { "", "hits", "misses", "enters", "leaves", "found" };
enum { N_MARKS = sizeof(marks) / sizeof(marks[0]) };
static const char on_pcpu[] = "vCPU on pCPU ";

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
		snprintf(pcpu, sizeof(pcpu), "%s%d", on_pcpu, s->cpu);
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

/* Where the columns of a text begin: what is before the first |, then behind each | of its first line. */
struct columns {
	int from[LANES_MAX + N_TAIL + 1];
	int n;
};

static void find_columns(struct columns *c, const char *text)
{
	int length = (int)strcspn(text, "\n");

	c->from[0] = 0;
	c->n = 1;
	for (int i = 0; i < length && c->n <= LANES_MAX + N_TAIL; i++)
		if (text[i] == '|')
			c->from[c->n++] = i + 1;
}

/* A line's column without the blanks around it. */
static void read_cell(const char *line, const struct columns *c, int k, char *text, size_t size)
{
	int length = (int)strcspn(line, "\n"), from = c->from[k];
	int to = k + 1 < c->n && c->from[k + 1] - 1 < length ? c->from[k + 1] - 1 : length;

	while (from < to && line[from] == ' ')
		from++;
	while (to > from && line[to - 1] == ' ')
		to--;
	snprintf(text, size, "%.*s", from < to ? to - from : 0, line + from);
}

/* What the text of old folders says in words only. */
static void mark_by_words(const struct lanes *l, struct lanes_step *s)
{
	if (!strcmp(s->does, "enters the guest"))
		s->mark = LANES_ENTERS;
	else if (!strcmp(s->does, "has left the guest") || !strcmp(s->does, "IPI: leaves the guest"))
		s->mark = LANES_LEAVES;
	else if (strncmp(s->does, "IPI -", 5) && strncmp(s->does, "call -", 6))
		return;
	else
		s->mark = strcmp(s->effect, "ends the stint") ? LANES_MISSES : LANES_HITS;
	for (int i = 0; s->to < 0 && i < l->n_lanes && s->effect[0]; i++)
		if (l->lane[i].vcpu)
			s->to = i;
}

static int read_text_step(struct lanes *l, const struct columns *c, const char *line)
{
	struct lanes_step *s = lanes_add(l);
	int tail = c->n - N_TAIL;

	if (!s)
		return -ENOMEM;
	while (s->lane < l->n_lanes && !s->does[0])
		read_cell(line, c, ++s->lane, s->does, sizeof(s->does));
	if (!s->does[0]) { /* a torn line */
		l->n--;
		return 0;
	}
	s->lane--;
	read_cell(line, c, tail + PCPUS, s->effect, sizeof(s->effect));
	read_cell(line, c, tail + ORDER, s->order, sizeof(s->order));
	read_cell(line, c, tail + WHERE, s->where, sizeof(s->where));
	if (!strncmp(s->effect, on_pcpu, sizeof(on_pcpu) - 1)) {
		s->cpu = atoi(s->effect + sizeof(on_pcpu) - 1);
		s->effect[0] = '\0';
	}
	mark_by_words(l, s);
	return 0;
}

static const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

static int read_text(struct lanes *l, const char *text)
{
	struct columns c;
	const char *line;
	int failed = 0;

	find_columns(&c, text);
	l->n_lanes = c.n - 1 - N_TAIL;
	if (strncmp(text, "step", 4) || l->n_lanes < 1)
		return -EBADMSG;
	for (int i = 0; i < l->n_lanes; i++) {
		read_cell(text, &c, i + 1, l->lane[i].name, sizeof(l->lane[i].name));
		l->lane[i].vcpu = strstr(l->lane[i].name, ": vCPU") != NULL;
	}
	for (line = next_line(text); line && strncmp(line, "  =>", 4) && !failed; line = next_line(line))
		failed = read_text_step(l, &c, line);
	if (line && !failed) {
		line += strspn(line, " =>");
		snprintf(l->end, sizeof(l->end), "%.*s", (int)strcspn(line, "\n"), line);
	}
	return failed;
}

int lanes_read(struct lanes *l, const char *text)
{
	cJSON *json = *text == '{' ? cJSON_Parse(text) : NULL;
	int failed;

	*l = (struct lanes){ 0 };
	failed = json ? read_json(l, json) : read_text(l, text);
	cJSON_Delete(json);
	if (!failed && !l->n)
		failed = -EBADMSG;
	if (failed)
		lanes_fini(l);
	return failed;
}

static int load(struct lanes *l, const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "re");
	int failed = in ? 0 : -errno;

	if (in && getdelim(&text, &size, '\0', in) < 0)
		failed = -EBADMSG;
	if (!failed)
		failed = lanes_read(l, text);
	if (in)
		fclose(in);
	free(text);
	return failed;
}

int lanes_load(struct lanes *l, const char *dir, const char *name)
{
	char path[PATH_MAX];
	size_t n = (size_t)snprintf(path, sizeof(path) - 5, "%s/%s.json", dir, name);

	if (strchr(name, '/') || n >= sizeof(path) - 5)
		return -ENOENT;
	if (!load(l, path))
		return 0;
	strcpy(path + n - 4, "txt");
	return load(l, path);
}
