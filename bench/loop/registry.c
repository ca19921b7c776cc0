// SPDX-License-Identifier: GPL-2.0-or-later
/* All backends, from the list that CMake makes of impl/, or `judge` of its files. */
#include "bench/backend.h"

#include <string.h>

#define X(name)                                                                                    \
	extern const struct bench_fast bench_fast_##name;                                          \
	extern const struct bench_count bench_count_##name;                                        \
	extern const struct bench_live bench_live_##name;                                          \
	extern const struct bench_live bench_wired_##name;                                         \
	extern const struct bench_probe bench_probe_##name;                                        \
	extern const struct bench_cast bench_cast_##name;
#include "kick_backends.def"
#undef X

const struct bench_backend bench_backends[] = {
#define X(name)                                                                                    \
	{ #name,	      &bench_fast_##name,  &bench_count_##name,                                    \
	  &bench_live_##name, &bench_wired_##name, &bench_probe_##name, &bench_cast_##name },
#include "kick_backends.def"
#undef X
};
const size_t bench_n_backends = sizeof(bench_backends) / sizeof(bench_backends[0]);

const struct bench_backend *bench_backend_find(const char *name)
{
	for (size_t i = 0; i < bench_n_backends; i++)
		if (!strcmp(bench_backends[i].name, name))
			return &bench_backends[i];
	return NULL;
}

bool bench_may_address_nobody(const struct bench_backend *b)
{
	const struct kick_declaration *d = bench_decl(b);
	unsigned int finds = d->stress_tso.finds;

	for (size_t i = 0; i < sizeof(d->explore) / sizeof(d->explore[0]) && d->explore[i].preset; i++)
		finds |= d->explore[i].finds;
	return finds & KICK_V_CPU;
}
