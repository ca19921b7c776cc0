// SPDX-License-Identifier: GPL-2.0-or-later
/* Adding cells to a plan, and what the scenarios' ways of naming them have in common. */
#include "bench/cells/cells.h"

#include <errno.h>
#include <stdlib.h>

#include "bench/kernel/kernel.h"

/* A row in the kernel that ends after so many kicks is given up after this: 2.5 ms each. */
static uint64_t longest_ns(uint64_t kicks)
{
	const uint64_t least = 2000, most = 24000;

	return (kicks < least ? least : kicks > most ? most : kicks) * 2500000;
}

void bench_plan_add(struct bench_plan *plan, struct bench_case cell)
{
	if (plan->n_cells == plan->n_allocated) {
		size_t n = plan->n_allocated ? 2 * plan->n_allocated : 256;
		struct bench_case *more = realloc(plan->cell, n * sizeof(*more));

		if (!more) {
			plan->error = -ENOMEM;
			return;
		}
		plan->cell = more;
		plan->n_allocated = n;
	}
	if (machine_is_kernel(cell.transport)) {
		cell.kicks = plan->options->kicks;
		if (cell.kicks)
			cell.window_ns = longest_ns(cell.kicks);
		if (!cell.na)
			cell.na = bench_kernel_missing(&cell);
	}
	plan->cell[plan->n_cells++] = cell;
}

/*
 * Calls plan_pair with each pair's PUs and distance.  Where kicker and vCPU have different NUMA nodes, or
 * nobody knows, the memory's home is a factor: once with each of the two.  Nodes without PUs are homes, too.
 */
static void plan_pairs(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
		       size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell))
{
	for (size_t i = 0; i < n; i++) {
		cell.kicker_pu = pairs[i].kicker;
		cell.vcpu_pu = pairs[i].vcpu;
		cell.distance = pairs[i].distance;
		cell.home = NULL;
		if (!topo_same_numa(plan->topo, cell.kicker_pu, cell.vcpu_pu)) {
			cell.home = "kicker";
			plan_pair(plan, cell);
			cell.home = "vcpu";
		}
		plan_pair(plan, cell);
		for (int m = 0;; m++) {
			int node = topo_memory_only(plan->topo, cell.kicker_pu, cell.vcpu_pu, m);

			if (node < 0)
				break;
			cell.home = topo_memory_name(plan->topo, node);
			plan_pair(plan, cell);
		}
	}
}

unsigned int bench_pairwise_distances(const struct bench_options *o, const struct topo *topo)
{
	unsigned int mask = o->distances ? o->distances : TOPO_ALL_DISTANCES & ~TOPO_BIT(TOPO_SAME);

	return !o->distances && topo_n_pus(topo) == 1 ? mask | TOPO_BIT(TOPO_SAME) : mask;
}

static bool is_vmm(const struct bench_case *c)
{
	return bench_decl(c->backend)->features & KICK_F_SIGNAL;
}

const char *bench_halts(const struct bench_case *c)
{
	struct kick_counts counts;

	return is_vmm(c) && c->backend->count->entry(&counts) ?
		       "its vCPU halts: it does not get into guest mode by itself" : NULL;
}

static const char *no_live_vcpu(const struct bench_case *c)
{
	if (bench_decl(c->backend)->features & KICK_F_NO_PROTOCOL)
		return "no protocol: a kick ends nothing";
	if (is_vmm(c) && c->scenario->probed)
		return "a signal follows its thread, wherever that moves";
	if (is_vmm(c) && c->transport != MACHINE_SIGNAL)
		return "its vCPU is a thread of a VMM: transport signal";
	if (bench_halts(c))
		return bench_halts(c);
	if (machine_is_kernel(c->transport))
		return NULL; /* once the pCPUs are known: see bench_plan_add() */
	if (c->transport != MACHINE_DOORBELL && c->scenario->probed)
		return "its counts need the probe, which has transport doorbell only";
	return machine_transport_missing(c->transport);
}

void bench_plan_transports(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
			   size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell))
{
	unsigned int transports = plan->options->transports;

	if (plan->options->live_window_ns)
		cell.window_ns = plan->options->live_window_ns;
	if (!transports)
		transports = 1u << (is_vmm(&cell) ? MACHINE_SIGNAL : MACHINE_DOORBELL);
	if (is_vmm(&cell)) /* a kick is about some work */
		cell.what = BENCH_REQUEST_KICK;
	cell.state = BENCH_IN_GUEST;
	cell.path = bench_path_name[cell.state];
	cell.form = bench_form_name[cell.what];
	cell.loop = "closed";
	for (int t = 0; t < MACHINE_N_TRANSPORTS; t++) {
		if (!(transports >> t & 1))
			continue;
		cell.transport = (enum machine_transport)t;
		cell.na = no_live_vcpu(&cell);
		plan_pairs(plan, cell, pairs, n, plan_pair);
	}
}

void bench_plan_places(struct bench_plan *plan, struct bench_case cell, bool calls_only,
		       void (*plan_rest)(struct bench_plan *plan, struct bench_case cell))
{
	const unsigned int in_kernel = 1u << MACHINE_RESCHEDULE | 1u << MACHINE_CALL;
	unsigned int asked = plan->options->transports;

	if (!asked || asked & ~in_kernel)
		plan_rest(plan, cell);
	if (!cell.backend || !(asked & in_kernel))
		return;
	cell.transport = MACHINE_CALL;
	if (!calls_only && asked & 1u << MACHINE_RESCHEDULE)
		cell.transport = MACHINE_RESCHEDULE;
	plan_rest(plan, cell);
}

void bench_plan_pcpus(struct bench_plan *plan, struct bench_case cell,
		      void (*plan_rest)(struct bench_plan *plan, struct bench_case cell))
{
	const struct bench_options *o = plan->options;
	int peers = topo_count_peers(plan->topo, cell.kicker_pu, cell.vcpu_pu);

	if (!cell.na && !bench_is_crowded(&cell) && cell.kickers > peers)
		cell.na = "too few PUs at this distance: its kickers would be at several";
	cell.pcpus = cell.kickers + bench_least_pcpus(cell.scenario);
	if (!o->n_pcpus)
		plan_rest(plan, cell);
	for (size_t i = 0; i < o->n_pcpus; i++) {
		cell.pcpus = cell.kickers + o->pcpus[i];
		if (!cell.na && is_vmm(&cell) && o->pcpus[i] > 1)
			cell.na = "its vCPU is a thread: it has no pCPUs";
		plan_rest(plan, cell);
	}
}
