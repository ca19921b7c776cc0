/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CSV as RFC 4180 has it, driven by a schema: the writer loses at most the row in flight to a
 * SIGKILL and never tears one in the middle of the file; the reader takes anybody's file.
 */
#ifndef RESULTS_CSV_H
#define RESULTS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

enum csv_type { CSV_U64, CSV_DOUBLE, CSV_STRING };

/* What a column is for: compare matches rows by the CSV_CASE columns and nothing else. */
enum csv_role {
	CSV_RUN,    /* bookkeeping: run, repetition, seed, window; differs between equal cases */
	CSV_CASE,   /* names the case: backend, scenario, path, ... */
	CSV_LOWER,  /* a measurement, lower is better */
	CSV_HIGHER, /* a measurement, higher is better */
	CSV_COUNT,  /* a measurement that is neither: counts, verdicts, labels */
};

struct csv_column {
	const char *name;
	enum csv_type type;
	enum csv_role role;
	const char *unit; /* "" where there is none */
	const char *doc;  /* one sentence for results/README.md */
};

struct csv_schema {
	const char *name; /* the file is NAME.csv */
	const char *doc;
	const struct csv_column *column;
	size_t n;
};

/*
 * `base` with CSV_U64 counts of these names at its end; csv_schema_fini() frees it.  -EEXIST: a name is
 * there already; -ENOMEM.
 */
int csv_schema_extend(struct csv_schema *schema, const struct csv_schema *base,
		      const char *const *names, size_t n);
void csv_schema_fini(struct csv_schema *schema);

/* -> the column's index, or -ENOENT. */
int csv_schema_find(const struct csv_schema *schema, const char *name);

/*
 * One row being filled. A cell that was not set is empty: "not measured", never 0. Setters find
 * their column by name: not for hot paths. A wrong name or type is -EINVAL from the setter and, if
 * that was ignored, from csv_write() too, which then writes nothing: the first mistake sticks until
 * csv_row_clear().
 */
struct csv_row {
	const struct csv_schema *schema;
	char **text;  /* per column, NULL = empty */
	int error;    /* first mistake, 0 = none */
	char bad[64]; /* the name it was made with */
};

int csv_row_init(struct csv_row *row, const struct csv_schema *schema); /* -ENOMEM */
void csv_row_clear(struct csv_row *row);
void csv_row_fini(struct csv_row *row);

int csv_set_u64(struct csv_row *row, const char *name,
		uint64_t value); /* also for CSV_DOUBLE columns */
int csv_set_double(struct csv_row *row, const char *name,
		   double value); /* NaN and infinities: empty */
int csv_set_string(struct csv_row *row, const char *name,
		   const char *value); /* NULL and "": empty */

/* As few digits as read back to the same double: how every cell is written. */
void csv_print_double(char *text, size_t size, double value);

/* The cell's text as it will be written, NULL if empty or if there is no such column. */
const char *csv_get(const struct csv_row *row, const char *name);
double csv_get_double(const struct csv_row *row, const char *name); /* likewise 0 */

/* Copy every cell of `from` that is set and that `to` has a column of the same name for. */
int csv_row_copy(struct csv_row *to, const struct csv_row *from);

/* The row as a JSON object of the set cells: numbers digit for digit. NULL: out of memory. */
struct cJSON *csv_row_json(const struct csv_row *row);

struct csv_writer {
	int fd;
	const struct csv_schema *schema;
};

enum csv_open {
	CSV_CREATE, /* a new file: -EEXIST if there is one with something in it */
	CSV_APPEND, /* go on with an old one of the same header (else -EINVAL); cuts a torn last line */
};

/* Open PATH and write the header line where there is none. -errno and one line in err. */
int csv_writer_open(struct csv_writer *writer, const char *path, const struct csv_schema *schema,
		    enum csv_open how, char *err, size_t err_size);

/* The same into an open file, pipe or terminal, from its header line on.  -errno of write. */
int csv_writer_stream(struct csv_writer *writer, int fd, const struct csv_schema *schema);

/*
 * Write the row with one write(2). 0, -EINVAL (a setter was called wrongly), -errno of write; after
 * a short write (disk full) the file is cut back to whole rows.
 */
int csv_write(struct csv_writer *writer, const struct csv_row *row);

/* Keep the header and the first n_rows rows of a file that CSV_APPEND opened. -errno. */
int csv_cut(struct csv_writer *writer, size_t n_rows);

int csv_writer_close(struct csv_writer *writer); /* -errno of close; safe to call twice */

/*
 * What a file says as a whole number, the nearest there is: a cell may say 1e300, and a cast must not meet
 * what it cannot hold.  Less than 0, and NaN: 0.
 */
static inline uint64_t csv_to_u64(double x)
{
	return !(x > 0) ? 0 : x >= 0x1p64 ? UINT64_MAX : (uint64_t)x;
}

/* A whole file in memory. */
struct csv_table {
	char **header;
	size_t n_columns;
	char **cell; /* n_rows * n_columns, never NULL */
	size_t n_rows;
	size_t torn_line; /* number of the last line, from 1, if it was torn and dropped; else 0 */
	char *text;	  /* what all of these point into */
};

/*
 * Read PATH. -errno: of open and read; -ENODATA: no header; -EBADMSG: not CSV (err says which
 * line). A last line without line end is taken for torn, since csv_write() always writes one.
 */
int csv_read(const char *path, struct csv_table *table, char *err, size_t err_size);

/* The same for a text in memory; `name` is only for messages. */
int csv_parse(const char *text, size_t length, const char *name, struct csv_table *table, char *err,
	      size_t err_size);

void csv_table_fini(struct csv_table *table);

/* -> index, or -ENOENT. */
int csv_table_find(const struct csv_table *table, const char *column);

/* The cell, "" if it is empty or `column` is negative (a column the file lacks). */
const char *csv_cell(const struct csv_table *table, size_t row, int column);

/* False if the cell is empty or not a finite number. */
bool csv_cell_double(const struct csv_table *table, size_t row, int column, double *value);

#endif
