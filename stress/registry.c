// SPDX-License-Identifier: GPL-2.0-or-later
/* All backends, from the list that CMake makes of impl/, or `judge` of its files. */
#include <string.h>

#include "stress/stress.h"

#define X(name) extern const struct stress_backend stress_backend_##name;
#include "kick_backends.def"
#undef X

const struct stress_backend *const stress_backends[] = {
#define X(name) &stress_backend_##name,
#include "kick_backends.def"
#undef X
	NULL,
};

const struct stress_backend *stress_backend_find(const char *name)
{
	for (size_t i = 0; stress_backends[i]; i++)
		if (!strcmp(stress_backends[i]->name, name))
			return stress_backends[i];
	return NULL;
}
