/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: runs a program's fibers over and over, one execution at a time. */
#ifndef EXPLORE_ENGINE_H
#define EXPLORE_ENGINE_H

#include "explore/engine/state.h"

bool xp_execute(void); /* one execution; false: stopped by an error */
void xp_begin(const struct xp_program *program, const struct xp_model *model,
	      const struct xp_search *search);
void xp_restart(void); /* the same from the first execution on; lanes keep their numbers */
void xp_find_loop(int from); /* spin.c: an execution goes round, from this level on */
void xp_point(struct xp_op *op); /* returns when the fiber may do it */

/* It has happened: what the model makes of it, and what its thread is told. */
static inline void xp_happened(struct xp_op *op, bool changes, uint64_t told)
{
	op->a = told;
	if (xp.model->machine)
		xp.model->machine(op, changes);
	xp_note(told);
	xp_trace(op, told);
}

int xp_branch(int n, const struct xp_site *site); /* 0..n-1: a choice that follows a step at once */
uint64_t xp_local_state(const void *stack); /* spin.c: of the fiber that runs, from there on */
bool xp_end_is_real(void); /* spin.c: nobody waits for what has come */
void xp_lap_goes_on(struct xp_fiber *f, enum xp_kind kind); /* spin.c: by stack, at each step */
void xp_abandon(enum xp_end end) __attribute__((noreturn)); /* from a fiber: no more of this execution */

#endif
