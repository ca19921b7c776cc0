// SPDX-License-Identifier: GPL-2.0-or-later
/* One backend's operations, counted: exact, the same on every machine. */
#include "kick_ops_counting.h"
#include "kick.h"
#include "bench/loop/count_world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include <errno.h>
#include <stdlib.h>

#include "bench/backend.h"
#include "bench/loop/template.h"

#define bench_move(to) (bench_count_world.cpu = (to))
#include "bench/loop/path_setup.h"

/* A fresh host of two pCPUs and one vCPU; the caller is on pCPU 0. */
static struct kick_vcpu *fresh(bool put_clears_cpu)
{
	static struct kick_vcpu vcpu;
	static struct kick_vm vm;
	static struct kick_pcpu pcpu[2];
	static struct kick_kicker kicker;

#ifdef KICK_VMM
	vmm_alone.in_run = NULL;
	vmm_alone.pending = false;
#endif
	__builtin_memset(&vcpu, 0, sizeof(vcpu));
	__builtin_memset(&vm, 0, sizeof(vm));
	__builtin_memset(pcpu, 0, sizeof(pcpu));
	__builtin_memset(&kicker, 0, sizeof(kicker));
	bench_count_world = (struct bench_count_world){ .vcpu = &vcpu,
					    .vm = &vm,
					    .pcpu = { &pcpu[0], &pcpu[1] },
					    .kicker = &kicker,
					    .put_clears_cpu = put_clears_cpu };
	return &vcpu;
}

static enum kick_outcome again(struct kick_vcpu *vcpu, enum bench_form form)
{
	return kick_send(vcpu, form == BENCH_CLAIM ? KVM_REQUEST_NO_WAKEUP : 0);
}

/* KICK_SENT is an IPI, anything else is none, and nobody sleeps here. */
static bool is_true(enum kick_outcome outcome, unsigned long sent)
{
	return kick_decl.features & KICK_F_NO_PROTOCOL ||
	       (outcome < KICK_N_OUTCOMES && outcome != KICK_WOKEN && (outcome == KICK_SENT) == (sent != 0));
}

static int count_kick(enum bench_path path, enum bench_form form, bool put_clears_cpu,
		      struct kick_counts *counts, enum kick_outcome *outcome)
{
	struct kick_vcpu *vcpu = fresh(put_clears_cpu);
	unsigned long before;

	if (!path_prepare(vcpu, path, path != BENCH_SELF))
		return -ENOTSUP;
	before = bench_count_world.sent;
	kick_counts = (struct kick_counts){ 0 };
	if (form == BENCH_REQUEST_KICK)
		kick_request(vcpu, 0);
	*outcome = again(vcpu, form);
	*counts = kick_counts;
	if (!is_true(*outcome, bench_count_world.sent - before))
		return -EPROTO;
	if (path != BENCH_IN_GUEST && again(vcpu, form) != *outcome)
		return -ESTALE;
	return 0;
}

static int count_entry(struct kick_counts *counts)
{
	struct kick_vcpu *vcpu = fresh(false);

	kick_vcpu_init(vcpu);
	kick_vcpu_load(vcpu, 0);
	kick_counts = (struct kick_counts){ 0 };
	if (!kick_guest_enter(vcpu))
		return -ENOTSUP;
	kick_guest_exit(vcpu);
	*counts = kick_counts;
	return 0;
}

/* Nobody else is here: who waits for a vCPU's loop, or has halted, comes to no end, and is not counted. */
#ifdef KICK_VMM
#define GIVES_UP_HERE() (vmm_alone.waits = VMM_ALONE_WAITS, setjmp(vmm_alone.given_up))
#else
#define GIVES_UP_HERE() 0
#endif

static int kick(enum bench_path path, enum bench_form form, bool put_clears_cpu, struct kick_counts *counts,
		enum kick_outcome *outcome)
{
	if (GIVES_UP_HERE())
		return -ENOTSUP;
	return count_kick(path, form, put_clears_cpu, counts, outcome);
}

static int entry(struct kick_counts *counts)
{
	if (GIVES_UP_HERE())
		return -ENOTSUP;
	return count_entry(counts);
}

static int handler(struct kick_counts *counts)
{
#ifdef KICK_VMM
	struct kick_vcpu *vcpu = fresh(false);

	kick_vcpu_init(vcpu);
	kick_vcpu_load(vcpu, 0);
	kick_counts = (struct kick_counts){ 0 };
	kick_handler(vcpu);
	*counts = kick_counts;
	return 0;
#else
	(void)counts;
	return -ENOTSUP;
#endif
}

static unsigned int windows(void)
{
	struct kick_vcpu *vcpu = fresh(false);

	if (GIVES_UP_HERE() || !path_prepare(vcpu, BENCH_IN_GUEST, 1))
		return 0;
	bench_count_world.windows = 0;
	kick_send(vcpu, 0);
	return bench_count_world.windows;
}

const struct bench_count BENCH_NAME(bench_count_) = { kick, entry, handler, windows };
