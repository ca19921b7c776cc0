// SPDX-License-Identifier: GPL-2.0-or-later
/* A run in a child process: a backend that crashes, hangs or ends the program ends its own run alone. */
#include "apart/apart.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apart/fault.h"
#include "stress/state.h"

enum { SILENCE_S = 600 }; /* of each thread's CPU time: ten times what the watchdog waits */

/* What both see while it runs. */
struct phase_live {
	uint64_t phases;
	double share;
	struct apart_fault fault;
	uint32_t refusing; /* only one thread says why */
	char refused[160];
};

static struct run {
	const struct stress_backend *backend;
	struct stress_options options;
	const struct topo *topo;
	const struct stress_options *asked;
	struct phase_live *live;
	uint64_t heard;
	/* comes back */
	struct back {
		struct stress_result result;
		int failed;
		char err[256];
	} back;
} run;

static struct phase_live *refusals; /* in the child */

void stress_refuse(const char *what)
{
	struct phase_live *live = refusals;

	if (live && !__atomic_exchange_n(&live->refusing, 1, __ATOMIC_RELAXED))
		snprintf(live->refused, sizeof(live->refused), "%s", what);
	else if (live) /* the one that says why ends all */
		sleep(10);
	_exit(1);
}

static void on_phase(void *arg, double share)
{
	struct phase_live *live = arg;

	live->share = share;
	__atomic_store_n(&live->phases, live->phases + 1, __ATOMIC_RELEASE); /* pairs with hear() */
}

static void work(void *arg)
{
	struct run *r = arg;
	struct stress_result *result = &r->back.result;

	apart_note_faults(&r->live->fault);
	refusals = r->live;
	r->options.progress = on_phase;
	r->options.arg = r->live;
	r->back.failed = stress_run(r->backend, &r->options, r->topo, result, r->back.err,
				    sizeof(r->back.err));
	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		struct lanes *l = &result->trace[kind];

		if (l->n)
			l->step = apart_keep(l->step, l->n * sizeof(*l->step));
	}
}

static uint64_t look(void *arg, double *patience)
{
	struct run *r = arg;
	int kickers, carriers;
	uint64_t phases = __atomic_load_n(&r->live->phases, __ATOMIC_ACQUIRE); /* pairs with on_phase() */

	if (phases != r->heard && r->asked->progress)
		r->asked->progress(r->asked->arg, r->live->share);
	r->heard = phases;
	/* The team's watchdog comes first; this is for those who have taken it down, too. */
	stress_crew(&r->options, r->topo, &kickers, &carriers);
	*patience = (double)SILENCE_S * (kickers + carriers);
	return phases + 1;
}

static bool stopped(void *arg)
{
	(void)arg;
	return machine_stop == MACHINE_STOP;
}

/* The child's traces with steps of one's own. */
static void take_traces(struct stress_result *result)
{
	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		struct lanes *l = &result->trace[kind];

		if (l->n)
			l->step = apart_take(l->step, l->n * sizeof(*l->step));
		l->room = l->n;
		if (!l->step || l->n_lanes < 0 || l->n_lanes > LANES_MAX) {
			free(l->n ? l->step : NULL);
			*l = (struct lanes){ 0 };
		}
	}
}

static void say_end(const struct apart_end *end, char *text, size_t size)
{
	char when[64];

	snprintf(when, sizeof(when), "phase %llu, seed %llu", (unsigned long long)run.live->phases,
		 (unsigned long long)run.options.seed);
	if (run.live->refused[0])
		snprintf(text, size, "%s %s (%s)", run.backend->name, run.live->refused, when);
	else
		apart_say_end(end, &run.live->fault, run.backend->name, when, text, size);
}

/* It has a row, so that a folder tells of it, too. */
static void fail(struct stress_result *result, const char *why)
{
	*result = (struct stress_result){ .first = -1, .n_rows = 1, .failed = true,
					  .verdict = VERDICT_INCONCLUSIVE,
					  .declared = STRESS_DECLARED_UNDECIDED };
	snprintf(result->why, sizeof(result->why), "%s", why);
	stress_window_names(run.options.windows, result->row[0].windows, sizeof(result->row[0].windows));
	stress_crew(&run.options, run.topo, &result->kickers, &result->carriers);
	result->vcpus = result->carriers * run.options.vcpus_per_carrier;
	result->pcpus = result->kickers + result->carriers * run.options.pcpus_per_carrier;
}

static int conclude(const struct apart_end *end, struct stress_result *result, char *err, size_t err_size)
{
	struct back *back = &run.back;

	if (end->how == APART_DONE) {
		back->err[sizeof(back->err) - 1] = 0;
		back->result.why[sizeof(back->result.why) - 1] = 0;
		take_traces(&back->result);
	}
	if (end->how == APART_NOT)
		back->failed = end->code;
	else if (end->told && end->how != APART_DONE)
		back->failed = -EINTR;
	else if (end->how != APART_DONE)
		back->failed = -ECHILD;
	if (back->failed == -ECHILD)
		say_end(end, err, err_size);
	else if (back->failed == -ETIMEDOUT || back->failed == -EDEADLK)
		snprintf(err, err_size, "%s does not come back in time (phase %llu, seed %llu)",
			 run.backend->name, (unsigned long long)run.live->phases,
			 (unsigned long long)run.options.seed);
	else if (end->how == APART_NOT)
		snprintf(err, err_size, "no process for %s: %s", run.backend->name, strerror(-end->code));
	else
		snprintf(err, err_size, "%s", back->err);
	*result = back->result;
	if (back->failed != -ECHILD && back->failed != -ETIMEDOUT && back->failed != -EDEADLK)
		return back->failed;
	stress_result_fini(result);
	fail(result, err);
	return -ECHILD;
}

int stress_run_apart(const struct stress_backend *b, const struct stress_options *o, const struct topo *topo,
		     struct stress_result *result, char *err, size_t err_size)
{
	static const struct apart a = { .work = work, .arg = &run, .look = look, .stopped = stopped,
					.piece = { { &run.back, sizeof(run.back) } } };
	struct phase_live *live = mmap(NULL, sizeof(*live), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct apart_end end;
	int failed;

	if (live == MAP_FAILED) {
		snprintf(err, err_size, "out of memory");
		return -ENOMEM;
	}
	if (!machine_clock.source)
		clock_init();
	run = (struct run){ .backend = b, .options = *o, .topo = topo, .asked = o, .live = live };
	end = apart_run(&a);
	if (o->progress)
		o->progress(o->arg, 1);
	failed = conclude(&end, result, err, err_size);
	munmap(live, sizeof(*live));
	return failed;
}
