/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FNV-1a, the one hash of this tree: for identities, not against an adversary. */
#ifndef RESULTS_HASH_H
#define RESULTS_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* Lowest byte first: the same on every architecture. */
static inline uint64_t hash_u64(uint64_t hash, uint64_t value)
{
	for (int i = 0; i < 64; i += 8) {
		unsigned char byte = (unsigned char)(value >> i);

		hash = hash_bytes(hash, &byte, 1);
	}
	return hash;
}

#endif
