/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions of this project put to the running kernel: what does a kick cost, and does one get
 * lost?  By a guest of our own under /dev/kvm, kicked from outside while its thread is moved about.
 */
#ifndef KVM_KVM_H
#define KVM_KVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/histogram.h"
#include "results/verdict.h"
#include "topo/topo.h"

struct kvm_kick;
struct sink;

enum { KVM_MAX_KICKS = 16, KVM_REASON = 160 };

/* What is measured: one row. */
struct kvm_case {
	const struct kvm_kick *kick;
	bool halted;   /* else the guest spins */
	bool migrate;  /* its thread is moved about */
	int kicker_pu; /* -1: it changes places with the vCPU */
	int vcpu_pu;   /* -1: it moves */
	enum topo_distance distance;
};

struct kvm_row {
	struct kvm_case what;
	int cpl;
	uint64_t window_ns, kicks, migrations, deaf_ns;
	uint64_t judged; /* kicks that the oracle watched an interrupt after */
	uint64_t lost, rescued;
	struct histogram call, exit, came;
	double exits, res, cal, traced; /* per kick, of a vCPU that stays; NaN: not measured */
	double natural_exits_per_s;
	uint64_t nvcsw, nivcsw;
	enum verdict verdict;
	char reason[KVM_REASON];
};

/* Hands it out as a row of schema_kvm.  -errno of the sink, -ENOMEM. */
int kvm_row_hand_out(struct sink *sink, const char *run_id, const struct kvm_row *row);

/* What was found out before the first row. */
struct kvm_host {
	char modules[128];
	int cpl; /* that the guest runs at */
	double loops_per_ms[2]; /* of CPU time, at level 0 and 3; NaN: it did not run */
	uint64_t self_test, arrived;
	double natural_exits_per_s;
	uint64_t deaf_ns;
};

struct kvm_result {
	struct kvm_host host;
	uint64_t judged; /* kicks of moving vCPUs that the oracle watched an interrupt after */
	uint64_t still;	 /* those of vCPUs that stayed where they were */
	uint64_t migrations, lost, rescued;
	size_t measured;	  /* rows that are not na, without the floor */
	char na[KVM_REASON];	  /* why the last one was */
	enum verdict verdict; /* na: none was measured */
	char reason[KVM_REASON];
	int unwritten; /* -errno: what the sink said first */
};

struct kvm_options {
	double seconds;
	const struct kvm_kick *kick[KVM_MAX_KICKS];
	size_t n_kicks;
	uint64_t seed; /* of the pauses between kicks */
	bool only_migrate;
	bool (*stop)(void);
	/* Before the first row; not 0: go no further. */
	int (*begin)(void *arg, const struct kvm_host *host);
	void *arg;
	struct sink *sink;  /* rows of schema_kvm; and run_id, which begin() may fill */
	const char *run_id;
};

/* Every kick, 5 seconds. */
void kvm_options_init(struct kvm_options *options);

/*
 * 0; -EINTR: stop() said so; -ECANCELED: begin() did; -EOPNOTSUPP: cannot be asked here; other
 * -errno: the environment failed.  One line in err.
 */
int kvm_measure(const struct kvm_options *options, const struct topo *topo,
		struct kvm_result *result, char *err, size_t err_size);

#endif
