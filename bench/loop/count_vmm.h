/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part 3 of the contract (kick_vmm.h) for counting: a signal is the transport's, as an IPI is. */
#ifndef BENCH_COUNT_VMM_H
#define BENCH_COUNT_VMM_H

#define kick_signal_wait(vcpu) ((void)(vcpu))
#define kick_signal_mask(vcpu, blocked) ((void)(vcpu), (void)(blocked))
#define kick_signal_eat(vcpu) ((void)(vcpu), false)
#define kick_run_end(vcpu) ((void)(vcpu))
#define kick_run_begin(vcpu, immediate_exit) ((void)(vcpu), (void)(immediate_exit), true)

static inline void kick_signal(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	bench_count_world.sent++;
}

static inline bool kick_wait_signal(struct kick_vcpu *vcpu, kick_int *word, int value)
{
	(void)vcpu;
	kick_wait(word, value);
	return true;
}

#endif
