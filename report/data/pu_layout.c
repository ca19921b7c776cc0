// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scanner of hwloc's XML: objects, their types and numbers, and how they nest. A NUMA node is a leaf
 * there, beside what it is the memory of, so it is its parent's.
 */
#include "report/data/pu_layout.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 64 << 20, MAX_DEPTH = 64, MAX_PUS = 8192 };

/* Where the scanner is. */
struct scan {
	struct pu_layout *machine;
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

static void add_pu(struct scan *s, int cpu)
{
	struct pu_layout *m = s->machine;
	struct pu_place *grown = realloc(m->pu, (m->n + 1) * sizeof(*grown));

	if (!grown || m->n == MAX_PUS) {
		s->failed = true;
		m->pu = grown ? grown : m->pu;
		return;
	}
	m->pu = grown;
	m->pu[m->n].cpu = cpu;
	memcpy(m->pu[m->n].group, s->group[s->depth], sizeof(m->pu[m->n].group));
	m->n++;
}

/* Enters an object. A node's number goes to all that follow beside it. */
static void open_object(struct scan *s, const char *tag, const char *end)
{
	char type[32] = "", number[32] = "-1", bytes[32];
	int level;

	if (s->depth + 1 >= MAX_DEPTH) {
		s->failed = true;
		return;
	}
	attribute(tag, end, "type", type, sizeof(type));
	attribute(tag, end, "os_index", number, sizeof(number));
	memcpy(s->group[s->depth + 1], s->group[s->depth], sizeof(s->group[0]));
	level = level_of(type);
	if (level == LEVEL_NUMA)
		s->group[s->depth][level] = s->machine->count[level];
	if (level >= 0)
		s->group[s->depth + 1][level] = s->machine->count[level]++;
	if (level == LEVEL_L3 && attribute(tag, end, "cache_size", bytes, sizeof(bytes)))
		s->machine->l3_bytes = strtoull(bytes, NULL, 10);
	s->depth++;
	if (!strcmp(type, "PU"))
		add_pu(s, atoi(number));
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

int pu_layout_read(struct pu_layout *machine, const char *dir)
{
	struct scan s = { .machine = machine };
	char path[PATH_MAX + 32], *text;

	*machine = (struct pu_layout){ .n = 0 };
	memset(s.group[0], -1, sizeof(s.group[0]));
	snprintf(path, sizeof(path), "%s/topology.xml", dir);
	text = read_file(path);
	if (!text)
		return -ENOENT;
	scan_text(&s, text);
	free(text);
	if (!s.failed && machine->n)
		return 0;
	pu_layout_free(machine);
	return -EBADMSG;
}

void pu_layout_free(struct pu_layout *machine)
{
	free(machine->pu);
	*machine = (struct pu_layout){ .n = 0 };
}
