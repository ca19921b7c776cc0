/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Not refused, but what the contract rules out: a queue lock is let go by another node than it was taken
 * with.
 */
KICK_DECLARE(.summary = "unlocks by another node", .origin = "test",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/locked_mcs.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	struct kick_mcs_node one = { 0 }, two = { 0 };

	kick_mcs_lock(&vcpu->lock, &one);
	kick_mcs_unlock(&vcpu->lock, &two);
	return parent_send(vcpu, flags);
}
