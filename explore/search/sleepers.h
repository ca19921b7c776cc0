/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who need not go on from a state, since what he would begin has been seen from there: sleep sets. */
#ifndef EXPLORE_SLEEPERS_H
#define EXPLORE_SLEEPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At the level that comes: who dozes is found first, then those that sleep, and do not doze. */
void xp_rouse(void);
uint32_t xp_asleep(void);

/* A state is new; there are at most `room` of them.  false: no memory. */
bool xp_sleepers_note(size_t state, size_t room);
/* A state came again: what is still to be done there, if these steps lead on, or one of them alone. */
uint32_t xp_sleepers_left(size_t state, bool alone, uint32_t steps);

void xp_sleepers_take(int level, int agent); /* before each step */
void xp_sleepers_fini(void);

#endif
