// SPDX-License-Identifier: GPL-2.0-or-later
/* Damaged XML of topologies: loaded and usable, or refused. */
#include <limits.h>

#include "results/error.h" /* of fuzz.h: what is linked is read here */
#include "tests/fuzz.h"
#include "tests/scratch.h"
#include "topo/topo.h"

static const char *const names[] = { "hybrid.xml", "offline-uneven-smt.xml", "two-memories.xml",
				     "vm-no-cores.xml" };
enum { N_NAMES = sizeof(names) / sizeof(names[0]) };
static char *xml[N_NAMES];

static void one(struct fuzz *f)
{
	char path[SCRATCH_SIZE], err[512], *text = fuzz_mutate(f, xml[fuzz_below(f, N_NAMES)]);
	struct topo_counts counts;
	struct topo *topo;

	fuzz_put(scratch_path(path, "x.xml"), text);
	free(text);
	if (topo_load_xml(&topo, path, err, sizeof(err)))
		return;
	topo_count(topo, &counts);
	if (!topo_hash(topo) || counts.pus < 1)
		abort();
	text = topo_xml(topo);
	free(text);
	topo_free(topo);
}

int main(void)
{
	const char *src = getenv("SRC");
	char path[PATH_MAX];

	for (size_t i = 0; i < N_NAMES; i++) {
		snprintf(path, sizeof(path), "%s/tests/topo/topologies/%s", src ? src : ".", names[i]);
		xml[i] = fuzz_lines(path, 1);
		if (!xml[i]) {
			perror(path);
			return 1;
		}
	}
	return fuzz_run("topology XML", 500, one);
}
