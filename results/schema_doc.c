// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The columns as Markdown: results/README.md shows what the program writes, and a test compares the
 * two.
 */
#include <stdio.h>
#include <stdlib.h>
#include "results/schema.h"

static const char *const type_names[] = { "u64", "double", "string" };
static const char *const role_names[] = { "run", "case", "lower", "higher", "" };

static void print_schema(FILE *out, const struct csv_schema *schema)
{
	fprintf(out, "\n### %s.csv\n\n%s\n\n", schema->name, schema->doc);
	fprintf(out, "| column | type | unit | role | meaning |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < schema->n; i++) {
		const struct csv_column *c = &schema->column[i];

		fprintf(out, "| %s | %s | %s | %s | %s |\n", c->name, type_names[c->type], c->unit,
			role_names[c->role], c->doc);
	}
}

char *schema_markdown(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; schema_all[i]; i++)
		print_schema(out, schema_all[i]);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
