// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which PU is in which core, cache and node: run.json says it.  Folders from before it did have hwloc's XML,
 * which is scanned: objects, their types and numbers, and how they nest. A NUMA node is a leaf there, beside
 * what it is the memory of, so it is its parent's.
 */
#include "report/data/pu_layout.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

enum { MAX_TEXT = 64 << 20, MAX_DEPTH = 64, MAX_PUS = 8192 };

/* Where the scanner is. */
struct scan {
	struct pu_layout *layout;
	int depth;
	int group[MAX_DEPTH][LEVEL_N]; /* that an object at this depth is in */
	bool failed;
};

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "re");
	size_t size = 0;
	char *text = NULL;
	ssize_t n = in ? getdelim(&text, &size, '\0', in) : -1;

	if (in)
		fclose(in);
	if (n > 0 && n <= MAX_TEXT)
		return text;
	free(text);
	return NULL;
}

/* The value of an attribute of the tag; false: it has none. */
static bool attribute(const char *tag, const char *end, const char *name, char *value, size_t size)
{
	size_t length = strlen(name), n;

	for (const char *at = tag; (at = memmem(at, (size_t)(end - at), name, length)); at += length) {
		const char *text = at + length;

		if (at[-1] != ' ' || strncmp(text, "=\"", 2))
			continue;
		n = strcspn(text + 2, "\"");
		snprintf(value, size, "%.*s", (int)n, text + 2);
		return true;
	}
	return false;
}

static int level_of(const char *type)
{
	static const char *const types[] = { "Package", "NUMANode", "L3Cache", "Core" };

	for (int i = 0; i < LEVEL_N; i++)
		if (!strcmp(type, types[i]))
			return i;
	return -1;
}

static void add_pu(struct scan *s)
{
	struct pu_layout *m = s->layout;
	struct pu_place *grown = realloc(m->pu, (m->n + 1) * sizeof(*grown));

	if (!grown || m->n == MAX_PUS) {
		s->failed = true;
		m->pu = grown ? grown : m->pu;
		return;
	}
	m->pu = grown;
	memcpy(m->pu[m->n].group, s->group[s->depth], sizeof(m->pu[m->n].group));
	m->n++;
}

/* Enters an object. A node's number goes to all that follow beside it. */
static void open_object(struct scan *s, const char *tag, const char *end)
{
	char type[32] = "";
	int level;

	if (s->depth + 1 >= MAX_DEPTH) {
		s->failed = true;
		return;
	}
	attribute(tag, end, "type", type, sizeof(type));
	memcpy(s->group[s->depth + 1], s->group[s->depth], sizeof(s->group[0]));
	level = level_of(type);
	if (level == LEVEL_NUMA)
		s->group[s->depth][level] = s->layout->count[level];
	if (level >= 0)
		s->group[s->depth + 1][level] = s->layout->count[level]++;
	s->depth++;
	if (!strcmp(type, "PU"))
		add_pu(s);
}

static void scan_text(struct scan *s, const char *text)
{
	const char *at = text, *end;

	while (!s->failed && (at = strchr(at, '<')) && (end = strchr(at, '>'))) {
		if (!strncmp(at, "<object ", 8))
			open_object(s, at, end);
		if (!strncmp(at, "</object>", 9) || (!strncmp(at, "<object ", 8) && end[-1] == '/'))
			s->depth--;
		s->failed |= s->depth < 0;
		at = end;
	}
}

static int read_xml(struct pu_layout *layout, const char *dir)
{
	struct scan s = { .layout = layout };
	char path[PATH_MAX + 32], *text;

	memset(s.group[0], -1, sizeof(s.group[0]));
	snprintf(path, sizeof(path), "%s/topology.xml", dir);
	text = read_file(path);
	if (!text)
		return -ENOENT;
	scan_text(&s, text);
	free(text);
	if (!s.failed && layout->n)
		return 0;
	pu_layout_free(layout);
	return -EBADMSG;
}

/* A list of a number per PU; what is none says that the machine shows no such thing. */
static void read_level(struct pu_layout *layout, enum pu_level level, const cJSON *list)
{
	const cJSON *item;
	size_t i = 0;

	cJSON_ArrayForEach(item, list) {
		bool known = cJSON_IsNumber(item) && item->valueint >= 0 && item->valueint < MAX_PUS;

		if (i == layout->n)
			return;
		layout->pu[i++].group[level] = known ? item->valueint : -1;
		if (known && item->valueint >= layout->count[level])
			layout->count[level] = item->valueint + 1;
	}
}

static int read_json(struct pu_layout *layout, const cJSON *json)
{
	static const char *const name[LEVEL_N] = { "package", "numa", "l3", "core" };
	int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "cpu"));

	if (n < 1 || n > MAX_PUS)
		return -EBADMSG;
	layout->pu = malloc((size_t)n * sizeof(*layout->pu));
	if (!layout->pu)
		return -ENOMEM;
	layout->n = (size_t)n;
	memset(layout->pu, -1, layout->n * sizeof(*layout->pu));
	for (int level = 0; level < LEVEL_N; level++)
		read_level(layout, (enum pu_level)level, cJSON_GetObjectItemCaseSensitive(json, name[level]));
	return 0;
}

int pu_layout_read(struct pu_layout *layout, const struct report_run *run)
{
	*layout = (struct pu_layout){ .n = 0 };
	if (!read_json(layout, report_member(run, "pu_layout")))
		return 0;
	return read_xml(layout, run->dir);
}

void pu_layout_free(struct pu_layout *layout)
{
	free(layout->pu);
	*layout = (struct pu_layout){ .n = 0 };
}
