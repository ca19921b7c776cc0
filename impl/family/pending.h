/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A word of requests on which nobody sleeps.  The backend has defined struct kick_vcpu with the field
 * requests.
 */

/* What the request is about before its bit; pairs with smp_mb__after_atomic() in kick_take(). */
static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	smp_wmb();
	set_bit(nr, &vcpu->requests);
	kick_window(KICK_W_REQUEST_MODE);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long pending = READ_ONCE(vcpu->requests);

	if (pending) {
		fetch_and_relaxed(&vcpu->requests, ~pending);
		smp_mb__after_atomic(); /* pairs with smp_wmb() in kick_request() */
	}
	return pending;
}
