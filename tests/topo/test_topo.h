/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of topo/ share: shapes by name, and the words to compare them with. */
#ifndef TESTS_TEST_TOPO_H
#define TESTS_TEST_TOPO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "topo/topo.h"

/* Every shape the other tests run over: an XML file of tests/topo/topologies/ or a synthetic string. */
static const char *const shapes[] = {
	"pu:1",
	"pu:3",
	"numa:2 core:4 pu:2",
	"pack:2 l3:12 core:16 pu:1",
	"pack:4 die:2 [numa] group:2 [numa] core:4 pu:2",
	"pack:4 die:4 [numa] l3:2 core:4 pu:2",
	"core:64 pu:4",
	"pack:2 [numa] l3:1 group:16 core:4 pu:1",
	"vm-no-cores.xml",
	"disallowed.xml",
	"offline-uneven-smt.xml", "offline-two-levels.xml",
	"hybrid.xml",
	"five-kinds.xml",
	"deep-groups.xml",
	"two-memories.xml",
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static inline bool is_xml(const char *shape)
{
	size_t length = strlen(shape);

	return length > 4 && !strcmp(shape + length - 4, ".xml");
}

static inline void shape_path(const char *shape, char *path, size_t size)
{
	const char *src = getenv("SRC");

	snprintf(path, size, "%s/tests/topo/topologies/%s", src ? src : ".", shape);
}

static inline struct topo *load_shape(const char *shape)
{
	char path[512], err[256] = "";
	struct topo *topo = NULL;
	int rc;

	shape_path(shape, path, sizeof(path));
	rc = is_xml(shape) ? topo_load_xml(&topo, path, err, sizeof(err))
			   : topo_load_synthetic(&topo, shape, err, sizeof(err));
	if (rc)
		fail_msg("%s: %d %s", shape, rc, err);
	return topo;
}

static inline struct topo *load_machine(void)
{
	char err[256] = "";
	struct topo *topo = NULL;
	int rc = topo_load(&topo, err, sizeof(err));

	if (rc)
		fail_msg("this machine: %d %s", rc, err);
	return topo;
}

/* For a child process, which has no cmocka around it: says what is not so, and returns 1. */
#define EXPECT(condition)                                                                   \
	do {                                                                                \
		if (!(condition)) {                                                         \
			fprintf(stderr, "%s:%d: not %s\n", __FILE__, __LINE__, #condition); \
			return 1;                                                           \
		}                                                                           \
	} while (0)

#endif
