// SPDX-License-Identifier: GPL-2.0-or-later
/* The one handler of signals; judges ask for its flag through their callbacks, machines have their own. */
#include "cli/signals.h"

#include <signal.h>

#include "machine/relax.h"

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	if (caught == SIGINT && number == SIGINT) {
		signal(SIGINT, SIG_DFL);
		raise(SIGINT);
	}
	caught = number;
	machine_stop = MACHINE_STOP;
}

void verb_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int verb_signal(void)
{
	return caught;
}
