/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a mask with NO_ACTION makes its request, too. */
#define kick_mask patched_mask
#include "impl/patched.h"
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	return patched_mask(vm, req & ~KVM_REQUEST_NO_ACTION, bitmap, nbits);
}
