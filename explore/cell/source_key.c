// SPDX-License-Identifier: GPL-2.0-or-later
/* The hashes are written at build time: cmake/source_hash.cmake. */
#include "explore/cell/source_key.h"

#include <stdio.h>
#include <string.h>

static const char *hash_of(const char *backend)
{
	static const struct {
		const char *backend, *hash;
	} known[] = {
#define X(name, hash) { #name, hash },
#include "source_hash.h"
#undef X
		{ NULL, NULL },
	};
	int i;

	for (i = 0; known[i].backend; i++)
		if (!strcmp(known[i].backend, backend))
			return known[i].hash;
	return NULL;
}

bool xp_source_key(const struct xp_cell *cell, char key[XP_KEY])
{
	const char *hash = hash_of(cell->backend->name);
	int at;

	if (!hash)
		return false;
	at = snprintf(key, XP_KEY, "%s/", hash);
	xp_cell_name(cell, key + at, XP_KEY - at);
	if (cell->all_orders)
		strncat(key, "/all-orders", XP_KEY - 1 - strlen(key));
	return true;
}
