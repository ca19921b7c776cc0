// SPDX-License-Identifier: GPL-2.0-or-later
/* A run of one backend: its phases, their rows, and the verdict. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/state.h"
#include "stress/vmm_state.h"
#include "topo/topo.h"

enum { PHASES = 48, CYCLE = 8, WATCHED_TWIN = 5, UNWATCHED = 7 };

void stress_options_init(struct stress_options *o)
{
	*o = (struct stress_options){
		.seed = 1,
		.duration_ns = 3000000000u,
		.windows = STRESS_ALL_WINDOWS,
		.vcpus_per_carrier = 2,
		.pcpus_per_carrier = 6,
		.events_per_s = 50000,
		.think_ns = 4000,
		.delay_ns = 10000,
		.weight = { [STRESS_OP_KICK] = 50,
			    [STRESS_OP_BARE] = 20,
			    [STRESS_OP_QUIET] = 8,
			    [STRESS_OP_MASK] = 8,
			    [STRESS_OP_BARE_MASK] = 4,
			    [STRESS_OP_WAIT] = 5,
			    [STRESS_OP_KICK_WAIT] = 10,
			    [STRESS_OP_RETIRE] = 5 },
		.event_weight = { [STRESS_EV_MIGRATE] = 50,
				  [STRESS_EV_EXIT] = 15,
				  [STRESS_EV_BLOCK] = 12,
				  [STRESS_EV_WALK] = 8,
				  [STRESS_EV_SELF] = 12,
				  [STRESS_EV_NEIGHBOUR] = 5,
				  [STRESS_EV_OFFLINE] = 2 },
	};
}

/* What was to be reached, at least, for "nothing was found" to mean something. */
static const struct {
	enum stress_count count;
	unsigned int features; /* only of backends that have all of these */
	unsigned int never;    /* not of those that have one of these */
	bool in_windows;       /* only where some window is on */
	uint64_t least;
} gate[] = {
	{ STRESS_KICKS, KICK_F_SIGNAL, 0, false, 500 },
	{ STRESS_STINTS, KICK_F_SIGNAL, 0, false, 500 },
	{ STRESS_KICKS, 0, KICK_F_SIGNAL, false, 2000 },
	{ STRESS_STINTS, 0, KICK_F_SIGNAL, false, 2000 },
	{ STRESS_MIGRATIONS, 0, KICK_F_SIGNAL, false, 500 },
	{ STRESS_MOVED, 0, KICK_F_SIGNAL, true, 20 },
	{ STRESS_SENT, 0, 0, false, 200 },
	{ STRESS_CLAIMED, KICK_F_CLAIM, KICK_F_SIGNAL, false, 20 },
	{ STRESS_WAITS, KICK_F_MASK | KICK_F_WAIT, 0, false, 50 },
	{ STRESS_WALKS, KICK_F_WALK, 0, false, 50 },
	{ STRESS_BUGS, KICK_F_WALK | KICK_F_MASK | KICK_F_WAIT, 0, false, 5 },
	{ STRESS_WALKS_MET, KICK_F_WALK | KICK_F_MASK | KICK_F_WAIT, 0, false, 5 },
	{ STRESS_SLEEPS, KICK_F_BLOCK, KICK_F_SIGNAL, false, 50 },
	{ STRESS_WOKEN, KICK_F_BLOCK, KICK_F_SIGNAL, false, 20 },
	{ STRESS_SELF, KICK_F_SELF, 0, false, 50 },
	{ STRESS_SELF_RACED, KICK_F_SELF, 0, false, 5 },
	{ STRESS_OFFLINES, 0, KICK_F_SIGNAL, false, 10 },
};

/* What nobody wants cannot be reached: `--weights migrate=0` is none. */
static bool is_wanted(const struct stress_options *o, enum stress_count count)
{
	return (count != STRESS_MIGRATIONS && count != STRESS_MOVED) || o->event_weight[STRESS_EV_MIGRATE];
}

/* A VMM's thread that halts sleeps in the place of guest mode, and may be kicked by posts alone. */
static uint64_t came_to(const struct stress_backend *b, const struct stress_result *r,
			enum stress_count count)
{
	uint64_t n = r->n[count];

	if (b->decl->features & KICK_F_SIGNAL && count == STRESS_STINTS)
		n += r->n[STRESS_SLEEPS];
	if (b->decl->features & KICK_F_SIGNAL && count == STRESS_SENT)
		n += r->n[STRESS_WOKEN];
	return n;
}

/* False, and the first thing that was not reached in `why`. */
static bool reached(const struct stress_backend *b, const struct stress_options *o,
		    struct stress_result *r)
{
	/* The watchdog has said it: a phase that was broken off proves nothing. */
	if (r->why[0])
		return false;
	for (size_t i = 0; i < sizeof(gate) / sizeof(gate[0]); i++) {
		uint64_t n = came_to(b, r, gate[i].count);

		if ((b->decl->features & gate[i].features) != gate[i].features ||
		    b->decl->features & gate[i].never ||
		    n >= gate[i].least || (gate[i].in_windows && !o->windows) ||
		    !is_wanted(o, gate[i].count))
			continue;
		snprintf(r->why, sizeof(r->why), "%sonly %llu %s, %llu would prove something",
			 r->too_slow ? "too slow here: " : "", (unsigned long long)n,
			 stress_count_name[gate[i].count],
			 (unsigned long long)gate[i].least);
		return false;
	}
	return true;
}

static struct stress_row *row_of(struct stress_result *r, unsigned int mask)
{
	struct stress_row *row;

	for (size_t i = 0; i < r->n_rows; i++)
		if (r->row[i].mask == mask)
			return &r->row[i];
	row = &r->row[r->n_rows++];
	*row = (struct stress_row){ .mask = mask, .in_windows = mask != 0 };
	stress_window_names(mask, row->windows, sizeof(row->windows));
	return row;
}

/* The n-th of the windows that are on, counted round. */
static unsigned int one_window(unsigned int windows, unsigned int n)
{
	unsigned int left = windows;

	if (!windows)
		return 0;
	for (n %= (unsigned int)__builtin_popcount(windows); n; n--)
		left &= left - 1;
	return left & -left;
}

/*
 * Every second phase has all windows off; of the others, every second one has a single window on, so
 * that its share can be told.  Both conventions of vcpu->cpu after put; natural exits in a quarter;
 * one phase in eight runs without the oracle, to say what that costs.
 */
static struct stress_phase phase_of(const struct stress_backend *b, const struct stress_options *o,
				    const struct topo *topo, unsigned int distances, unsigned int n)
{
	struct stress_phase p = { .backend = b, .options = o, .topo = topo, .number = n };
	uint64_t window = o->duration_ns / PHASES;
	bool single = n & 2 && !(b->decl->features & KICK_F_SIGNAL); /* a VMM's are all on, or none is */

	p.windows = n & 1 ? 0 : single ? one_window(o->windows, n / 4) : o->windows;
	p.put_clears = (n >> 1 ^ n >> 3) & 1;
	p.natural = (n >> 2 & 3) == 3;
	p.oracle = n % CYCLE != UNWATCHED;
	p.seed = o->seed * 1000003 + n;
	p.window_ns = window < 20000000 ? 20000000 : window > 250000000 ? 250000000 : window;
	p.distance = stress_turn_of(distances, n, &p.apart);
	p.delay_ns = o->delay_ns * (1 + (n / 2 * 3 + 9) % 10) / 10;
	return p;
}

static void keep_trace(struct stress_result *r, const struct stress_first *first, struct lanes *trace)
{
	if (r->first < 0)
		r->first = first->kind;
	if (r->trace[first->kind].n)
		lanes_fini(trace);
	else
		r->trace[first->kind] = *trace;
}

/* Kicks per second of kickers' CPU time, of each phase that counts; the first ones are enough. */
struct rates {
	double phase[64];
	size_t n;
};

static void rates_add(struct rates *rates, uint64_t kicks, uint64_t ns)
{
	if (ns && rates->n < sizeof(rates->phase) / sizeof(rates->phase[0]))
		rates->phase[rates->n++] = (double)kicks * 1e9 / (double)ns;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The median: phases in which some thread could not run at all say nothing. */
static double rates_median(struct rates *rates)
{
	qsort(rates->phase, rates->n, sizeof(double), by_value);
	return rates->n ? rates->phase[rates->n / 2] : 0;
}

/* One phase into its row, the run's sums, and the rates. */
static int one_phase(const struct stress_phase *p, struct stress_result *r, struct rates rates[2],
		     char *err, size_t err_size)
{
	struct stress_row fresh = { 0 }, *row = p->oracle ? row_of(r, p->windows) : &fresh;
	struct stress_row before = *row;
	struct stress_first first;
	struct lanes trace;
	int failed = stress_phase_run(p, row, &first, &trace, r->used, err, err_size);
	uint64_t kicks = row->n[STRESS_KICKS] - before.n[STRESS_KICKS], ns = row->ns - before.ns;
	uint64_t cpu_ns = row->kicker_cpu_ns - before.kicker_cpu_ns;

	if (trace.n)
		keep_trace(r, &first, &trace);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		uint64_t n = row->found[kind] - before.found[kind];

		/* A row's first is counted in its own time; the run's in that of all rows. */
		if (n && !r->found[kind])
			r->first_ns[kind] = r->ns + row->first_ns[kind] - before.ns;
		r->found[kind] += n;
		r->bits |= n ? 1u << kind : 0;
	}
	r->ns += ns;
	if (p->number % CYCLE == WATCHED_TWIN || !p->oracle)
		rates_add(&rates[!p->oracle], kicks, cpu_ns);
	return failed;
}

static void sum_up(struct stress_result *r)
{
	for (size_t i = 0; i < r->n_rows; i++) {
		r->passed |= r->row[i].passed;
		for (int c = 0; c < STRESS_N_COUNTS; c++)
			r->n[c] += r->row[i].n[c];
	}
}

static void say_kinds(char *text, size_t size, const char *begin, unsigned int bits)
{
	size_t used = (size_t)snprintf(text, size, "%s", begin);

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (bits >> kind & 1 && used < size)
			used += (size_t)snprintf(text + used, size - used, " %s",
						 stress_kind_name(kind));
}

static void judge(const struct stress_backend *b, const struct stress_options *o,
		  struct stress_result *r)
{
	const struct kick_stress_expect *e = stress_expect(b);

	r->verdict = r->bits ? VERDICT_VIOLATED : reached(b, o, r) ? VERDICT_OK : VERDICT_INCONCLUSIVE;
	r->declared = r->verdict == VERDICT_INCONCLUSIVE ? STRESS_DECLARED_UNDECIDED : STRESS_AS_DECLARED;
	if (e->verdict == KICK_CAUGHT && (r->bits & e->finds) != e->finds) {
		r->declared = STRESS_DECLARED_UNDECIDED;
		say_kinds(r->why, sizeof(r->why), "declared and not found:", e->finds & ~r->bits);
	} else if (e->verdict != KICK_CAUGHT && r->bits) {
		r->declared = STRESS_CONTRADICTED;
		say_kinds(r->why, sizeof(r->why), "found and not declared:", r->bits);
	}
}

static bool is_over(const struct stress_backend *b, const struct stress_options *o,
		    const struct stress_result *r)
{
	const struct kick_stress_expect *e = stress_expect(b);

	if (r->ns >= o->duration_ns)
		return true;
	return o->until_found && e->verdict == KICK_CAUGHT && (r->bits & e->finds) == e->finds;
}

static int run_phases(const struct stress_backend *b, const struct stress_options *o, const struct topo *topo,
		      unsigned int distances, struct stress_result *r, struct rates rates[2], char *err,
		      size_t err_size)
{
	/* On a machine so busy that threads do not even start, an end comes all the same. */
	uint64_t limit = clock_raw_ns() + (o->limit_ns ? o->limit_ns : 4 * o->duration_ns + 10000000000u);
	int failed = 0;

	for (unsigned int n = 0; !failed && !is_over(b, o, r) && clock_raw_ns() < limit; n++) {
		struct stress_phase p = phase_of(b, o, topo, distances, n);

		failed = one_phase(&p, r, rates, err, err_size);
		if (failed == -EBUSY)
			break;
		r->turns[p.distance]++;
		if (o->progress)
			o->progress(o->arg, (double)r->ns / (double)o->duration_ns);
	}
	r->too_slow = failed == -EBUSY || (!failed && !is_over(b, o, r));
	if (failed == -EBUSY) {
		failed = 0;
		snprintf(r->why, sizeof(r->why), "%s", err);
	}
	return failed;
}

int stress_run(const struct stress_backend *b, const struct stress_options *o,
	       const struct topo *topo, struct stress_result *r, char *err, size_t err_size)
{
	static struct stress_options threads; /* one that hangs still reads them */
	struct rates rates[2] = { { { 0 }, 0 } };
	unsigned int distances;
	int failed;

	*r = (struct stress_result){ .first = -1 };
	if (!machine_clock.source)
		clock_init();
	if (b->decl->features & KICK_F_SIGNAL) { /* a vCPU is a thread, and sleeps where others poll */
		threads = *o;
		threads.vcpus_per_carrier = threads.pcpus_per_carrier = 1;
		threads.carriers = o->carriers ? o->carriers : 2;
		o = &threads;
	}
	stress_crew(o, topo, &r->kickers, &r->carriers);
	r->vcpus = r->carriers * o->vcpus_per_carrier;
	r->pcpus = r->kickers + r->carriers * o->pcpus_per_carrier;
	r->oversubscribed = r->kickers + r->carriers > topo_n_pus(topo);
	if (r->kickers + r->carriers > STRESS_MAX_THREADS || r->vcpus > STRESS_MAX_VCPUS) {
		snprintf(err, err_size, "at most %d threads and %d vCPUs", STRESS_MAX_THREADS,
			 STRESS_MAX_VCPUS);
		return -EINVAL;
	}
	distances = stress_distances(o, topo);
	if (!distances) {
		snprintf(err, err_size, "no pair of PUs here has the distance that was asked for");
		return -EINVAL;
	}
	failed = stress_guests_open(o->kvm, r->vcpus, err, err_size);
	if (failed)
		return failed;
	if (o->faults & STRESS_STALLS)
		failed = stress_fault_init();
	if (failed)
		snprintf(err, err_size, "stalls need tgkill(), which fails here: %s", strerror(-failed));
	if (!failed)
		failed = run_phases(b, o, topo, distances, r, rates, err, err_size);
	if (failed != -EDEADLK) /* a thread still runs on all that */
		stress_guests_close();
	sum_up(r);
	r->kicks_per_s = rates_median(&rates[0]);
	r->kicks_per_s_unwatched = rates_median(&rates[1]);
	judge(b, o, r);
	return failed;
}

int stress_pus_used(const struct stress_result *r)
{
	int n = 0;

	for (size_t i = 0; i < sizeof(r->used) / sizeof(r->used[0]); i++)
		n += __builtin_popcountll(r->used[i]);
	return n;
}

void stress_result_fini(struct stress_result *r)
{
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		lanes_fini(&r->trace[kind]);
}
