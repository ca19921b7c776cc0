/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program and the module kick_judge say to each other, by files under JUDGE_DIR:
 *
 *	about	 read: lines KEY VALUE: what this module and this kernel are
 *	run	 write one struct judge_order: runs it, and returns when it has ended; read: its
 *		 struct judge_report
 *	samples	 read: the next latencies in ns, up to JUDGE_SAMPLES_A_READ of __u32; empty: no more
 *
 * write() says: -EINVAL no such order; -ENOENT no such backend; -EOPNOTSUPP the backend needs what
 * the kernel cannot give, see about; -EBUSY another run is on, or a CPU would be left to nobody;
 * -ENODEV a CPU of the order is not online, or the module goes; -EINTR the caller was sent a signal.
 */
#ifndef KERNEL_KICK_JUDGE_H
#define KERNEL_KICK_JUDGE_H

#include <linux/types.h>

#define JUDGE_DIR "/sys/kernel/kick_judge"

enum {
	JUDGE_VERSION = 2,
	JUDGE_MAX_KICKERS = 8,
	JUDGE_MAX_CPUS = 8, /* that the vCPUs run on */
	JUDGE_MAX_VCPUS = 4096,
	JUDGE_OUTCOMES = 8,
	JUDGE_MAX_SAMPLES = 1 << 16,
	JUDGE_SAMPLES_A_READ = 1000,
};
#define JUDGE_MAX_NS 60000000000ULL /* of a window, a stint, between two moves */

enum judge_scenario {
	JUDGE_FASTPATH,
	JUDGE_ENTRY,
	JUDGE_ROUNDTRIP,
	JUDGE_CONTEND,
	JUDGE_MIGRATE,
	JUDGE_BROADCAST,
	JUDGE_N_SCENARIOS
};

/* How kick_ipi() interrupts a CPU. */
enum judge_transport { JUDGE_RESCHEDULE, JUDGE_CALL, JUDGE_N_TRANSPORTS };

/* The state in which a fastpath kick finds its vCPU, and what one op is. */
enum judge_path { JUDGE_UNLOADED, JUDGE_SELF, JUDGE_OUTSIDE, JUDGE_EXITING, JUDGE_N_PATHS };
enum judge_form { JUDGE_KICK, JUDGE_REQUEST_KICK, JUDGE_CLAIM, JUDGE_N_FORMS };

/* Who brings a vCPU to another CPU: two kthreads, one on each; or the scheduler, which moves the one. */
enum judge_mover { JUDGE_HANDOVER, JUDGE_SCHEDULER, JUDGE_N_MOVERS };

struct judge_order {
	__u32 version;
	char backend[32];
	__u32 scenario, transport, path, form, mover;
	__u32 put_clears, wait, wakeup; /* 0 or 1 */
	__u32 n_kickers, n_cpus, n_vcpus, n_in_guest, mask_width;
	__s32 kicker_cpu[JUDGE_MAX_KICKERS], cpu[JUDGE_MAX_CPUS];
	__u64 window_ns;
	__u64 kicks;	       /* the run ends after so many, contend's after as many IPIs; 0: by time */
	__u64 widen_ns;	       /* longest delay between the racing accesses; 0: none */
	__u64 move_ns, exit_ns; /* mean time from move to move, and of a stint that nobody ends; 0: never */
	__u64 seed;
};

enum judge_end {
	JUDGE_DONE,
	JUDGE_STOPPED, /* by a signal, or the module goes */
	JUDGE_OFFLINE, /* a CPU went offline */
	JUDGE_STUCK,   /* no kick and no stint for seconds: the watchdog */
	JUDGE_UNREADY, /* the vCPU could not be brought into that state */
};

struct judge_report {
	__u32 version, end;
	__u64 window_ns, ops, ops_ns;
	__u64 kicks, casts, outcome[JUDGE_OUTCOMES];
	__u64 sent, dropped, misdirected;
	__u64 useful, spurious, stale; /* as the vCPU's side found them; their sum is received */
	__u64 received;		       /* resched (if that is the transport) + called */
	__u64 resched, called;	       /* moved on the vCPUs' CPUs: the kernel's count, our handlers' */
	__u64 merged, foreign; /* sent and not counted; counted and not sent: exactly, if settled */
	__u64 in_moves;	       /* received there while the scheduler moved the vCPU */
	__u64 doubtful;	       /* stints that an IPI ended when the scheduler wanted the CPU, too */
	__u64 settled;	       /* 1: after each kick was looked whether its IPI had been taken */
	__u64 stints, exits, natural, migrations, poisoned, lost;
	__u64 least_kicks, most_kicks; /* of one kicker */
	__u64 preempted, samples, nivcsw;
	__u64 wrong; /* fastpath: kicks of the batch that ended otherwise */
};

#endif
