// SPDX-License-Identifier: GPL-2.0-or-later
/* Sinks of rows: a folder, memory, several. */
#include "results/sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/flow.h"
#include "results/json.h"
#include "results/lanes.h"
#include "results/schema.h"

int sink_row(struct sink *sink, const struct csv_row *row)
{
	return sink->row ? sink->row(sink, row) : 0;
}

int sink_text(struct sink *sink, const char *name, const char *text)
{
	return sink->text ? sink->text(sink, name, text) : 0;
}

int sink_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	return sink->lanes ? sink->lanes(sink, name, lanes) : 0;
}

int sink_latency(struct sink *sink, const struct csv_row *bench, const char *kind,
		 const struct histogram *h)
{
	struct histogram_bucket bucket = { 0 };
	struct csv_row row;
	int failed = csv_row_init(&row, &schema_latency);

	if (failed)
		return failed;
	csv_row_copy(&row, bench);
	csv_set_string(&row, "kind", kind);
	while (!failed && histogram_next(h, &bucket)) {
		csv_set_u64(&row, "bucket_low_ns", bucket.low_ns);
		csv_set_u64(&row, "bucket_high_ns", bucket.high_ns);
		csv_set_u64(&row, "count", bucket.count);
		failed = sink_row(sink, &row);
	}
	csv_row_fini(&row);
	return failed;
}

static struct csv_writer *writer_of(struct sink_folder *to, const struct csv_schema *schema,
				    int *failed)
{
	size_t i;

	for (i = 0; i < to->n && to->writer[i].schema != schema; i++)
		;
	if (i == SINK_SCHEMAS) {
		*failed = -E2BIG;
		return NULL;
	}
	if (i < to->n)
		return &to->writer[i];
	*failed = folder_csv(to->folder, schema, CSV_CREATE, &to->writer[i], to->err, sizeof(to->err));
	if (*failed)
		return NULL;
	to->n++;
	return &to->writer[i];
}

static int folder_row(struct sink *sink, const struct csv_row *row)
{
	struct sink_folder *to = (struct sink_folder *)sink;
	int failed = 0;
	struct csv_writer *writer = writer_of(to, row->schema, &failed);

	if (writer)
		failed = csv_write(writer, row);
	if (failed && !to->err[0])
		snprintf(to->err, sizeof(to->err), "%s.csv: %s", row->schema->name,
			 strerror(-failed));
	return failed;
}

static int folder_text(struct sink *sink, const char *name, const char *text)
{
	struct sink_folder *to = (struct sink_folder *)sink;
	int failed = folder_write(to->folder, name, text);

	if (failed && !to->err[0])
		snprintf(to->err, sizeof(to->err), "%s: %s", name, strerror(-failed));
	return failed;
}

static int folder_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	cJSON *json = lanes_json(lanes);
	char file[NAME_MAX], *text[] = { lanes_text_of(lanes, FLOW_WIDTH), results_json_print(json, false) };
	int failed = 0;

	for (int i = 0; i < 2; i++) {
		snprintf(file, sizeof(file), "%s.%s", name, i ? "json" : "txt");
		if (!failed)
			failed = text[i] ? folder_text(sink, file, text[i]) : -ENOMEM;
		free(text[i]);
	}
	cJSON_Delete(json);
	return failed;
}

void sink_folder_init(struct sink_folder *to, const struct folder *folder)
{
	*to = (struct sink_folder){ .sink = { folder_row, folder_text, folder_lanes }, .folder = folder };
}

int sink_folder_begin(struct sink_folder *to, const struct csv_schema *schema)
{
	int failed = 0;

	writer_of(to, schema, &failed);
	return failed;
}

int sink_folder_close(struct sink_folder *to)
{
	int failed = 0;

	for (size_t i = 0; i < to->n; i++) {
		int closed = csv_writer_close(&to->writer[i]);

		failed = failed ? failed : closed;
	}
	to->n = 0;
	return failed;
}

static int keep_row(struct sink *sink, const struct csv_row *row)
{
	struct sink_rows *to = (struct sink_rows *)sink;
	int failed;

	if (to->n == to->room) {
		size_t room = to->room ? 2 * to->room : 16;
		struct csv_row *grown = reallocarray(to->row, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		to->row = grown;
		to->room = room;
	}
	failed = csv_row_init(&to->row[to->n], row->schema);
	if (failed)
		return failed;
	return csv_row_copy(&to->row[to->n++], row);
}

void sink_rows_init(struct sink_rows *to)
{
	*to = (struct sink_rows){ .sink = { .row = keep_row } };
}

void sink_rows_fini(struct sink_rows *to)
{
	while (to->n)
		csv_row_fini(&to->row[--to->n]);
	free(to->row);
	to->row = NULL;
	to->room = 0;
}

struct cJSON *sink_rows_json(const struct sink_rows *rows, const struct csv_schema *schema)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; array && i < rows->n; i++) {
		cJSON *object;

		if (rows->row[i].schema != schema)
			continue;
		object = csv_row_json(&rows->row[i]);
		if (!object) {
			cJSON_Delete(array);
			return NULL;
		}
		cJSON_AddItemToArray(array, object);
	}
	return array;
}

static int tee_row(struct sink *sink, const struct csv_row *row)
{
	struct sink_tee *tee = (struct sink_tee *)sink;
	int first = 0;

	for (size_t i = 0; i < tee->n; i++) {
		int failed = sink_row(tee->to[i], row);

		first = first ? first : failed;
	}
	return first;
}

static int tee_text(struct sink *sink, const char *name, const char *text)
{
	struct sink_tee *tee = (struct sink_tee *)sink;
	int first = 0;

	for (size_t i = 0; i < tee->n; i++) {
		int failed = sink_text(tee->to[i], name, text);

		first = first ? first : failed;
	}
	return first;
}

static int tee_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct sink_tee *tee = (struct sink_tee *)sink;
	int first = 0;

	for (size_t i = 0; i < tee->n; i++) {
		int failed = sink_lanes(tee->to[i], name, lanes);

		first = first ? first : failed;
	}
	return first;
}

void sink_tee_init(struct sink_tee *tee, struct sink **to, size_t n)
{
	*tee = (struct sink_tee){ .sink = { tee_row, tee_text, tee_lanes }, .to = to, .n = n };
}

static int only_row(struct sink *sink, const struct csv_row *row)
{
	struct sink_only *only = (struct sink_only *)sink;
	struct csv_row kept;
	int failed;

	if (!only->schema || strcmp(row->schema->name, only->schema->name))
		return 0;
	failed = csv_row_init(&kept, only->schema);
	if (failed)
		return failed;
	failed = csv_row_copy(&kept, row);
	if (!failed)
		failed = sink_row(only->to, &kept);
	csv_row_fini(&kept);
	return failed;
}

static int only_text(struct sink *sink, const char *name, const char *text)
{
	struct sink_only *only = (struct sink_only *)sink;

	return only->texts ? sink_text(only->to, name, text) : 0;
}

static int only_lanes(struct sink *sink, const char *name, const struct lanes *lanes)
{
	struct sink_only *only = (struct sink_only *)sink;
	bool fits = only->lanes && !strncmp(name, only->lanes, strlen(only->lanes));

	return fits ? sink_lanes(only->to, name, lanes) : 0;
}

void sink_only_init(struct sink_only *only, struct sink *to, const struct csv_schema *schema)
{
	*only = (struct sink_only){ .sink = { only_row, only_text, only_lanes }, .to = to,
				    .schema = schema };
}
