/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a mask leaves out the first vCPU. */
#define kick_mask patched_mask
#include "impl/patched.h"
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long all = ~0ul, set = (bitmap ? *bitmap : all) & ~1ul;

	return patched_mask(vm, req, &set, bitmap ? nbits : (unsigned int)kick_nr_vcpus(vm));
}
