// SPDX-License-Identifier: GPL-2.0-or-later
/* All backends, from the list that CMake makes of impl/, or `judge` of its files. */
#include "explore/world/scenario.h"

#include <string.h>

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "kick_backends.def"
#undef X

const struct xp_backend *const xp_backends[] = {
#define X(name) &xp_backend_##name,
#include "kick_backends.def"
#undef X
	NULL,
};

const struct xp_backend *xp_backend(const char *name)
{
	int i;

	for (i = 0; xp_backends[i]; i++)
		if (!strcmp(xp_backends[i]->name, name))
			return xp_backends[i];
	return NULL;
}
