// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Explores the cells of some presets and prints what was found, without a clock, threads or libraries: the
 * same text whatever machine it is built for.
 * usage: matrix [EXECUTIONS_PER_CELL]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/explore.h"

static int explore(const struct xp_backend *backend, const struct xp_scenario *preset,
		   const char *model, uint64_t executions)
{
	/* To shorten a violation of mask takes 10 s where all else of its cell takes 10 ms. */
	const struct xp_options options = { .bound = -1, .executions = executions, .seed = 1,
					    .no_example = !strcmp(preset->name, "mask") };
	struct xp_cell cell = { .backend = backend, .scenario = *preset, .model = model };
	char verdict[512];

	if (xp_cell_run(&cell, &options))
		return 1;
	xp_verdict(&cell, verdict, sizeof(verdict));
	printf("%s %s %s: %s; %" PRIu64 " steps, example %" PRIx64 "\n", backend->name, preset->name,
	       model, verdict, cell.steps, cell.example.op_hash);
	return cell.status == XP_FAILED;
}

int main(int argc, char **argv)
{
	static const char *const models[] = { "sc", "tso", "pso" };
	static const char *const presets[] = { "one-kick", "two-kicks", "wake", "mask" };
	uint64_t executions = argc > 1 ? strtoull(argv[1], NULL, 10) : 3000;
	int failed = 0;

	for (size_t b = 0; xp_backends[b]; b++)
		for (size_t p = 0; p < 4; p++)
			for (size_t m = 0; m < 3; m++)
				failed |= explore(xp_backends[b], xp_preset(presets[p]), models[m],
						  executions);
	return failed;
}
