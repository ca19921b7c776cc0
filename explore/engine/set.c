// SPDX-License-Identifier: GPL-2.0-or-later
/* The hashes lie in the order in which they came; a table of open addressing finds them. */
#include "explore/engine/set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The place of the hash, or the empty one where it would be. */
static size_t find(const struct xp_set *set, const uint64_t hash[2])
{
	size_t i = hash[0] & (set->places - 1);

	for (; set->place[i]; i = (i + 1) & (set->places - 1)) {
		const uint64_t *key = set->key[set->place[i] - 1];

		if (key[0] == hash[0] && key[1] == hash[1])
			break;
	}
	return i;
}

static int more_keys(struct xp_set *set, size_t room)
{
	void *key = realloc(set->key, room * sizeof(*set->key));

	if (!key)
		return -ENOMEM;
	set->key = key;
	set->room = room;
	return 0;
}

static int more_places(struct xp_set *set, size_t places)
{
	uint32_t *place = calloc(places, sizeof(*place));
	size_t i;

	if (!place)
		return -ENOMEM;
	free(set->place);
	set->place = place;
	set->places = places;
	for (i = 0; i < set->n; i++)
		place[find(set, set->key[i])] = i + 1;
	return 0;
}

static int grow(struct xp_set *set)
{
	size_t room = set->places ? set->places : 512;

	if (set->n >= UINT32_MAX / 2)
		return -ENOMEM;
	if (set->limit && room * sizeof(*set->key) + 2 * room * sizeof(*set->place) > set->limit)
		return -ENOMEM;
	return more_keys(set, room) || more_places(set, 2 * room) ? -ENOMEM : 0;
}

int xp_set_add(struct xp_set *set, const uint64_t hash[2], size_t *number)
{
	size_t i;

	if (set->n == set->room && grow(set))
		return -ENOMEM;
	i = find(set, hash);
	if (number)
		*number = set->place[i] ? set->place[i] - 1 : set->n;
	if (set->place[i])
		return 0;
	set->key[set->n][0] = hash[0];
	set->key[set->n][1] = hash[1];
	set->place[i] = ++set->n;
	return 1;
}

size_t xp_set_bytes(const struct xp_set *set)
{
	return set->room * sizeof(*set->key) + set->places * sizeof(*set->place);
}

void xp_set_clear(struct xp_set *set)
{
	if (set->place)
		memset(set->place, 0, set->places * sizeof(*set->place));
	set->n = 0;
}

void xp_set_fini(struct xp_set *set)
{
	free(set->key);
	free(set->place);
	*set = (struct xp_set){ .limit = set->limit };
}
