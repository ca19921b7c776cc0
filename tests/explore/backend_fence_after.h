/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched with a plain store of the mode and a C11 seq_cst claim, which a full barrier follows. */
#define KVM_PUBLISH_IN_GUEST(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#define KVM_CLAIM(vcpu)                                                                            \
	({                                                                                         \
		int mode_ = cmpxchg_seq_cst(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);     \
		smp_mb();                                                                          \
		mode_;                                                                             \
	})
#include "impl/patched.h"
