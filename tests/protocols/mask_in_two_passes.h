/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sound: all requests first, then all claims. */
KICK_DECLARE(.summary = "a mask in two passes",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	int i;

	for (i = 0; i < kick_nr_vcpus(vm); i++)
		if (!bitmap || kick_bitmap_test(bitmap, nbits, i)) {
			kvm_make_request(kick_get_vcpu(vm, i), req);
			if (!(req & KVM_REQUEST_NO_WAKEUP))
				kick_wake(kick_get_vcpu(vm, i));
		}
	return parent_mask(vm, req | KVM_REQUEST_NO_ACTION | KVM_REQUEST_NO_WAKEUP, bitmap, nbits);
}
