// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of a test: chunks that are freed together. */
#include "explore/litmus/test.h"

#include <stdlib.h>

struct lt_chunk {
	struct lt_chunk *next;
	max_align_t bytes[];
};

void *xp_lt_alloc(struct lt_test *test, size_t size)
{
	struct lt_chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		return NULL;
	chunk->next = test->chunks;
	test->chunks = chunk;
	return chunk->bytes;
}

void xp_lt_free(struct lt_test *test)
{
	struct lt_chunk *chunk = test->chunks, *next;

	for (; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	test->chunks = NULL;
}
