// SPDX-License-Identifier: GPL-2.0-or-later
/* Parts of a cell: read, added up, explored by workers, and written. */
#include "explore/cell/parts_csv.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/source_key.h"
#include "explore/cell/memory_room.h"
#include "explore/cell/workers.h"
#include "results/csv.h"

static const struct csv_column columns[] = {
	{ "key", CSV_STRING, CSV_CASE, "", "" }, /* xp_source_key(); "shard I/N of " one: asked for */
	{ "parts", CSV_U64, CSV_CASE, "", "" },
	{ "part", CSV_U64, CSV_CASE, "", "" },
	{ "found", CSV_U64, CSV_COUNT, "", "" }, /* KICK_V_* */
	{ "executions", CSV_U64, CSV_COUNT, "", "" },
	{ "pruned", CSV_U64, CSV_COUNT, "", "" },
	{ "too_long", CSV_U64, CSV_COUNT, "", "" },
	{ "steps", CSV_U64, CSV_COUNT, "", "" },
	{ "max_stale", CSV_U64, CSV_COUNT, "", "" },
	{ "shows", CSV_U64, CSV_COUNT, "", "" }, /* of what was found, this schedule */
	{ "schedule", CSV_STRING, CSV_COUNT, "", "" },
};
enum { MIXED = UINT_MAX, SOME = 8 };
static const struct csv_schema schema = { "parts", "", columns, sizeof(columns) / sizeof(columns[0]) };

/* One cell on its way. */
struct progress {
	struct xp_cell *cell;
	char key[XP_KEY];
	uint64_t n, known;
	struct {
		bool known;
		unsigned int found;
		uint64_t executions;
	} *part;
	size_t elsewhere; /* rows of this cell, but of other sources */
	unsigned int shards; /* that it was divided into: 0 not said, MIXED not always as many */
	bool *begun;	     /* each of these */
	struct csv_writer writer;
	const struct xp_budget *budget;
	double began; /* seconds of the budget; parts known then */
	uint64_t at_start;
};

static void fail(struct progress *p, const char *reason)
{
	p->cell->status = XP_FAILED;
	snprintf(p->cell->reason, sizeof(p->cell->reason), "%.250s", reason);
}

static uint64_t number(const struct csv_table *t, size_t row, const char *column)
{
	return strtoull(csv_cell(t, row, csv_table_find(t, column)), NULL, 10);
}

static void restore(const struct progress *p, const struct csv_table *t, size_t row, struct xp_cell *part)
{
	const char *schedule = csv_cell(t, row, csv_table_find(t, "schedule"));

	*part = (struct xp_cell){ .found = (unsigned int)number(t, row, "found"),
				  .executions = number(t, row, "executions"),
				  .pruned = number(t, row, "pruned"),
				  .too_long = number(t, row, "too_long"),
				  .steps = number(t, row, "steps"),
				  .max_stale = (unsigned int)number(t, row, "max_stale") };
	if (!*schedule)
		return;
	part->has_example = true;
	part->example.scenario = p->cell->scenario;
	part->example.found = (unsigned int)number(t, row, "shows");
	snprintf(part->example.schedule, sizeof(part->example.schedule), "%s", schedule);
}

/* Marks a part as known and adds it to the cell; one that comes twice must say the same. */
static void add(struct progress *p, uint64_t number, const struct xp_cell *part)
{
	if (number >= p->n) {
		fail(p, "a part that does not exist");
		return;
	}
	if (p->part[number].known) {
		if (p->part[number].found != part->found || p->part[number].executions != part->executions)
			fail(p, "two results of one part differ");
		return;
	}
	p->part[number].known = true;
	p->part[number].found = part->found;
	p->part[number].executions = part->executions;
	p->known++;
	xp_cell_add(p->cell, part);
}

/* "shard I/N of " before a key: the key, or NULL. */
static const char *shard_of(const char *text, unsigned int *shard, unsigned int *shards)
{
	int length = 0;

	if (sscanf(text, "shard %6u/%6u of %n", shard, shards, &length) != 2 || !length || !*shard ||
	    *shard > *shards)
		return NULL;
	return text + length;
}

static void begin_shard(struct progress *p, unsigned int shard, unsigned int shards)
{
	if (!p->shards)
		p->begun = calloc(shards + 1, sizeof(*p->begun));
	p->shards = p->begun && (!p->shards || p->shards == shards) ? shards : MIXED;
	if (p->shards != MIXED)
		p->begun[shard] = true;
}

static void load_row(struct progress *p, const struct csv_table *t, size_t row)
{
	static struct xp_cell part;
	const char *key = csv_cell(t, row, csv_table_find(t, "key")), *name = strchr(key, '/'), *of;
	unsigned int shard, shards;

	of = shard_of(key, &shard, &shards);
	if (of) {
		if (!strcmp(of, p->key))
			begin_shard(p, shard, shards);
		return;
	}
	if (strcmp(key, p->key)) {
		p->elsewhere += name && !strcmp(name, strchr(p->key, '/'));
		return;
	}
	if (number(t, row, "parts") != p->n) {
		fail(p, "a file has another number of parts");
		return;
	}
	restore(p, t, row, &part);
	add(p, number(t, row, "part"), &part);
}

static void load(struct progress *p, const char *path)
{
	struct csv_table t;
	char err[512];

	if (csv_read(path, &t, err, sizeof(err))) {
		fail(p, err);
		return;
	}
	for (size_t row = 0; row < t.n_rows && p->cell->status != XP_FAILED; row++)
		load_row(p, &t, row);
	csv_table_fini(&t);
}

static int keep(struct progress *p, uint64_t number, const struct xp_cell *part)
{
	struct csv_row row;
	int failed = csv_row_init(&row, &schema);

	if (failed)
		return failed;
	csv_set_string(&row, "key", p->key);
	csv_set_u64(&row, "parts", p->n);
	csv_set_u64(&row, "part", number);
	csv_set_u64(&row, "found", part->found);
	csv_set_u64(&row, "executions", part->executions);
	csv_set_u64(&row, "pruned", part->pruned);
	csv_set_u64(&row, "too_long", part->too_long);
	csv_set_u64(&row, "steps", part->steps);
	csv_set_u64(&row, "max_stale", part->max_stale);
	if (part->has_example) {
		csv_set_u64(&row, "shows", part->example.found);
		csv_set_string(&row, "schedule", part->example.schedule);
	}
	failed = csv_write(&p->writer, &row);
	csv_row_fini(&row);
	return failed;
}

static void tell(const struct progress *p)
{
	const struct xp_news news = { .cell = p->cell, .executions = p->cell->executions,
				      .seconds = xp_budget_elapsed(p->budget) - p->began,
				      .parts = p->known, .of_parts = p->n,
				      .new_parts = p->known - p->at_start };

	if (news.new_parts)
		xp_tell(p->budget->watcher, &news);
}

/* From a worker; what was found in a part that was stopped counts, the part does not. */
static void result(void *arg, uint64_t number, const struct xp_cell *part, bool whole)
{
	struct progress *p = arg;
	char reason[128];
	int failed;

	if (!whole) {
		xp_cell_add(p->cell, part);
		return;
	}
	add(p, number, part);
	failed = p->writer.fd >= 0 ? keep(p, number, part) : 0;
	if (failed) {
		snprintf(reason, sizeof(reason), "the file of --resume cannot be written: %s",
			 strerror(-failed));
		fail(p, reason);
	}
	tell(p);
}

static void explore(const struct xp_division *d, const struct xp_options *options, struct progress *p)
{
	uint64_t *todo = calloc(p->n + 1, sizeof(*todo)), i;
	struct xp_workers workers = { .cell = p->cell, .options = options, .seconds = p->budget->seconds,
				      .watcher = p->budget->watcher, .todo = todo, .result = result,
				      .arg = p };

	for (i = 0; todo && i < p->n; i++)
		if (!p->part[i].known && (!d->shards || i % d->shards == d->shard - 1))
			todo[workers.n_todo++] = i;
	workers.n = xp_memory_workers(d->jobs > 0 ? d->jobs : 1);
	if ((size_t)workers.n > workers.n_todo)
		workers.n = (int)workers.n_todo;
	p->at_start = p->known;
	p->began = xp_budget_elapsed(p->budget);
	if (!todo)
		fail(p, "no memory for parts");
	else if (workers.n_todo)
		xp_workers_run(&workers);
	free(todo);
}

static bool is_shard_done(unsigned int shard, unsigned int shards, const struct progress *p)
{
	for (uint64_t i = shard - 1; i < p->n; i += shards)
		if (!p->part[i].known)
			return false;
	return true;
}

/* "; shards missing: 2 5 (of 8)", or not at their end: those that lack parts, so that they can be had. */
static size_t say_shards(const struct progress *p, bool begun, char *text, size_t size)
{
	size_t at = 0;
	unsigned int n = 0;

	for (unsigned int s = 1; s <= p->shards && at < size; s++) {
		if (p->begun[s] != begun || is_shard_done(s, p->shards, p))
			continue;
		if (!n)
			at += snprintf(text, size, "; shards %s:", begun ? "not at their end" : "missing");
		if (n++ < SOME && at < size)
			at += snprintf(text + at, size - at, " %u", s);
	}
	if (n > SOME && at < size)
		at += snprintf(text + at, size - at, " and %u more", n - SOME);
	if (n && at < size)
		at += snprintf(text + at, size - at, " (of %u)", p->shards);
	return at < size ? at : size;
}

static void conclude(const struct xp_division *d, struct progress *p)
{
	struct xp_cell *cell = p->cell;
	size_t at;

	if (cell->status == XP_FAILED)
		return;
	cell->status = p->known == p->n ? XP_EXHAUSTIVE : XP_BUDGET;
	if (cell->status == XP_EXHAUSTIVE)
		return;
	at = snprintf(cell->reason, sizeof(cell->reason), "%llu of %llu parts", (unsigned long long)p->known,
		      (unsigned long long)p->n);
	if (d->shards)
		at += snprintf(cell->reason + at, sizeof(cell->reason) - at, ", shard %u of %u%s", d->shard,
			       d->shards, is_shard_done(d->shard, d->shards, p) ? XP_SHARD_DONE : "");
	for (int begun = 0; d->n_merge && p->begun && p->shards != MIXED && begun < 2; begun++)
		at += say_shards(p, begun, cell->reason + at, sizeof(cell->reason) - at);
	if (p->elsewhere && at < sizeof(cell->reason))
		snprintf(cell->reason + at, sizeof(cell->reason) - at, "; %zu more are of other sources",
			 p->elsewhere);
}

static void split(struct xp_errand *e)
{
	xp_cell_split(e->cell, e->options, e->more);
}

static void finish(struct xp_errand *e)
{
	xp_cell_finish(e->cell, e->options);
}

/* What is known, what is new, and what it comes to. */
static void add_up(const struct xp_division *d, const struct xp_options *options, struct progress *p)
{
	struct xp_cell *cell = p->cell;
	char err[512];
	size_t i;

	p->part = calloc(p->n + 1, sizeof(*p->part));
	if (!p->part)
		fail(p, "no memory for parts");
	if ((d->resume || d->n_merge) && !xp_source_key(cell, p->key))
		fail(p, "nobody knows which sources it is made of");
	for (i = 0; i < d->n_merge && cell->status != XP_FAILED; i++)
		load(p, d->merge[i]);
	if (d->resume && cell->status != XP_FAILED) {
		if (csv_writer_open(&p->writer, d->resume, &schema, CSV_APPEND, err, sizeof(err)))
			fail(p, err);
		else
			load(p, d->resume);
	}
	if (!d->n_merge && cell->status != XP_FAILED)
		explore(d, options, p);
	csv_writer_close(&p->writer);
	conclude(d, p);
	free(p->begun);
	free(p->part);
}

/* The parts are counted, and the example is made, by errands; the parts are the workers' affair. */
void xp_run_divided(const struct xp_division *d, struct xp_errand *e)
{
	static struct progress progress;
	struct xp_parts parts = { 0 };

	e->work = split;
	e->more = &parts;
	e->more_size = sizeof(parts);
	if (!xp_errand_run(e) || !parts.n || e->cell->status == XP_FAILED)
		return;
	xp_errands_end(); /* the workers are enough */
	progress = (struct progress){ .cell = e->cell, .n = parts.n, .writer.fd = -1, .budget = e->budget };
	add_up(d, e->options, &progress);
	e->work = finish;
	e->more_size = 0;
	if (e->cell->has_example && !e->options->no_example)
		xp_errand_run(e);
	else
		xp_cell_finish(e->cell, e->options);
}

bool xp_divided(const struct xp_division *d)
{
	return d->jobs > 1 || d->resume || d->n_merge;
}

int xp_parts_resumable(const char *path, char *err, size_t err_size)
{
	struct csv_writer writer = { .fd = -1 };
	int failed = csv_writer_open(&writer, path, &schema, CSV_APPEND, err, err_size);

	csv_writer_close(&writer);
	return failed;
}

/* Does the file say so already? */
static bool has_key(const struct csv_table *t, const char *key)
{
	for (size_t row = 0; row < t->n_rows; row++)
		if (!strcmp(csv_cell(t, row, csv_table_find(t, "key")), key))
			return true;
	return false;
}

static int note(struct csv_writer *writer, const struct csv_table *t, const char *key)
{
	struct csv_row row;
	int failed;

	if (has_key(t, key))
		return 0;
	failed = csv_row_init(&row, &schema);
	if (failed)
		return failed;
	csv_set_string(&row, "key", key);
	failed = csv_write(writer, &row);
	csv_row_fini(&row);
	return failed;
}

static int note_cell(struct csv_writer *writer, const struct csv_table *t, const struct xp_division *d,
		     const struct xp_cell *cell)
{
	char key[XP_KEY], text[XP_KEY + 32];

	if (xp_na(cell->backend, &cell->scenario) || !xp_source_key(cell, key))
		return 0;
	snprintf(text, sizeof(text), "shard %u/%u of %s", d->shards ? d->shard : 1,
		 d->shards ? d->shards : 1, key);
	return note(writer, t, text);
}

int xp_parts_begin(const struct xp_ask *ask)
{
	static struct xp_cell cell;
	struct csv_writer writer = { .fd = -1 };
	size_t per_backend = ask->n_scenarios * ask->n_models;
	struct csv_table t;
	char err[512];
	int failed = csv_writer_open(&writer, ask->division.resume, &schema, CSV_APPEND, err, sizeof(err));

	if (!failed)
		failed = csv_read(ask->division.resume, &t, err, sizeof(err));
	if (failed) {
		csv_writer_close(&writer);
		return failed;
	}
	for (size_t i = 0; !failed && i < ask->n_backends * per_backend; i++) {
		cell = (struct xp_cell){ .backend = ask->backend[i / per_backend],
					 .scenario = ask->scenario[i % per_backend / ask->n_models],
					 .model = ask->model[i % ask->n_models],
					 .all_orders = ask->all_orders };
		failed = note_cell(&writer, &t, &ask->division, &cell);
	}
	csv_table_fini(&t);
	csv_writer_close(&writer);
	return failed;
}

/* Adds the name in a key, unless it is there. */
static int add_name(struct xp_names *names, const char *key)
{
	static struct xp_cell cell;
	unsigned int shard, shards;
	const char *of = shard_of(key, &shard, &shards), *name = strchr(of ? of : key, '/');
	void *more;

	if (!name || strlen(++name) >= XP_CELL_NAME)
		return -EINVAL;
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return 0;
	if (xp_cell_named(name, &cell))
		return -EINVAL;
	more = realloc(names->name, (names->n + 1) * sizeof(*names->name));
	if (!more)
		return -ENOMEM;
	names->name = more;
	strcpy(names->name[names->n++], name);
	return 0;
}

int xp_parts_names(char *const *path, size_t n, struct xp_names *names, char *err, size_t err_size)
{
	int failed = 0;

	*names = (struct xp_names){ 0 };
	for (size_t i = 0; !failed && i < n; i++) {
		struct csv_table t;

		failed = csv_read(path[i], &t, err, err_size);
		if (failed)
			return failed;
		for (size_t row = 0; !failed && row < t.n_rows; row++) {
			const char *key = csv_cell(&t, row, csv_table_find(&t, "key"));

			failed = add_name(names, key);
			if (failed)
				snprintf(err, err_size, "%s: this program has no cell '%s'", path[i], key);
		}
		csv_table_fini(&t);
	}
	if (failed || names->n)
		return failed;
	snprintf(err, err_size, "no file is about any cell");
	return -EINVAL;
}

int xp_parts_mergeable(const char *path, char *err, size_t err_size)
{
	struct csv_table table;
	bool ours;
	int failed = csv_read(path, &table, err, err_size);

	if (failed)
		return failed;
	ours = csv_table_find(&table, "key") >= 0 && csv_table_find(&table, "part") >= 0;
	csv_table_fini(&table);
	if (ours)
		return 0;
	snprintf(err, err_size, "%s has no parts of a cell", path);
	return -EINVAL;
}
