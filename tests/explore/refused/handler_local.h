/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same of a local variable of the thread, to which a word points. */
#include "kick_vmm.h"

#define HANDLER_SAYS(vcpu) says(vcpu)
#define THREAD_LOOKS(vcpu) looks(vcpu)
static inline bool looks(struct kick_vcpu *vcpu);
static inline void says(struct kick_vcpu *vcpu);
#include "tests/explore/refused/family/handler.h"

static inline void says(struct kick_vcpu *vcpu)
{
	bool *stop = READ_ONCE(vcpu->local);

	if (stop)
		*stop = true;
}

static inline bool looks(struct kick_vcpu *vcpu)
{
	bool stop = false;

	WRITE_ONCE(vcpu->local, &stop);
	WRITE_ONCE(vcpu->local, NULL);
	return stop;
}
