// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes and releases each lock once, in functions that an emulator's log can name. */
#include "machine/locks.h"

static struct kick_fas fas;
static struct kick_ticket ticket;
static struct kick_mcs mcs;
static struct kick_mcs_node node;

void fas_l(void), fas_u(void), ticket_l(void), ticket_u(void), mcs_l(void), mcs_u(void);

void fas_l(void)
{
	kick_fas_lock(&fas);
}

void fas_u(void)
{
	kick_fas_unlock(&fas);
}

void ticket_l(void)
{
	kick_ticket_lock(&ticket);
}

void ticket_u(void)
{
	kick_ticket_unlock(&ticket);
}

void mcs_l(void)
{
	kick_mcs_lock(&mcs, &node);
}

void mcs_u(void)
{
	kick_mcs_unlock(&mcs, &node);
}

int main(void)
{
	void (*volatile calls[])(void) = { fas_l, fas_u, ticket_l, ticket_u, mcs_l, mcs_u };

	for (int i = 0; i < 6; i++)
		calls[i]();
	return 0;
}
