// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding a column, and adding some that only this run has. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
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
