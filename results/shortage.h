/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Was there no memory, file descriptor or room anywhere in this process, or in a child that it forked?
 * Whoever gets NULL may go on as well as it can; what it then leaves out nobody sees, so the run as a whole
 * has failed.
 */
#ifndef RESULTS_SHORTAGE_H
#define RESULTS_SHORTAGE_H

/*
 * Of cJSON and of children from here on; of the program itself from the beginning, where it is linked with
 * --wrap.  Before any thread.
 */
void results_shortage_watch(void);
/* The errno of the last thing that was not to be had; 0: there was all. */
int results_shortage(void);

#endif
