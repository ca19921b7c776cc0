// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Okabe and Ito's colours, which the colour-blind tell apart; shape and dashes say the same again, for
 * print and for those who see no colour at all.
 */
#include "report/draw/palette.h"

#include <stdlib.h>
#include <string.h>

#include "report/draw/html.h"

/* In the order of the figures: the patch first, then what it is measured against. */
static const struct {
	const char *backend;
	struct svg_look look;
} known[] = {
	{ "old", { 0, 0, 0 } },		 { "patched", { 1, 1, 1 } },	{ "mainline", { 2, 2, 2 } },
	{ "locked_mutex", { 3, 3, 3 } }, { "locked_fas", { 3, 4, 4 } }, { "locked_ticket", { 3, 5, 5 } },
	{ "locked_mcs", { 3, 6, 6 } },	 { "packed", { 4, 7, 4 } },	{ "always", { 5, 0, 3 } },
	{ "patched_515", { 6, 1, 2 } },	 { "noop", { 7, 2, 4 } },	{ "floor", { 7, 0, 4 } },
	{ "ping-pong", { 7, 0, 6 } },
};
enum { N_KNOWN = sizeof(known) / sizeof(known[0]) };

int palette_rank(const char *backend)
{
	int i;

	for (i = 0; i < N_KNOWN && strcmp(known[i].backend, backend); i++)
		;
	return i;
}

/* One that nobody knows (a protocol of one's own) is dark, its shape from its name. */
struct svg_look palette_of(const char *backend)
{
	int i = palette_rank(backend);
	unsigned int hash = 0;

	if (i < N_KNOWN)
		return known[i].look;
	for (; *backend; backend++)
		hash = hash * 31 + (unsigned char)*backend;
	return (struct svg_look){ 6, (int)(hash % 8), (int)(hash / 8 % 7) };
}

static int by_rank(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int order = palette_rank(x) - palette_rank(y);

	return order ? order : strcmp(x, y);
}

size_t palette_backends(const struct csv_table *table, const char *backend[PALETTE_MAX])
{
	int column = csv_table_find(table, "backend");
	size_t n = 0;

	for (size_t row = 0; row < table->n_rows; row++) {
		const char *name = csv_cell(table, row, column);
		size_t i = 0;

		while (i < n && strcmp(backend[i], name))
			i++;
		if (i == n && n < PALETTE_MAX && *name && strcmp(name, "floor"))
			backend[n++] = name;
	}
	qsort(backend, n, sizeof(*backend), by_rank);
	return n;
}

size_t palette_with_floor(const struct csv_table *table, const char *drop, const char *add,
		       const char *backend[PALETTE_MAX + 1])
{
	size_t all = palette_backends(table, backend), n = 0;

	for (size_t i = 0; i < all; i++)
		if (strcmp(backend[i], drop))
			backend[n++] = backend[i];
	if (add)
		backend[n++] = add;
	return n;
}

void palette_legend(FILE *out, const char *const *backend, size_t n)
{
	fputs("<ul class=\"legend\">", out);
	for (size_t i = 0; i < n; i++) {
		struct svg_look look = palette_of(backend[i]);

		fputs("<li><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 26 12\" class=\"key\""
		      " aria-hidden=\"true\">",
		      out);
		svg_path_begin(out, look);
		svg_path_point(out, 0, 6);
		svg_path_point(out, 26, 6);
		svg_path_end(out, "%s", backend[i]);
		svg_mark(out, look, 13, 6, "%s", "");
		fputs("</svg> ", out);
		html_text(out, backend[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}
