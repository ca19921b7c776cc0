/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Not refused, but what the contract rules out: an unlock too many.  With one kicker nobody is lost by it
 * where a lock is one word; a ticket lock never comes back from it.
 */
KICK_DECLARE(.summary = "a kick unlocks twice", .origin = "test",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/locked_ticket.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	kick_ticket_lock(&vcpu->lock);
	kick_ticket_unlock(&vcpu->lock);
	kick_ticket_unlock(&vcpu->lock);
	return outcome;
}
