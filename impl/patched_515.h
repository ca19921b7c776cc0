/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The patch in the kernel it was released with: 5.15 still published the mode by a plain store.  On
 * x86 that is the same machine code; elsewhere the recheck of EXITING_GUEST_MODE behind the full barrier
 * saves it, because the kernel's claim is a full barrier too.
 */
KICK_DECLARE(.summary = "the patch in its own kernel: mode published by a plain store",
	     .origin = "Linux 5.15, commit 85b640450ddc",
	     .released = 202110, .kernel = "5.15",
	     .changed = "1/4 claims before it reads cpu; 2/4 and 4/4 mend masks; mode is stored plainly",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { KICK_FREES_AHEAD(0) });

#define KVM_PUBLISH_IN_GUEST(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
