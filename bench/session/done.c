// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys of rows and turns: the cells of their naming columns, joined; and searching for them. */
#include "bench/session/done.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/run/run.h"
#include "results/hash.h"
#include "results/schema.h"

/* Of what names a row: which process it is of, and where it was measured. */
enum { KEY_PROCESS = 1, KEY_PLACE = 2, KEY_ALL = 3 };

/* What the measurement itself decides names nothing in a plan. */
static bool is_key(const char *name, enum csv_role role, int what)
{
	static const char *const place[] = { "kicker_pu", "vcpu_pu", "distance", "home" };

	if (!strcmp(name, "process"))
		return what & KEY_PROCESS;
	for (size_t i = 0; i < sizeof(place) / sizeof(place[0]) && !(what & KEY_PLACE); i++)
		if (!strcmp(name, place[i]))
			return false;
	return !strcmp(name, "repetition") || !strcmp(name, "seed") ||
	       (role == CSV_CASE && strcmp(name, "placement"));
}

/* The cells of one row, from wherever they are. */
struct key_source {
	const struct csv_row *row; /* or */
	const struct csv_table *table;
	size_t number;
};

static const char *text_of(const struct key_source *s, const char *column)
{
	const char *text = s->row ? csv_get(s->row, column)
				  : csv_cell(s->table, s->number, csv_table_find(s->table, column));

	return text ? text : "";
}

/* Columns that `in` lacks are left out; NULL: all are there. */
static char *make_key(const struct key_source *s, const struct csv_table *in, int what)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < schema_bench.n; i++)
		if (is_key(schema_bench.column[i].name, schema_bench.column[i].role, what) &&
		    (!in || csv_table_find(in, schema_bench.column[i].name) >= 0))
			fprintf(out, "%s\x1f", text_of(s, schema_bench.column[i].name));
	if (!fclose(out))
		return key;
	free(key);
	return NULL;
}

/* A table's keys, sorted; rows of the same key in the order of the file. */
struct entry {
	char *key;
	size_t row;
	bool used;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void free_entries(struct entry *entry, size_t n)
{
	for (size_t i = 0; entry && i < n; i++)
		free(entry[i].key);
	free(entry);
}

static struct entry *make_entries(const struct csv_table *table, const struct csv_table *in,
				  int what)
{
	struct entry *entry = calloc(table->n_rows + 1, sizeof(*entry));

	for (size_t i = 0; entry && i < table->n_rows; i++) {
		entry[i].row = i;
		entry[i].key = make_key(&(struct key_source){ .table = table, .number = i }, in,
					what);
		if (!entry[i].key) {
			free_entries(entry, i);
			return NULL;
		}
	}
	if (entry)
		qsort(entry, table->n_rows, sizeof(*entry), compare_entries);
	return entry;
}

/* The first entry of that key that no turn has taken. */
static struct entry *find(struct entry *entry, size_t n, const char *key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(entry[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < n && entry[low].used && !strcmp(entry[low].key, key))
		low++;
	return low < n && !strcmp(entry[low].key, key) ? &entry[low] : NULL;
}

static char *turn_key(const struct bench_plan *plan, size_t turn, unsigned int process,
		      struct csv_row *row, const struct csv_table *in, int what)
{
	struct bench_case c = plan->cell[plan->turn[turn].cell];

	c.repetition = plan->turn[turn].repetition;
	csv_row_clear(row);
	bench_row_case(row, &c, process);
	return make_key(&(struct key_source){ .row = row }, in, what);
}

int bench_done(const struct bench_plan *plan, const struct csv_table *table, unsigned int process,
	       unsigned char *done, void (*found)(void *arg, size_t turn, size_t row), void *arg)
{
	struct entry *entry = make_entries(table, NULL, KEY_ALL);
	struct csv_row row;
	int failed = entry ? csv_row_init(&row, &schema_bench) : -ENOMEM;

	for (size_t i = 0; i < plan->n_turns && !failed; i++) {
		char *key = turn_key(plan, i, process, &row, NULL, KEY_ALL);
		struct entry *e = key ? find(entry, table->n_rows, key) : NULL;

		failed = key ? 0 : -ENOMEM;
		done[i] = e != NULL;
		if (e) {
			e->used = true;
			found(arg, i, e->row);
		}
		free(key);
	}
	if (entry)
		csv_row_fini(&row);
	free_entries(entry, table->n_rows);
	return failed;
}

int bench_done_turn(const struct bench_plan *plan, const struct csv_table *table, size_t number,
		    bool anywhere, size_t *turn)
{
	const int what = anywhere ? 0 : KEY_PLACE;
	char *wanted = make_key(&(struct key_source){ .table = table, .number = number }, table, what);
	struct csv_row row;
	int failed = wanted ? csv_row_init(&row, &schema_bench) : -ENOMEM, found = -ENOENT;

	for (size_t i = 0; i < plan->n_turns && !failed && found; i++) {
		char *key = turn_key(plan, i, 0, &row, table, what);

		failed = key ? 0 : -ENOMEM;
		if (key && !strcmp(key, wanted)) {
			*turn = i;
			found = 0;
		}
		free(key);
	}
	if (wanted)
		csv_row_fini(&row);
	free(wanted);
	return failed ? failed : found;
}

int bench_done_orphans(const struct csv_table *bench, const struct csv_table *latency, size_t *n)
{
	struct entry *entry = make_entries(bench, latency, KEY_ALL);
	int failed = entry ? 0 : -ENOMEM;

	*n = 0;
	for (size_t i = latency->n_rows; i-- > 0 && !failed;) {
		char *key = make_key(&(struct key_source){ .table = latency, .number = i }, latency, KEY_ALL);
		bool known = key && find(entry, bench->n_rows, key);

		failed = key ? 0 : -ENOMEM;
		free(key);
		if (known)
			break;
		*n += 1;
	}
	free_entries(entry, bench->n_rows);
	return failed;
}

/* The window that is asked for is the plan's; window_ns in a row is what was measured. */
int bench_plan_hash(const struct bench_plan *plan, uint64_t *hash)
{
	struct csv_row row;
	int failed = csv_row_init(&row, &schema_bench);

	*hash = HASH_START;
	for (size_t i = 0; i < plan->n_turns && !failed; i++) {
		char *key = turn_key(plan, i, 0, &row, NULL, KEY_PLACE), window[24];

		*hash = hash_bytes(*hash, key, key ? strlen(key) : 0);
		snprintf(window, sizeof(window), "%llu",
			 (unsigned long long)plan->cell[plan->turn[i].cell].window_ns);
		*hash = hash_bytes(*hash, window, strlen(window));
		failed = key ? 0 : -ENOMEM;
		free(key);
	}
	csv_row_fini(&row);
	return failed;
}
