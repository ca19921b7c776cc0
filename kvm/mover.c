// SPDX-License-Identifier: GPL-2.0-or-later
/* Round and round the PUs. */
#include "kvm/mover.h"

#include <errno.h>

#include "kvm/vcpu.h"
#include "topo/topo.h"

/* From shorter than a kick to longer than a tick of most kernels. */
static const uint64_t delays_ns[] = { 20000, 50000, 100000, 200000, 500000, 1000000, 3000000 };
enum { N_DELAYS = sizeof(delays_ns) / sizeof(delays_ns[0]) };

static int move(const struct kvm_mover *m, int from, int to)
{
	int failed = 0;

	/* The kicker leaves first: it must not keep the vCPU off its new PU. */
	if (m->kicker_tid)
		failed = topo_pin_thread(m->topo, m->kicker_tid, from);
	return failed ? failed : topo_pin_thread(m->topo, m->vcpu_tid, to);
}

static bool is_set(const int *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

static void *run(void *arg)
{
	struct kvm_mover *m = arg;

	for (uint64_t n = 0; !is_set(&m->stop) && !m->failed; n++) {
		m->failed = move(m, m->pus[n % (uint64_t)m->n_pus],
				 m->pus[(n + 1) % (uint64_t)m->n_pus]);
		if (!m->failed)
			m->moves++;
		kvm_sleep_ns(delays_ns[n % N_DELAYS] + n * 977 % 20000);
		while (is_set(&m->hold) && !is_set(&m->stop))
			kvm_sleep_ns(50000);
	}
	return NULL;
}

int kvm_mover_start(struct kvm_mover *m)
{
	m->moves = 0;
	m->hold = m->stop = m->failed = 0;
	return pthread_create(&m->thread, NULL, run, m) ? -EAGAIN : 0;
}

int kvm_mover_stop(struct kvm_mover *m)
{
	__atomic_store_n(&m->stop, 1, __ATOMIC_RELAXED);
	pthread_join(m->thread, NULL);
	return m->failed;
}
