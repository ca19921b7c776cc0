/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transports with real interrupts: `signal` sends the carrier a signal, `membarrier` makes the kernel
 * send a function-call IPI to the carrier's CPU and wait for its handler.
 *
 * membarrier is the twin of a waiting request, never of the reschedule IPI of kvm_vcpu_kick(): its
 * times are not to be ranked beside the others'.
 */
#ifndef MACHINE_WIRE_H
#define MACHINE_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <signal.h>

enum machine_transport {
	MACHINE_DOORBELL,
	MACHINE_SIGNAL,
	MACHINE_MEMBARRIER,
	MACHINE_RESCHEDULE, /* this and the next: in the kernel, by its module kick_judge */
	MACHINE_CALL,
	MACHINE_N_TRANSPORTS
};

/* Between threads of the kernel: no machine is emulated. */
static inline bool machine_is_kernel(enum machine_transport transport)
{
	return transport == MACHINE_RESCHEDULE || transport == MACHINE_CALL;
}

extern const char *const machine_transport_name[MACHINE_N_TRANSPORTS];

/* A carrier's end of the wire. */
struct machine_wire {
	uint32_t rung __attribute__((aligned(128))); /* kickers add; looked at when guest mode begins */
	uint32_t interrupted __attribute__((aligned(128))); /* the carrier's signal handler writes */
	int tid, os_cpu; /* set before the carrier's first vCPU is loaded */
	void (*handler)(void); /* of a VMM's thread: takes the signal, not `interrupted`; or NULL */
};

/* NULL: works here; else the reason why not.  The first call registers what the kernel wants. */
const char *machine_transport_missing(enum machine_transport transport);

/* The same of a signal that ends no guest mode, which needs no rseq. */
const char *machine_signal_missing(void);

/* The calling thread is the carrier at this end: from now on it takes the signal. */
void machine_wire_attach(struct machine_wire *wire);
void machine_wire_detach(void);
/* Keep the signal from the calling thread, or let it through: for tests, and for delayed IPIs. */
void machine_wire_hold(bool hold);

/* Interrupt that carrier. */
void machine_wire_ring(struct machine_wire *wire, enum machine_transport transport);

#endif
