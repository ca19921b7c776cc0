/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT and SIGTERM, for every verb: they end what runs, and what was found until then is kept. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/*
 * From here on they are noted, and machines stop; a second SIGINT ends the process at once.  A second
 * SIGTERM does not: a group may get one, and each of its processes another from its parent.
 */
void verb_catch_signals(void);
int verb_signal(void); /* 0: none came */

#endif
