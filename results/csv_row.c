// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns by name, some that only this run has among them; and rows: cells set by column name, typed.  The
 * first mistake sticks, so that none goes unnoticed.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "results/csv.h"

int csv_schema_find(const struct csv_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->n; i++)
		if (!strcmp(schema->column[i].name, name))
			return (int)i;
	return -ENOENT;
}

/* The names stand behind the columns, in the same memory. */
int csv_schema_extend(struct csv_schema *schema, const struct csv_schema *base,
		      const char *const *names, size_t n)
{
	size_t columns = (base->n + n) * sizeof(*base->column), size = columns;
	struct csv_column *column;
	char *at;

	for (size_t i = 0; i < n; i++)
		size += strlen(names[i]) + 1;
	column = malloc(size);
	if (!column)
		return -ENOMEM;
	*schema = (struct csv_schema){ base->name, base->doc, column, base->n };
	memcpy(column, base->column, base->n * sizeof(*column));
	at = (char *)column + columns;
	for (size_t i = 0; i < n; i++) {
		if (csv_schema_find(schema, names[i]) >= 0) {
			csv_schema_fini(schema);
			return -EEXIST;
		}
		column[schema->n++] = (struct csv_column){ strcpy(at, names[i]), CSV_U64, CSV_COUNT, "", "" };
		at += strlen(at) + 1;
	}
	return 0;
}

void csv_schema_fini(struct csv_schema *schema)
{
	free((void *)schema->column);
	*schema = (struct csv_schema){ 0 };
}

int csv_row_init(struct csv_row *row, const struct csv_schema *schema)
{
	*row = (struct csv_row){ .schema = schema };
	row->text = calloc(schema->n, sizeof(*row->text));
	return row->text ? 0 : -ENOMEM;
}

void csv_row_clear(struct csv_row *row)
{
	for (size_t i = 0; i < row->schema->n; i++) {
		free(row->text[i]);
		row->text[i] = NULL;
	}
	row->error = 0;
	row->bad[0] = '\0';
}

void csv_row_fini(struct csv_row *row)
{
	if (!row->text)
		return;
	csv_row_clear(row);
	free(row->text);
	row->text = NULL;
}

static int fail(struct csv_row *row, int code, const char *name)
{
	if (!row->error) {
		row->error = code;
		snprintf(row->bad, sizeof(row->bad), "%s", name);
	}
	return code;
}

/* The column of that name if it takes `type`: whole numbers also fit where doubles do. */
static int column_for(struct csv_row *row, const char *name, enum csv_type type)
{
	int i = csv_schema_find(row->schema, name);
	enum csv_type has;

	if (i < 0)
		return fail(row, -EINVAL, name);
	has = row->schema->column[i].type;
	if (has != type && !(has == CSV_DOUBLE && type == CSV_U64))
		return fail(row, -EINVAL, name);
	return i;
}

static int set_text(struct csv_row *row, int column, const char *text)
{
	char *copy = text && *text ? strdup(text) : NULL;

	if (text && *text && !copy)
		return fail(row, -ENOMEM, row->schema->column[column].name);
	free(row->text[column]);
	row->text[column] = copy;
	return 0;
}

int csv_set_u64(struct csv_row *row, const char *name, uint64_t value)
{
	int column = column_for(row, name, CSV_U64);
	char text[24];

	if (column < 0)
		return column;
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return set_text(row, column, text);
}

void csv_print_double(char *text, size_t size, double value)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, size, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return;
	}
}

int csv_set_double(struct csv_row *row, const char *name, double value)
{
	int column = column_for(row, name, CSV_DOUBLE);
	char text[40];

	if (column < 0)
		return column;
	if (!isfinite(value))
		return set_text(row, column, NULL);
	csv_print_double(text, sizeof(text), value);
	return set_text(row, column, text);
}

int csv_set_string(struct csv_row *row, const char *name, const char *value)
{
	int column = column_for(row, name, CSV_STRING);

	return column < 0 ? column : set_text(row, column, value);
}

const char *csv_get(const struct csv_row *row, const char *name)
{
	int column = csv_schema_find(row->schema, name);

	return column < 0 ? NULL : row->text[column];
}

double csv_get_double(const struct csv_row *row, const char *name)
{
	const char *text = csv_get(row, name);

	return text ? strtod(text, NULL) : 0;
}

int csv_row_copy(struct csv_row *to, const struct csv_row *from)
{
	for (size_t i = 0; i < from->schema->n; i++) {
		int column = csv_schema_find(to->schema, from->schema->column[i].name);
		int ret;

		if (!from->text[i] || column < 0)
			continue;
		ret = set_text(to, column, from->text[i]);
		if (ret)
			return ret;
	}
	return 0;
}

struct cJSON *csv_row_json(const struct csv_row *row)
{
	struct cJSON *object = cJSON_CreateObject();

	for (size_t i = 0; object && i < row->schema->n; i++) {
		const struct csv_column *c = &row->schema->column[i];

		if (!row->text[i])
			continue;
		if (c->type == CSV_STRING)
			cJSON_AddStringToObject(object, c->name, row->text[i]);
		else
			cJSON_AddRawToObject(object, c->name, row->text[i]);
	}
	return object;
}
