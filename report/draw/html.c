// SPDX-License-Identifier: GPL-2.0-or-later
/* Escaping, elements and tables. */
#include "report/draw/html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "results/csv.h"
#include "results/json.h"

static const char *escape_of(unsigned char c)
{
	return c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : NULL;
}

void html_text(FILE *out, const char *text)
{
	int n;

	for (const unsigned char *c = (const unsigned char *)text; *c; c += n ? n : 1) {
		const char *escape = escape_of(*c);

		n = (int)results_json_utf8_length(c);
		if (escape)
			fputs(escape, out);
		else if (!n)
			fputs("\357\277\275", out); /* U+FFFD: the replacement character */
		else if ((*c >= ' ' && *c != 127) || *c == '\n')
			fwrite(c, 1, (size_t)n, out);
	}
}

void html_vprintf(FILE *out, const char *format, va_list ap)
{
	char text[4096];

	vsnprintf(text, sizeof(text), format, ap);
	html_text(out, text);
}

void html_printf(FILE *out, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	html_vprintf(out, format, ap);
	va_end(ap);
}

void html_element(FILE *out, const char *tag, const char *class, const char *format, ...)
{
	va_list ap;

	if (class)
		fprintf(out, "<%s class=\"%s\">", tag, class);
	else
		fprintf(out, "<%s>", tag);
	va_start(ap, format);
	html_vprintf(out, format, ap);
	va_end(ap);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void html_missing(FILE *out, const char *format, ...)
{
	va_list ap;

	fputs("<p class=\"missing\">Not measured in this run: ", out);
	va_start(ap, format);
	html_vprintf(out, format, ap);
	va_end(ap);
	fputs("</p>\n", out);
}

static struct html_table open_table(FILE *out, const char *caption)
{
	fputs("<details class=\"data\"><summary>The data</summary><div class=\"scroll\"><table>\n", out);
	html_element(out, "caption", NULL, "%s", caption);
	fputs("<thead><tr>", out);
	return (struct html_table){ .out = out };
}

static void write_heads(FILE *out, const char *columns)
{
	while (*columns) {
		size_t length = strcspn(columns, "|");

		html_element(out, "th scope=\"col\"", NULL, "%.*s", (int)length, columns);
		columns += length + (columns[length] == '|');
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

struct html_table html_table_begin(FILE *out, const char *caption, const char *columns)
{
	struct html_table table = open_table(out, caption);

	write_heads(out, columns);
	return table;
}

void html_matrix_begin(FILE *out, const char *caption, const char *columns)
{
	fputs("<div class=\"scroll\"><table class=\"verdicts\">", out);
	html_element(out, "caption", NULL, "%s", caption);
	fputs("<thead><tr>", out);
	write_heads(out, columns);
}

void html_matrix_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

void html_row_begin(struct html_table *table)
{
	fputs("<tr>", table->out);
}

void html_cell(struct html_table *table, const char *format, ...)
{
	va_list ap;

	fputs("<td>", table->out);
	va_start(ap, format);
	html_vprintf(table->out, format, ap);
	va_end(ap);
	fputs("</td>", table->out);
}

void html_cell_number(struct html_table *table, double value)
{
	char exact[40], text[40];

	if (!isfinite(value)) {
		fputs("<td></td>", table->out);
		return;
	}
	csv_print_double(exact, sizeof(exact), value);
	fprintf(table->out, "<td class=\"n\"><data value=\"%s\">%s</data></td>", exact,
		html_number(text, sizeof(text), value));
}

void html_cell_count(struct html_table *table, uint64_t count)
{
	fprintf(table->out, "<td class=\"n\">%llu</td>", (unsigned long long)count);
}

void html_row_end(struct html_table *table)
{
	fputs("</tr>\n", table->out);
}

void html_table_end(struct html_table *table)
{
	fputs("</tbody></table></div></details>\n", table->out);
}

static void write_rows(struct html_table *table, const struct csv_table *rows, const char *const *column,
		       size_t n)
{
	for (size_t row = 0; row < rows->n_rows; row++) {
		html_row_begin(table);
		for (size_t i = 0; i < n; i++)
			html_cell(table, "%s", csv_cell(rows, row, csv_table_find(rows, column[i])));
		html_row_end(table);
	}
	html_table_end(table);
}

void html_csv_table(FILE *out, const char *caption, const char *titles, const struct csv_table *rows,
		    const char *const *column, size_t n)
{
	struct html_table table = html_table_begin(out, caption, titles);

	write_rows(&table, rows, column, n);
}

enum { OPEN_ROWS = 3, LONG = 5 };

void html_open_rows(FILE *out, size_t n, const char *what,
		    void (*rows)(FILE *out, void *arg, size_t from, size_t to), void *arg)
{
	size_t open = n > LONG ? OPEN_ROWS : n;

	rows(out, arg, 0, open);
	if (open == n)
		return;
	fputs("<details class=\"more\">", out);
	html_element(out, "summary", NULL, "%zu more %s", n - open, what);
	rows(out, arg, open, n);
	fputs("</details>\n", out);
}

void html_csv_file(FILE *out, const char *caption, const struct csv_table *rows)
{
	struct html_table table = open_table(out, caption);

	for (size_t i = 0; i < rows->n_columns; i++)
		html_element(out, "th scope=\"col\"", NULL, "%s", rows->header[i]);
	fputs("</tr></thead>\n<tbody>\n", out);
	write_rows(&table, rows, (const char *const *)rows->header, rows->n_columns);
}

const char *html_number(char *text, size_t size, double value)
{
	double x = fabs(value);

	snprintf(text, size, "%.*f", x >= 1000 ? 0 : x >= 100 ? 1 : x >= 10 ? 2 : 3, value);
	return text;
}
