// SPDX-License-Identifier: GPL-2.0-or-later
/* stress_main SECONDS BACKEND...: stress without the rest of the program, for a build under TSan. */
#include <stdio.h>
#include <stdlib.h>

#include "stress/stress.h"
#include "topo/topo.h"

static int run(const char *name, double seconds, const struct topo *topo)
{
	const struct stress_backend *b = stress_backend_find(name);
	struct stress_options options;
	struct stress_result result;
	char err[256];
	int failed;

	if (!b)
		return 2;
	stress_options_init(&options);
	options.duration_ns = (uint64_t)(seconds * 1e9);
	failed = stress_run(b, &options, topo, &result, err, sizeof(err));
	if (failed) {
		printf("%s: %s\n", name, err);
		return 3;
	}
	printf("%s: %llu kicks, bits %#x\n", name, (unsigned long long)result.n[STRESS_KICKS],
	       result.bits);
	stress_result_fini(&result);
	return 0;
}

int main(int argc, char **argv)
{
	struct topo *topo;
	char err[256];

	if (argc < 3)
		return 2;
	if (topo_load(&topo, err, sizeof(err))) {
		printf("%s\n", err);
		return 3;
	}
	for (int i = 2; i < argc; i++) {
		int code = run(argv[i], atof(argv[1]), topo);

		if (code)
			return code;
	}
	topo_free(topo);
	return 0;
}
