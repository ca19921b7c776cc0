/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request's number with its flags. */
#define kick_request parent_request
#include "impl/patched.h"
#undef kick_request

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	parent_request(vcpu, nr | KVM_REQUEST_NO_WAKEUP);
}
