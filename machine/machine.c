// SPDX-License-Identifier: GPL-2.0-or-later
/* Setting the emulated host up, and the books of its IPIs. */
#include "machine/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kick_ops_native.h"
#include "kick.h"
#include "machine/probes.h"

struct machine machine;
__thread struct machine_self machine_self __attribute__((tls_model("local-exec")));

static size_t whole_lines(size_t size)
{
	return (size + MACHINE_LINE - 1) / MACHINE_LINE * MACHINE_LINE;
}

/* Cut `size` bytes off the arena; with base NULL it only counts. */
static void *cut(char *base, size_t *used, size_t size)
{
	void *p = base ? base + *used : NULL;

	*used += whole_lines(size ? size : 1);
	return p;
}

static size_t lay_out(struct machine *m, const struct machine_config *c, char *base)
{
	size_t used = 0;
	struct machine_pcpu *pcpu;

	/* Repetitions use other lines and other sets of the caches. */
	cut(base, &used, (size_t)(c->shift % 29) * 5 * MACHINE_LINE + 1);
	m->vm = cut(base, &used, c->sizes.vm);
	m->vcpus = cut(base, &used, m->vcpu_stride * (size_t)c->n_vcpus);
	m->pcpus = cut(base, &used, m->pcpu_stride * (size_t)c->n_pcpus);
	m->kickers = cut(base, &used, m->kicker_stride * (size_t)c->n_kickers);
	m->vcpu = cut(base, &used, sizeof(*m->vcpu) * (size_t)c->n_vcpus);
	m->kicker = cut(base, &used, sizeof(*m->kicker) * (size_t)c->n_kickers);
	m->online = cut(base, &used, sizeof(long) * (KICK_MAX_CPUS / KICK_BITS_PER_LONG));
	pcpu = cut(base, &used, sizeof(*pcpu) * ((size_t)c->n_pcpus + 1));
	m->pcpu = pcpu ? pcpu + 1 : NULL;
	return used;
}

/* By the system call, since a library for three of them is one more to have: 2 is MPOL_BIND. */
static int bind_memory(void *at, size_t size, int node)
{
	unsigned long mask[MACHINE_MAX_NODES / (8 * sizeof(unsigned long))] = { 0 };
	const size_t bits = 8 * sizeof(*mask);

	if (node < 0 || node >= MACHINE_MAX_NODES)
		return -EINVAL;
	mask[(size_t)node / bits] |= 1UL << (size_t)node % bits;
	return syscall(SYS_mbind, at, size, 2, mask, (unsigned long)MACHINE_MAX_NODES, 0) ? -errno : 0;
}

size_t machine_pages_away(int node)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), away = 0;

	for (size_t at = 0; at < machine.arena_size; at += page) {
		void *address = (char *)machine.arena + at;
		int where = node;

		if (!syscall(SYS_move_pages, 0, 1UL, &address, NULL, &where, 0))
			away += where >= 0 && where != node;
	}
	return away;
}

int machine_init(const struct machine_config *c)
{
	struct machine *m = &machine;

	if (c->n_pcpus < 1 || c->n_pcpus > KICK_MAX_CPUS || c->n_vcpus < 0 || c->n_kickers < 1 ||
	    c->n_kickers > MACHINE_MAX_KICKERS)
		return -EINVAL;
	*m = (struct machine){ .n_pcpus = c->n_pcpus,
			       .n_vcpus = c->n_vcpus,
			       .n_kickers = c->n_kickers,
			       .put_clears_cpu = c->put_clears_cpu,
			       .transport = c->transport,
			       .vcpu_stride = whole_lines(c->sizes.vcpu) + MACHINE_LINE,
			       .pcpu_stride = whole_lines(c->sizes.pcpu ? c->sizes.pcpu : 1),
			       .kicker_stride = whole_lines(c->sizes.kicker ? c->sizes.kicker : 1) };
	m->arena_size = lay_out(m, c, NULL);
	/* Pages of its own: those that come back from free() have been touched, and so have a NUMA node. */
	m->arena = mmap(NULL, m->arena_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->arena == MAP_FAILED)
		m->arena = NULL;
	if (!m->arena)
		return -ENOMEM;
	if (c->bound && bind_memory(m->arena, m->arena_size, c->node)) {
		machine_fini();
		return -EXDEV;
	}
	memset(m->arena, 0, m->arena_size);
	lay_out(m, c, m->arena);
	for (int cpu = -1; cpu < m->n_pcpus; cpu++)
		m->pcpu[cpu].vcpu = -1;
	for (int cpu = 0; cpu < m->n_pcpus; cpu++)
		m->online[cpu / KICK_BITS_PER_LONG] |= 1UL << (cpu % KICK_BITS_PER_LONG);
	for (int i = 0; i < m->n_vcpus; i++)
		m->vcpu[i].cpu = -1;
	return 0;
}

void machine_fini(void)
{
	if (machine.arena)
		munmap(machine.arena, machine.arena_size);
	machine = (struct machine){ 0 };
}

void machine_become(int cpu, int kicker)
{
	static __thread struct kick_cpumask mask; /* the thread's own, on its own node */

	mask = (struct kick_cpumask){ 0 };
	machine_self = (struct machine_self){ .mask = &mask };
	machine_self.kicker = machine.kickers + machine.kicker_stride * (size_t)kicker;
	machine_move(cpu);
}

static bool is_online(int cpu)
{
	return __atomic_load_n(&machine.online[cpu / KICK_BITS_PER_LONG], __ATOMIC_RELAXED) >>
		       (cpu % KICK_BITS_PER_LONG) &
	       1;
}

/* What `n` IPIs meant that were taken out of guest mode. */
static void book_noise(struct machine_pcpu *p, uint32_t n)
{
	if (p < machine.pcpu)
		p->got.invalid += n;
	else if (!is_online((int)(p - machine.pcpu)))
		p->got.dropped += n;
	else if (p->vcpu >= 0)
		p->got.spurious += n;
	else
		p->got.stale += n;
}

void machine_take(struct machine_pcpu *p)
{
	/* A caller adds to `calls` before it adds to `ipis`; pairs with kick_ipi(). */
	uint32_t ipis = __atomic_load_n(&p->bell.ipis, __ATOMIC_ACQUIRE);
	/* Pairs with machine_send_call(). */
	uint32_t calls = __atomic_load_n(&p->bell.calls, __ATOMIC_ACQUIRE);
	uint32_t n = ipis - p->seen_ipis;

	machine_probe2(receive, (int)(p - machine.pcpu), n);
	p->seen_ipis = ipis;
	if (p->ended_stint && n) {
		p->got.useful += p->for_it;
		p->got.spurious += !p->for_it;
		p->got.dbl += n - 1;
		p->ended_stint = false;
	} else {
		book_noise(p, n);
	}
	if (calls != p->acked_calls) /* its handler has run; pairs with machine_wait_call() */
		__atomic_store_n(&p->acked_calls, calls, __ATOMIC_RELEASE);
}

void machine_ipis_add(struct machine_ipis *sum, const struct machine_ipis *more)
{
	sum->useful += more->useful;
	sum->stale += more->stale;
	sum->spurious += more->spurious;
	sum->dbl += more->dbl;
	sum->dropped += more->dropped;
	sum->invalid += more->invalid;
}

int machine_drain(uint64_t sent, struct machine_ipis *sum)
{
	*sum = (struct machine_ipis){ 0 };
	for (int cpu = -1; cpu < machine.n_pcpus; cpu++) {
		machine_serve(&machine.pcpu[cpu]);
		machine_ipis_add(sum, &machine.pcpu[cpu].got);
	}
	if (sum->useful + sum->stale + sum->spurious + sum->dbl + sum->dropped + sum->invalid != sent)
		return -EIO;
	return 0;
}

/* While others run: what it reads may be from several moments, and TSan is not asked. */
__attribute__((no_sanitize("thread"))) void machine_print(int fd)
{
	for (int i = 0; i < machine.n_vcpus && i < 16; i++) {
		const struct machine_vcpu *v = &machine.vcpu[i];

		dprintf(fd, "vCPU %d: on pCPU %d, stint %llu (%s guest mode), %llu loads\n", i, v->cpu,
			(unsigned long long)v->stint, v->stint & 1 ? "in" : "out of",
			(unsigned long long)v->epoch);
	}
	for (int cpu = 0; cpu < machine.n_pcpus && cpu < 32; cpu++) {
		const struct machine_pcpu *p = &machine.pcpu[cpu];

		dprintf(fd, "pCPU %d: vCPU %d, %u pending of %u IPIs (%u calls), interrupts %s\n", cpu,
			p->vcpu, machine_pending(p), p->bell.ipis, p->bell.calls,
			p->irqs_off ? "off" : "on");
	}
	for (int i = 0; i < machine.n_kickers && i < 32; i++)
		dprintf(fd, "kicker %d: %llu calls, %s a kick\n", i,
			(unsigned long long)machine.kicker[i].calls / 2,
			machine.kicker[i].calls & 1 ? "in" : "not in");
}
