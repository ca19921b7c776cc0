// SPDX-License-Identifier: GPL-2.0-or-later
/* Open addressing; a hash of zeroes stands for an empty place. */
#include "explore/set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool place(uint64_t (*key)[2], size_t size, uint64_t a, uint64_t b)
{
	size_t i;

	for (i = a & (size - 1); key[i][0] | key[i][1]; i = (i + 1) & (size - 1))
		if (key[i][0] == a && key[i][1] == b)
			return false;
	key[i][0] = a;
	key[i][1] = b;
	return true;
}

static int grow(struct xp_set *set)
{
	size_t size = set->size ? 2 * set->size : 1024, i;
	uint64_t (*key)[2];

	if (set->limit && size * sizeof(*key) > set->limit)
		return -ENOMEM;
	key = calloc(size, sizeof(*key));
	if (!key)
		return -ENOMEM;
	for (i = 0; i < set->size; i++)
		if (set->key[i][0] | set->key[i][1])
			place(key, size, set->key[i][0], set->key[i][1]);
	free(set->key);
	set->key = key;
	set->size = size;
	return 0;
}

int xp_set_add(struct xp_set *set, const uint64_t hash[2])
{
	if (2 * set->n >= set->size && grow(set))
		return -ENOMEM;
	if (!place(set->key, set->size, hash[0], hash[1] | 1))
		return 0;
	set->n++;
	return 1;
}

void xp_set_clear(struct xp_set *set)
{
	if (set->key)
		memset(set->key, 0, set->size * sizeof(*set->key));
	set->n = 0;
}

void xp_set_fini(struct xp_set *set)
{
	free(set->key);
	*set = (struct xp_set){ .limit = set->limit };
}
