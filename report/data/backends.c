// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Colours are made of Okabe and Ito's, which the colour-blind tell apart, dark enough to be read; shape
 * and dashes say the same again, for print and for those who see no colour at all.
 */
#include "report/data/backends.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the figures: the patch first, then what it is measured against. */
static const struct {
	const char *backend;
	struct report_look look;
} known[] = {
	{ "old", { 0, 0, 0 } },		 { "patched", { 1, 1, 1 } },	{ "mainline", { 2, 2, 2 } },
	{ "locked_mutex", { 3, 3, 3 } }, { "locked_fas", { 3, 4, 4 } }, { "locked_ticket", { 3, 5, 5 } },
	{ "locked_mcs", { 3, 6, 6 } },	 { "packed", { 4, 7, 4 } },	{ "always", { 5, 0, 3 } },
	{ "patched_515", { 6, 1, 2 } },	 { "patched_testfirst", { 6, 3, 4 } },
	{ "noop", { 7, 2, 4 } },	 { "null", { 7, 2, 4 } },	{ "floor", { 7, 0, 4 } },
	{ "ping-pong", { 7, 0, 6 } },	 { "handover", { 7, 0, 6 } },
};
enum { N_KNOWN = sizeof(known) / sizeof(known[0]), FIRST_OWN = 8, N_OWN = 4 };

static const char *own[REPORT_MAX_BACKENDS]; /* by name: they point into the runs' tables */
static size_t n_own;

static int find_known(const char *backend)
{
	int i = 0;

	while (i < N_KNOWN && strcmp(known[i].backend, backend))
		i++;
	return i;
}

bool report_is_own(const char *backend)
{
	return *backend && find_known(backend) == N_KNOWN && strncmp(backend, "busted_", 7) &&
	       strncmp(backend, "kvm_", 4);
}

static int rank(const char *backend)
{
	int i = find_known(backend);

	return report_is_own(backend) ? 2 : i < 2 ? i : i + 1;
}

int report_backend_order(const char *a, const char *b)
{
	int order = rank(a) - rank(b);

	return order ? order : strcmp(a, b);
}

int report_by_backend(const void *a, const void *b)
{
	return report_backend_order(*(const char *const *)a, *(const char *const *)b);
}

static size_t find(const char *const *list, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && strcmp(list[i], name))
		i++;
	return i;
}

static size_t add_all(const struct csv_table *table, const char **list, size_t n)
{
	int column = csv_table_find(table, "backend");

	for (size_t row = 0; row < table->n_rows; row++) {
		const char *name = csv_cell(table, row, column);

		if (n < REPORT_MAX_BACKENDS && *name && strcmp(name, "floor") && find(list, n, name) == n)
			list[n++] = name;
	}
	return n;
}

size_t report_backends(const struct csv_table *table, const char *backend[REPORT_MAX_BACKENDS])
{
	size_t n = add_all(table, backend, 0);

	qsort(backend, n, sizeof(*backend), report_by_backend);
	return n;
}

/* Of all files that have backends. */
static size_t all_backends(const struct report_run *run, const char **list, size_t n)
{
	for (int file = 0; file < REPORT_N_FILES; file++)
		n = add_all(&run->table[file], list, n);
	qsort(list, n, sizeof(*list), report_by_backend);
	return n;
}

size_t report_all_backends(const struct report_run *run, const char *backend[REPORT_MAX_BACKENDS])
{
	return all_backends(run, backend, 0);
}

bool report_has_backend(const struct report_run *run, const char *backend)
{
	const char *list[REPORT_MAX_BACKENDS];
	size_t n = all_backends(run, list, 0);

	return find(list, n, backend) < n;
}

void report_backends_learn(const struct report_run *run, size_t n)
{
	const char *list[REPORT_MAX_BACKENDS];
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all = all_backends(&run[i], list, all);
	n_own = 0;
	for (size_t i = 0; i < all; i++)
		if (report_is_own(list[i]))
			own[n_own++] = list[i];
}

struct report_look report_look_of(const char *backend)
{
	int i = find_known(backend), slot = (int)find(own, n_own, backend);
	unsigned int hash = 0;

	if (i < N_KNOWN)
		return known[i].look;
	if (report_is_own(backend))
		return (struct report_look){ FIRST_OWN + slot % N_OWN, 2 + (slot + 5) % 6, slot + 3 };
	/* Generations and broken ones: dark, told apart by shape. */
	for (; *backend; backend++)
		hash = hash * 31 + (unsigned char)*backend;
	return (struct report_look){ 6, (int)(hash % 8), (int)(hash / 8 % 7) };
}

const char *report_base(const struct report_run *run)
{
	const char *list[REPORT_MAX_BACKENDS];
	size_t n;

	if (run->base && report_has_backend(run, run->base))
		return run->base;
	n = all_backends(run, list, 0);
	return n ? list[0] : "";
}

size_t report_subjects(const struct report_run *run, const char *subject[REPORT_MAX_BACKENDS])
{
	const char *list[REPORT_MAX_BACKENDS], *base = report_base(run);
	size_t all = all_backends(run, list, 0), n = 0;

	for (size_t i = 0; i < all; i++)
		if (strcmp(list[i], base) && (!strcmp(list[i], "patched") || report_is_own(list[i])))
			subject[n++] = list[i];
	for (size_t i = 0; !n && i < all; i++)
		if (strcmp(list[i], base) && strcmp(list[i], "noop"))
			subject[n++] = list[i];
	return n;
}
