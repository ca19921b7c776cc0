// SPDX-License-Identifier: GPL-2.0-or-later
/* One phase of a run: a machine, its threads, one window of time, and the sums of what they saw. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/team.h"
#include "stress/state.h"
#include "topo/topo.h"

/* The team: kickers, carriers, then the faults that are threads. */
struct crew {
	int kickers, carriers, faults;
	struct team_member *member;
	int *pu; /* of kickers and carriers */
};

static void crew_fini(struct crew *crew)
{
	for (int k = 0; stress.thread && k < crew->kickers + crew->carriers + crew->faults; k++)
		free(stress.thread[k]);
	free(stress.thread);
	free(crew->member);
	free(crew->pu);
	stress.thread = NULL;
}

static int crew_alloc(struct crew *crew)
{
	size_t n = (size_t)(crew->kickers + crew->carriers + crew->faults);

	crew->member = calloc(n, sizeof(*crew->member));
	crew->pu = calloc(n, sizeof(*crew->pu));
	stress.thread = calloc(n, sizeof(void *));
	if (!crew->member || !crew->pu || !stress.thread)
		return -ENOMEM;
	for (size_t k = 0; k < n; k++) {
		stress.thread[k] = aligned_alloc(MACHINE_LINE, sizeof(struct stress_thread));
		if (!stress.thread[k])
			return -ENOMEM;
		memset(stress.thread[k], 0, sizeof(struct stress_thread));
	}
	return 0;
}

static void make_thread(const struct stress_phase *p, struct crew *crew, int k, int pu)
{
	const struct stress_options *o = p->options;
	struct stress_thread *t = stress.thread[k];
	bool carrier = k >= crew->kickers;
	int c = k - crew->kickers;

	t->number = k;
	t->is_carrier = carrier;
	t->pu = pu;
	t->first_cpu = carrier ? crew->kickers + c * o->pcpus_per_carrier : k;
	t->n_cpus = carrier ? o->pcpus_per_carrier : 1;
	t->first_vcpu = carrier ? c * o->vcpus_per_carrier : 0;
	t->n_vcpus = carrier ? o->vcpus_per_carrier : 0;
	t->peer = carrier && crew->carriers > 1
			  ? stress.thread[crew->kickers + (c + 1) % crew->carriers]
			  : NULL;
	t->seed = p->seed * 0x9e3779b97f4a7c15u + (uint64_t)k * 0xd1342543de82ef95u;
	t->windows = p->windows;
	t->delay = clock_from_ns(p->delay_ns);
	t->think = clock_from_ns(o->think_ns);
	/* Every other phase without windows, where the vCPU can sleep and nobody chose other events. */
	t->sleepy = !p->windows && p->number & 2 && o->event_weight[STRESS_EV_BLOCK] &&
		    p->backend->decl->features & KICK_F_BLOCK;
	t->event_interval = clock_from_ns((uint64_t)(1e9 / o->events_per_s)) / (t->sleepy ? 4 : 1);
	t->natural = p->natural;
	t->oracle = p->oracle;
	t->late_ipis = o->faults & STRESS_LATE_IPIS;
	t->aim = t->target = -1;
	crew->member[k] =
		(struct team_member){ .pu = pu,
				      .run = carrier ? p->backend->carrier : p->backend->kicker,
				      .arg = t,
				      .is_kicker = !carrier,
				      .pulse = carrier ? &t->n[STRESS_STINTS] : &machine.kicker[k].calls };
}

/* A thread that computes beside everybody, and one that stops them by signals. */
static void make_faults(const struct stress_phase *p, struct crew *crew, const int *pu)
{
	int first = crew->kickers + crew->carriers, n = crew->faults, k = 0;

	if (p->options->faults & STRESS_STALLS)
		crew->member[first + k++] = (struct team_member){ .pu = -1,
								  .run = stress_fault_stalls,
								  .arg = stress.thread[first] };
	for (int i = 0; k < n; k++, i++)
		crew->member[first + k] = (struct team_member){ .pu = pu[i],
								.run = stress_fault_load,
								.arg = stress.thread[first + k] };
}

static int set_up(const struct stress_phase *p, struct crew *crew)
{
	const struct stress_options *o = p->options;
	int n = crew->kickers + crew->carriers;
	struct machine_config config = {
		.n_pcpus = crew->kickers + crew->carriers * o->pcpus_per_carrier,
		.n_vcpus = crew->carriers * o->vcpus_per_carrier,
		.n_kickers = n,
		.put_clears_cpu = p->put_clears,
		.shift = p->number,
		.sizes = p->backend->sizes,
	};
	int failed = machine_init(&config);

	memset(&stress, 0, sizeof(stress));
	stress.options = o;
	stress.n_kickers = crew->kickers;
	stress.n_threads = n;
	stress.turn = p->number * 7 % 32;
	if (!failed)
		failed = crew_alloc(crew);
	if (failed)
		return failed;
	machine.no_mask_memory = o->faults & STRESS_NO_MEMORY && p->number & 1;
	if (stress_place(p, crew->kickers, crew->carriers, crew->pu))
		return -ENOMEM;
	for (int k = 0; k < n; k++)
		make_thread(p, crew, k, crew->pu[k]);
	for (int c = crew->kickers; c < n; c++)
		for (int k = 0; k < n; k++)
			stress.thread[c]->shares_pu |= k != c && crew->pu[k] == crew->pu[c];
	make_faults(p, crew, crew->pu);
	stress.page = 1;
	stress.tag[1] = 1;
	p->backend->prepare();
	return 0;
}

static void add_found(struct stress_row *row, int kind, uint64_t n, uint64_t after_ns)
{
	if (n && !row->found[kind])
		row->first_ns[kind] = row->ns + after_ns;
	row->found[kind] += n;
}

/* I6: everything sent ended somewhere, and no more stints were ended by IPIs than IPIs received. */
static void check_books(struct stress_row *row, uint64_t sent)
{
	struct machine_ipis ipis;
	uint64_t exits = 0;
	bool wrong = machine_drain(sent, &ipis) != 0;

	for (int i = 0; i < machine.n_vcpus; i++)
		exits += machine.vcpu[i].exits;
	wrong |= exits > ipis.useful + ipis.spurious;
	machine_ipis_add(&row->ipis, &ipis);
	row->sent += sent;
	add_found(row, __builtin_ctz(KICK_V_ACCOUNT), wrong, 0);
}

/* How far apart they were, each kicker from each carrier, and which PUs they had. */
static void add_places(const struct stress_phase *p, const struct crew *crew, struct stress_row *row,
		       uint64_t *used)
{
	for (int k = 0; k < crew->kickers + crew->carriers; k++)
		used[crew->pu[k] / 64] |= UINT64_C(1) << crew->pu[k] % 64;
	for (int k = 0; k < crew->kickers && row->distances != TOPO_ALL_DISTANCES; k++)
		for (int c = 0; c < crew->carriers; c++)
			row->distances |= TOPO_BIT(topo_distance(p->topo, crew->pu[k],
								 crew->pu[crew->kickers + c]));
}

static void add_up(const struct stress_phase *p, const struct crew *crew, struct stress_row *row)
{
	/* Until the first kicker ended: threads that the system starts late are no time of kicks. */
	uint64_t start = crew->member[0].start, end = UINT64_MAX, sent = 0;

	for (int k = 0; k < stress.n_threads; k++) {
		const struct stress_thread *t = stress.thread[k];

		sent += t->sent;
		row->kicker_cpu_ns += t->is_carrier ? 0 : t->cpu_ns;
		if (!t->is_carrier && crew->member[k].last_tick < end)
			end = crew->member[k].last_tick;
		row->passed |= t->passed;
		for (int c = 0; c < STRESS_N_COUNTS; c++)
			row->n[c] += t->n[c];
	}
	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		uint64_t n = 0, first = UINT64_MAX;

		for (int k = 0; k < stress.n_threads; k++) {
			n += stress.thread[k]->found[kind];
			if (stress.thread[k]->found[kind] &&
			    stress.thread[k]->first_tick[kind] < first)
				first = stress.thread[k]->first_tick[kind];
		}
		add_found(row, kind, n, n ? clock_to_ns(first - start) : 0);
	}
	if (p->oracle)
		check_books(row, sent);
	row->phases++;
	row->ns += start && end > start ? clock_to_ns(end - start) : 0;
}

int stress_phase_run(const struct stress_phase *p, struct stress_row *row,
		     struct stress_first *first, struct lanes *trace, uint64_t *used, char *err,
		     size_t err_size)
{
	struct crew crew = { .faults = !!(p->options->faults & STRESS_STALLS) };
	int failed;

	*trace = (struct lanes){ 0 };
	stress_crew(p->options, p->topo, &crew.kickers, &crew.carriers);
	if (p->options->faults & STRESS_LOAD)
		crew.faults += crew.kickers + crew.carriers;
	failed = set_up(p, &crew);
	if (failed)
		snprintf(err, err_size, "the emulated machine: %s", strerror(-failed));
	else
		failed = team_run(p->topo, crew.member,
				  (size_t)(crew.kickers + crew.carriers + crew.faults),
				  p->window_ns, err, err_size);
	if (!failed || failed == -EINTR || failed == -EBUSY) {
		add_up(p, &crew, row);
		add_places(p, &crew, row, used);
	}
	if (!failed && stress.frozen && !(p->backend->decl->features & KICK_F_SIGNAL)) {
		*first = stress.first;
		stress_trace(p, trace);
	}
	if (failed == -EDEADLK) /* a thread still runs on all that */
		return failed;
	crew_fini(&crew);
	machine_fini();
	return failed;
}
