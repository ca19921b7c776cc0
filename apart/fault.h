/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a child died of, and where, in words. */
#ifndef APART_FAULT_H
#define APART_FAULT_H

#include "apart/apart.h"

/* In memory that both see. */
struct apart_fault {
	const void *pc; /* where it crashed, or NULL */
};

/* In the child: where it crashes is noted. */
void apart_note_faults(struct apart_fault *fault);

/* "crash died of signal 11, Segmentation fault (phase 3, at impl/crash.h:12)"; when: "phase 3". */
void apart_say_end(const struct apart_end *end, const struct apart_fault *fault, const char *who,
		   const char *when, char *text, size_t size);

#endif
