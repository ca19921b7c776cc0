/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTML that is also well-formed XML.  What comes from a results folder reaches the page through these
 * functions only, which escape it.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct csv_table;

struct html_table {
	FILE *out;
};

/* Escaped; control characters are left out, what is no UTF-8 is replaced. */
void html_text(FILE *out, const char *text);
void html_printf(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_vprintf(FILE *out, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
/* <tag class="class">text</tag>; class may be NULL, and tag have attributes. */
void html_element(FILE *out, const char *tag, const char *class, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* What a figure says where it cannot be drawn. */
void html_missing(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "the data" of a figure, folded; columns are separated by |. */
struct html_table html_table_begin(FILE *out, const char *caption, const char *columns);
void html_row_begin(struct html_table *table);
void html_cell(struct html_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Rounded to four digits to read; its `value` has every digit, as the CSV files write it.  NaN: empty. */
void html_cell_number(struct html_table *table, double value);
void html_cell_count(struct html_table *table, uint64_t count);
void html_row_end(struct html_table *table);
void html_table_end(struct html_table *table);
/* A whole table of these columns of a CSV file, in its words. */
void html_csv_table(FILE *out, const char *caption, const char *titles, const struct csv_table *rows,
		    const char *const *column, size_t n);

/* All of them. */
void html_csv_file(FILE *out, const char *caption, const struct csv_table *rows);

/* A table that is read. */
void html_matrix_begin(FILE *out, const char *caption, const char *columns);
void html_matrix_end(FILE *out);
/*
 * Of n rows that are read the first three, and the others folded where there are many: rows() writes the
 * table of those from..to-1; what: "backends".
 */
void html_open_rows(FILE *out, size_t n, const char *what,
		    void (*rows)(FILE *out, void *arg, size_t from, size_t to), void *arg);

/* Four digits, for people: "0.281", "5.413", "1021", "20450". */
const char *html_number(char *text, size_t size, double value);

#endif
