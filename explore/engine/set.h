/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of 128-bit hashes, numbered in the order in which they came. */
#ifndef EXPLORE_SET_H
#define EXPLORE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xp_set {
	uint64_t (*key)[2]; /* by number */
	size_t room;
	uint32_t *place; /* 1 + number, 0: empty; by hash, with linear probing */
	size_t places;	 /* a power of two, or 0 */
	size_t n;
	size_t limit; /* most bytes it may take, 0: any */
};

/* 1: added, 0: was there, -ENOMEM: no memory, or the limit is reached.  number may be NULL. */
int xp_set_add(struct xp_set *set, const uint64_t hash[2], size_t *number);
size_t xp_set_bytes(const struct xp_set *set);
void xp_set_clear(struct xp_set *set); /* keeps the memory */
void xp_set_fini(struct xp_set *set);

#endif
