// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader: RFC 4180 from anybody, LF or CRLF, one pass that unquotes in place. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "results/csv.h"
#include "results/error.h"

struct parser {
	char *at, *end;
	size_t line; /* of `at`, from 1 */
	const char *name;
	char *err;
	size_t err_size;
	char **field; /* of the current record */
	size_t n_fields, space;
};

enum { MORE_FIELDS, END_OF_RECORD, END_OF_FILE };

#define REFUSE(p, code, fmt, ...) \
	results_fail(code, (p)->err, (p)->err_size, "%s: " fmt, (p)->name __VA_OPT__(, ) __VA_ARGS__)

static int add_field(struct parser *p, char *text)
{
	if (p->n_fields == p->space) {
		size_t space = p->space ? p->space * 2 : 64;
		char **field = realloc(p->field, space * sizeof(*field));

		if (!field)
			return REFUSE(p, -ENOMEM, "Cannot allocate memory");
		p->field = field;
		p->space = space;
	}
	p->field[p->n_fields++] = text;
	return 0;
}

/* Step over what ends a field: a comma, LF, CRLF or the end of the file. `out` gets a NUL. */
static int end_field(struct parser *p, char *out)
{
	char by = p->at == p->end ? '\0' : *p->at;

	p->at += by == '\r' ? 2 : by != '\0';
	p->line += by == '\r' || by == '\n';
	*out = '\0'; /* may be where `by` stood */
	return by == ',' ? MORE_FIELDS : by ? END_OF_RECORD : END_OF_FILE;
}

static bool at_field_end(const struct parser *p)
{
	if (p->at == p->end || *p->at == ',' || *p->at == '\n')
		return true;
	return *p->at == '\r' && p->at + 1 < p->end && p->at[1] == '\n';
}

/* After the opening quote; a doubled one stands for one. Unclosed: stops at the end of the file. */
static char *unquote(struct parser *p)
{
	char *out = p->at;

	while (p->at < p->end) {
		if (*p->at == '"') {
			if (p->at + 1 == p->end || p->at[1] != '"')
				break;
			p->at++;
		}
		p->line += *p->at == '\n';
		*out++ = *p->at++;
	}
	return out;
}

/* -> MORE_FIELDS, END_OF_RECORD, END_OF_FILE or -errno. */
static int parse_field(struct parser *p)
{
	size_t begin_line = p->line;
	char *field = p->at, *out;
	int ret;

	if (p->at < p->end && *p->at == '"') {
		field = ++p->at;
		out = unquote(p);
		if (p->at == p->end && p->line > begin_line)
			return REFUSE(p, -EBADMSG, "line %zu: the quote is never closed", begin_line);
		if (p->at < p->end)
			p->at++;
		if (!at_field_end(p))
			return REFUSE(p, -EBADMSG, "line %zu: text after a closing quote", p->line);
	} else {
		while (!at_field_end(p)) {
			if (*p->at == '"')
				return REFUSE(p, -EBADMSG, "line %zu: quote inside a bare field", p->line);
			p->at++;
		}
		out = p->at;
	}
	ret = add_field(p, field);
	return ret ? ret : end_field(p, out);
}

/* -> END_OF_RECORD, END_OF_FILE (the record has no line end) or -errno. */
static int parse_record(struct parser *p)
{
	int ret;

	p->n_fields = 0;
	do
		ret = parse_field(p);
	while (ret == MORE_FIELDS);
	return ret;
}

static bool is_blank_line(const struct parser *p)
{
	return p->n_fields == 1 && !*p->field[0];
}

static int take_header(struct parser *p, struct csv_table *table)
{
	int ret = parse_record(p);

	if (ret < 0)
		return ret;
	if (ret == END_OF_FILE || is_blank_line(p))
		return REFUSE(p, -ENODATA, "no header line");
	for (size_t i = 0; i < p->n_fields; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(p->field[i], p->field[j]))
				return REFUSE(p, -EBADMSG, "two columns named %s", p->field[i]);
	table->header = p->field;
	table->n_columns = p->n_fields;
	p->field = NULL;
	p->space = 0;
	return 0;
}

static int take_row(struct parser *p, struct csv_table *table, size_t *space)
{
	size_t n = table->n_columns, used = table->n_rows * n;

	if (used + n > *space) {
		size_t grown = *space ? *space * 2 : 256 * n;
		char **cell = realloc(table->cell, grown * sizeof(*cell));

		if (!cell)
			return REFUSE(p, -ENOMEM, "Cannot allocate memory");
		table->cell = cell;
		*space = grown;
	}
	memcpy(table->cell + used, p->field, n * sizeof(*p->field));
	table->n_rows++;
	return 0;
}

static int take_rows(struct parser *p, struct csv_table *table)
{
	size_t space = 0;

	while (p->at < p->end) {
		size_t line = p->line;
		int ret = parse_record(p);

		if (ret < 0)
			return ret;
		if (ret == END_OF_FILE) {
			table->torn_line = line;
			return 0;
		}
		if (is_blank_line(p) && table->n_columns > 1)
			continue;
		if (p->n_fields != table->n_columns)
			return REFUSE(p, -EBADMSG, "line %zu: %zu fields under %zu columns", line,
				      p->n_fields, table->n_columns);
		ret = take_row(p, table, &space);
		if (ret)
			return ret;
	}
	return 0;
}

/* Takes `text`, which has a byte to spare for the last NUL. */
static int parse_owned(char *text, size_t length, const char *name, struct csv_table *table,
		       char *err, size_t err_size)
{
	struct parser p = { .at = text,
			    .end = text + length,
			    .line = 1,
			    .name = name,
			    .err = err,
			    .err_size = err_size };
	int ret;

	*table = (struct csv_table){ .text = text };
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		p.at += 3;
	if (memchr(text, '\0', length))
		ret = REFUSE(&p, -EBADMSG, "binary data, not CSV");
	else
		ret = take_header(&p, table);
	if (!ret)
		ret = take_rows(&p, table);
	free(p.field);
	if (ret)
		csv_table_fini(table);
	return ret;
}

int csv_parse(const char *text, size_t length, const char *name, struct csv_table *table, char *err,
	      size_t err_size)
{
	char *copy = malloc(length + 1);

	*table = (struct csv_table){ 0 };
	if (!copy)
		return results_fail(-ENOMEM, err, err_size, "%s: Cannot allocate memory", name);
	memcpy(copy, text, length);
	return parse_owned(copy, length, name, table, err, err_size);
}

int csv_read(const char *path, struct csv_table *table, char *err, size_t err_size)
{
	char *text;
	size_t length;
	int ret = results_read(path, &text, &length);

	*table = (struct csv_table){ 0 };
	if (ret)
		return results_fail(ret, err, err_size, "%s: %s", path, strerror(-ret));
	return parse_owned(text, length, path, table, err, err_size);
}

void csv_table_fini(struct csv_table *table)
{
	free(table->header);
	free(table->cell);
	free(table->text);
	*table = (struct csv_table){ 0 };
}

int csv_table_find(const struct csv_table *table, const char *column)
{
	for (size_t i = 0; i < table->n_columns; i++)
		if (!strcmp(table->header[i], column))
			return (int)i;
	return -ENOENT;
}

const char *csv_cell(const struct csv_table *table, size_t row, int column)
{
	return column < 0 ? "" : table->cell[row * table->n_columns + (size_t)column];
}

bool csv_cell_double(const struct csv_table *table, size_t row, int column, double *value)
{
	const char *text = csv_cell(table, row, column);
	char *end;

	*value = strtod(text, &end);
	return end != text && !*end && isfinite(*value);
}
