/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a mask does nothing and says so. */
#define kick_mask patched_mask
#include "impl/patched.h"
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	(void)patched_mask;
	(void)vm, (void)req, (void)bitmap, (void)nbits;
	return false;
}
