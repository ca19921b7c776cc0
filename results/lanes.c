// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes as text and as JSON, and back from JSON. */
#include "results/lanes.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/error.h"
#include "results/flow.h"

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

/* Where things stand in the text: columns of a line. */
struct layout {
	int width, left; /* of a line; of what stands before the lanes */
	int at[LANES_MAX], longest[LANES_MAX]; /* lanes, and their longest texts */
	int right;	 /* where the lanes end, and order and where begin */
	int order;	 /* columns of it */
	bool full;	 /* the file's path, else its name */
	bool named;	 /* the lanes' names fit above them */
};

enum { MOST_WIDTH = 400, TEXT = 320, LEAST_LANE = 6, LEAST_TEXT = 12 };

int lanes_title(const struct lanes *l, int lane, char *text, size_t size)
{
	const struct lanes_lane *of = &l->lane[lane];

	return snprintf(text, size, of->vcpu && of->cpu >= 0 && !l->timed ? "%s on pCPU %d" : "%s", of->name,
			of->cpu);
}

static bool moves(const struct lanes *l, size_t i)
{
	const struct lanes_step *s = &l->step[i];
	int before = l->lane[s->lane].cpu;

	for (size_t k = 0; k < i; k++)
		if (l->step[k].lane == s->lane)
			before = l->step[k].cpu;
	return l->lane[s->lane].vcpu && before >= 0 && s->cpu >= 0 && s->cpu != before;
}

static int say_step(const struct lanes *l, const struct layout *at, size_t i, char text[TEXT])
{
	const struct lanes_step *s = &l->step[i];
	const char *name = at->named || !l->timed ? "" : l->lane[s->lane].name;
	char cpu[32] = "";

	if (moves(l, i))
		snprintf(cpu, sizeof(cpu), ", now on pCPU %d", s->cpu);
	return snprintf(text, TEXT, "%s%s%s%s%s%s", name, *name ? ": " : "", s->does,
			s->effect[0] ? ", " : "", s->effect, cpu);
}

static const char *say_where(const struct layout *at, const struct lanes_step *s)
{
	const char *slash = strrchr(s->where, '/');

	return slash && !at->full ? slash + 1 : s->where;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

static int min(int a, int b)
{
	return a < b ? a : b;
}

/*
 * A step's text may go on over the lanes to the right of it, which are empty there: so a lane is as wide as
 * lets the longest text of each end before the right side, and no wider than the names.
 */
static void place_lanes(const struct lanes *l, struct layout *at)
{
	int order = 0, where = 0, names = 0, others = l->n_lanes > 1 ? l->n_lanes - 1 : 1, lane;
	char text[TEXT];

	memset(at->longest, 0, sizeof(at->longest));
	for (size_t i = 0; i < l->n; i++) {
		const struct lanes_step *s = &l->step[i];

		order = max(order, (int)strlen(s->order));
		where = max(where, (int)strlen(say_where(at, s)));
		at->longest[s->lane] = max(at->longest[s->lane], say_step(l, at, i, text));
	}
	at->order = order ? max(order, 5) + 2 : 0;
	at->right = max(at->width - at->order - (where ? where + 2 : 0), at->left + LEAST_TEXT);
	for (int i = 0; i < l->n_lanes; i++)
		names = max(names, lanes_title(l, i, text, sizeof(text)));
	lane = names + 2;
	for (int i = 1; i < l->n_lanes; i++)
		lane = min(lane, (at->right - at->left - at->longest[i]) / i);
	lane = max(lane, max(1, min(LEAST_LANE, (at->right - at->left) / 2 / others)));
	at->named = lane >= names + 1 || l->n_lanes == 1;
	for (int i = 0; i < l->n_lanes; i++)
		at->at[i] = at->left + i * lane;
	/* No wider than it has to be. */
	lane = at->left + names;
	for (int i = 0; i < l->n_lanes; i++)
		lane = max(lane, at->at[i] + max(at->longest[i], at->named ? names : 0));
	at->right = min(at->right, lane);
}

static void lay_out(const struct lanes *l, struct layout *at, int width)
{
	*at = (struct layout){ .width = min(width, MOST_WIDTH), .left = l->timed ? 14 : 6, .full = true,
			       .named = true };
	place_lanes(l, at);
	at->full = at->named;
	if (!at->full)
		place_lanes(l, at);
}

/* Puts text into a line of spaces. */
static void put(char *line, int column, const char *text, int n)
{
	n = min(n, MOST_WIDTH + TEXT - 1 - column);
	memcpy(line + column, text, (size_t)max(n, 0));
}

static void print_line(FILE *out, char *line)
{
	int n = MOST_WIDTH + TEXT;

	while (n && line[n - 1] == ' ')
		n--;
	fprintf(out, "%.*s\n", n, line);
}

/* A line with where each lane goes on. */
static void begin_line(const struct lanes *l, const struct layout *at, char *line)
{
	memset(line, ' ', MOST_WIDTH + TEXT);
	for (int i = 0; i < l->n_lanes; i++)
		line[at->at[i]] = '|';
}

static void print_step(FILE *out, const struct lanes *l, const struct layout *at, size_t i)
{
	const struct lanes_step *s = &l->step[i];
	const char *where = say_where(at, s);
	char text[TEXT], line[MOST_WIDTH + TEXT], number[32];
	int column = at->at[s->lane];

	say_step(l, at, i, text);
	snprintf(number, sizeof(number), "%*lld", at->left - 2, s->at);
	for (const char *rest = text; rest == text || *rest;) {
		int n = (int)flow_fit(rest, at->right - column), end = column + n;

		begin_line(l, at, line);
		put(line, column, rest, n);
		put(line, end, " ", 1);
		if (rest == text) {
			put(line, 0, number, (int)strlen(number));
			end = max(end, at->right) + 2;
			put(line, end, s->order, (int)strlen(s->order));
			put(line, end + at->order, where, (int)strlen(where));
			column += 2;
		}
		print_line(out, line);
		rest += n;
		rest += strspn(rest, " ");
	}
	if (s->found[0]) {
		fprintf(out, "%*s=> ", at->left, "");
		flow_print(out, s->found, at->left + 3, at->width, at->left + 3);
	}
}

/* The names above the lanes; or all of them in a line, and above the lanes what each begins with. */
static void print_names(FILE *out, const struct lanes *l, const struct layout *at)
{
	char line[MOST_WIDTH + TEXT], names[LANES_MAX * 56] = "", name[TEXT];
	size_t n = 0;

	memset(line, ' ', sizeof(line));
	put(line, at->left - (l->timed ? 4 : 6), l->timed ? "ns" : "step", l->timed ? 2 : 4);
	for (int i = 0; i < l->n_lanes; i++) {
		lanes_title(l, i, name, sizeof(name));
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i ? ", " : "", name);
		put(line, at->at[i], name, (int)(at->named ? strlen(name) : strcspn(name, ": ")));
	}
	if (!at->named && !l->timed)
		flow_print(out, names, 0, at->width, 2);
	if (at->order)
		put(line, at->right + 2, "order", 5);
	if (!l->timed)
		put(line, at->right + 2 + at->order, "where", 5);
	print_line(out, line);
}

/* How many steps the text shows: none after the last one that found something, if these are many. */
static size_t shown(const struct lanes *l)
{
	size_t n = l->n;

	while (n && !l->step[n - 1].found[0])
		n--;
	return l->whole || l->timed || !n || n + 1 >= l->n ? l->n : n;
}

void lanes_text(FILE *out, const struct lanes *l, int width)
{
	struct layout at;
	size_t n = shown(l);

	lay_out(l, &at, width);
	if (l->head[0])
		flow_print(out, l->head, 0, at.width, 2);
	print_names(out, l, &at);
	for (size_t i = 0; i < n; i++)
		print_step(out, l, &at, i);
	if (n < l->n)
		fprintf(out, "%*s... %zu more steps, --all-steps shows them\n", at.left, "", l->n - n);
	if (l->end[0]) {
		fputs(l->timed ? "" : "  => ", out);
		flow_print(out, l->end, l->timed ? 0 : 5, at.width, l->timed ? 2 : 5);
	}
}

char *lanes_text_of(const struct lanes *l, int width)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	lanes_text(out, l, width);
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
	if (s->found[0])
		cJSON_AddStringToObject(json, "found", s->found);
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
		if (!l->timed)
			cJSON_AddNumberToObject(thread, "pcpu", l->lane[i].cpu);
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

	if (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) < 0x1p63))
		return -1;
	return (long long)value->valuedouble;
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
	snprintf(s->found, sizeof(s->found), "%s", member(json, "found"));
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
		lane->cpu = (int)number(item, "pcpu");
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
