// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals and membarrier() as interrupts. */
#include "machine/wire.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/kick_judge.h"
#include "machine/section.h"

/* QEMU's choice for the same purpose. */
enum { WIRE_SIGNAL = SIGUSR1 };

const char *const machine_transport_name[MACHINE_N_TRANSPORTS] = { "doorbell", "signal",
								   "membarrier", "reschedule",
								   "call" };

static __thread struct machine_wire *attached;

static long membarrier(int command, unsigned int flags, int cpu)
{
	return syscall(__NR_membarrier, command, flags, cpu);
}

/* Late signals find no wire any more, and mean nothing. */
static void on_interrupt(int number)
{
	(void)number;
	if (attached && attached->handler)
		attached->handler();
	else if (attached)
		__atomic_store_n(&attached->interrupted, 1, __ATOMIC_RELAXED);
}

const char *machine_signal_missing(void)
{
	struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = SA_RESTART };

	if (sigaction(WIRE_SIGNAL, &action, NULL))
		return "the signal's handler could not be set";
	if (syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), WIRE_SIGNAL))
		return "this system, or a sandbox, denies tgkill()";
	return NULL;
}

static const char *no_membarrier(void)
{
	long commands = membarrier(MEMBARRIER_CMD_QUERY, 0, 0);

	if (commands < 0)
		return "this kernel, or a sandbox, has no membarrier()";
	if (!(commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ))
		return "this kernel's membarrier() cannot abort rseq sections (Linux 5.10 can)";
	if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0))
		return "membarrier() refused the registration";
	if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, sched_getcpu()))
		return "this system, or a sandbox, denies membarrier() of one CPU";
	return NULL;
}

static const char *no_module(void)
{
	if (!access(JUDGE_DIR "/run", R_OK | W_OK))
		return NULL;
	return errno == ENOENT ? "the module kick_judge is not loaded: scripts/kernel-judge does that"
			       : "the files of the module kick_judge are root's";
}

const char *machine_transport_missing(enum machine_transport transport)
{
	if (transport == MACHINE_DOORBELL)
		return NULL;
	if (machine_is_kernel(transport))
		return no_module();
#ifdef MACHINE_HAS_SECTION
	if (!preempt_area())
		return "the C library has not registered rseq (an old kernel, or a tunable)";
	return transport == MACHINE_SIGNAL ? machine_signal_missing() : no_membarrier();
#else
	(void)no_membarrier;
	return "guest mode as an rseq section exists for x86-64 and aarch64 only";
#endif
}

void machine_wire_attach(struct machine_wire *wire)
{
	wire->tid = (int)syscall(SYS_gettid);
	wire->os_cpu = sched_getcpu();
	attached = wire;
}

void machine_wire_detach(void)
{
	attached = NULL;
}

void machine_wire_hold(bool hold)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, WIRE_SIGNAL);
	pthread_sigmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

void machine_wire_ring(struct machine_wire *wire, enum machine_transport transport)
{
	if (transport == MACHINE_SIGNAL) {
		syscall(SYS_tgkill, getpid(), wire->tid, WIRE_SIGNAL);
		return;
	}
	/* Before the call: a carrier whose section begins only now sees it; pairs with carrier_spin(). */
	__atomic_fetch_add(&wire->rung, 1, __ATOMIC_SEQ_CST);
	membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, wire->os_cpu);
}
