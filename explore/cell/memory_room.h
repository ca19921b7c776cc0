/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory this process may still take, whoever limits it. */
#ifndef EXPLORE_MEMORY_ROOM_H
#define EXPLORE_MEMORY_ROOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes below the nearest limit: those of its control groups (memory.max and memory.high of version 2,
 * memory.limit_in_bytes of version 1) and of all groups above them, less what is in use there and
 * cannot be given back, and of the machine what is free.  root is "" or, for a test, a folder with a
 * proc and a sys; then the machine itself does not count.  UINT64_MAX: nobody says.
 */
uint64_t xp_memory_room(const char *root);

/*
 * For sets of states, in bytes: 3/4 of that, divided by those who share it, or what is wanted if it is less
 * (0: nothing is), so that one that grows and grows ends the search, and not this process or the machine.
 * 0: any.
 */
size_t xp_memory_most(size_t wanted, int sharers);

/* Of so many worker processes, those that there is room for; one at least. */
int xp_memory_workers(int wanted);

#endif
