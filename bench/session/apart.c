// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Measuring in a child process: a backend that crashes or ends the program ends no session.  What was
 * measured until then is in the folder, whose run.json says which row it was.
 */
#include "apart/apart.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <cjson/cJSON.h>

#include "apart/fault.h"
#include "bench/session/session.h"
#include "machine/relax.h"

enum { PATIENCE_S = 60 };

/* What both see while it runs. */
struct row_live {
	struct apart_fault fault;
	char row[320]; /* that is being measured */
};

static struct measuring {
	struct bench_session *session;
	struct row_live *live;
	void (*progress)(void *arg, size_t done, size_t of, const struct bench_case *c);
	/* comes back */
	struct back {
		int failed, write_failed;
		size_t late;
		char err[sizeof(((struct bench_session *)0)->err)];
	} back;
} measuring;

static void on_row(void *arg, size_t done, size_t of, const struct bench_case *c)
{
	bench_row_name(c, c->repetition, measuring.live->row, sizeof(measuring.live->row));
	if (measuring.progress)
		measuring.progress(arg, done, of, c);
}

static void work(void *arg)
{
	struct measuring *m = arg;

	apart_note_faults(&m->live->fault);
	m->progress = m->session->progress;
	m->session->progress = on_row;
	m->back.failed = bench_session_run(m->session);
	m->back.write_failed = m->session->write_failed;
	m->back.late = m->session->late;
	memcpy(m->back.err, m->session->err, sizeof(m->back.err));
	fflush(NULL);
}

static bool stopped(void *arg)
{
	(void)arg;
	return machine_stop == MACHINE_STOP;
}

void bench_session_note_failure(struct bench_session *s, const char *row)
{
	cJSON *failed = s->folder.run ? cJSON_CreateObject() : NULL;

	if (!failed)
		return;
	cJSON_AddStringToObject(failed, "row", row);
	cJSON_AddStringToObject(failed, "reason", s->err);
	folder_set(&s->folder, "failed", failed); /* without it, too, the state says that it has */
}

static int conclude(const struct apart_end *end, struct bench_session *s)
{
	struct row_live *live = measuring.live;
	char text[sizeof(s->err)];

	live->row[sizeof(live->row) - 1] = 0;
	if (end->how == APART_DONE) {
		s->write_failed = measuring.back.write_failed;
		s->late = measuring.back.late;
		memcpy(s->err, measuring.back.err, sizeof(s->err));
		s->err[sizeof(s->err) - 1] = 0;
		/* The watchdog's: it is the row's fault. */
		if (measuring.back.failed != -ETIMEDOUT && measuring.back.failed != -EDEADLK)
			return measuring.back.failed;
		snprintf(text, sizeof(text), "%.300s: %.200s", live->row, s->err);
		memcpy(s->err, text, sizeof(text));
	} else if (end->told) {
		return -EINTR;
	} else if (end->how == APART_NOT) {
		snprintf(s->err, sizeof(s->err), "no process to measure in: %s", strerror(-end->code));
		return end->code;
	} else {
		apart_say_end(end, &live->fault, live->row[0] ? live->row : "bench",
			      "what came before is kept", s->err, sizeof(s->err));
	}
	bench_session_note_failure(s, live->row);
	return -ECHILD;
}

int bench_session_run_apart(struct bench_session *s)
{
	struct row_live *live = mmap(NULL, sizeof(*live), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				 -1, 0);
	const struct apart a = { .work = work, .arg = &measuring, .stopped = stopped, .in_group = true,
				 .patience_s = PATIENCE_S,
				 .piece = { { &measuring.back, sizeof(measuring.back) },
					    { s->cell, s->plan->n_cells * sizeof(*s->cell) } } };
	struct apart_end end;
	int failed;

	if (live == MAP_FAILED)
		return bench_session_no_memory(s);
	measuring = (struct measuring){ .session = s, .live = live };
	end = apart_run(&a);
	failed = conclude(&end, s);
	munmap(live, sizeof(*live));
	return failed;
}

/* One backend's part of a plan, to be thrown away: planning calls its text to count what it does. */
static struct trial {
	struct bench_options options;
	const struct topo *topo;
	struct row_live *live;
	/* comes back: what a row costs */
	struct cost {
		int failed;
		uint64_t row_ns;
		char err[256];
	} cost;
} trial;

static void plan_one(void *arg)
{
	static struct bench_plan plan;
	struct trial *t = arg;
	char err[256];

	apart_note_faults(&t->live->fault);
	if (!bench_plan_make(&plan, &t->options, t->topo, err, sizeof(err)))
		bench_plan_free(&plan);
}

static uint64_t look_at_plan(void *arg, double *patience)
{
	(void)arg;
	*patience = PATIENCE_S;
	return 1;
}

int bench_try(const struct bench_options *o, const struct topo *topo, char *err, size_t err_size)
{
	static const struct apart a = { .work = plan_one, .arg = &trial, .look = look_at_plan };
	struct row_live *live = mmap(NULL, sizeof(*live), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				 -1, 0);
	struct apart_end end = { .how = APART_DONE };

	if (live == MAP_FAILED) {
		snprintf(err, err_size, "out of memory");
		return -ENOMEM;
	}
	trial = (struct trial){ .options = *o, .topo = topo, .live = live };
	/* A pair of each distance has all that a backend's text is asked; all pairs may be millions. */
	trial.options.pairs_per_class = 1;
	trial.options.repetitions = 1;
	trial.options.only = NULL;
	for (size_t i = 0; i < o->n_backends && end.how == APART_DONE; i++) {
		trial.options.backend[0] = o->backend[i];
		trial.options.n_backends = 1;
		end = apart_run(&a);
		if (end.how != APART_DONE)
			apart_say_end(&end, &live->fault, o->backend[i]->name, "while it was planned", err,
				      err_size);
	}
	munmap(live, sizeof(*live));
	return end.how == APART_DONE ? 0 : -ECHILD;
}

static void cost_rows(void *arg)
{
	struct trial *t = arg;

	t->cost.failed = bench_row_cost(&t->options, t->topo, &t->cost.row_ns, t->cost.err,
					sizeof(t->cost.err));
	fflush(NULL);
}

int bench_row_cost_apart(const struct bench_options *o, const struct topo *topo, uint64_t *row_ns,
			 char *err, size_t err_size)
{
	static const struct apart a = { .work = cost_rows, .arg = &trial, .in_group = true,
					.stopped = stopped,
					.piece = { { &trial.cost, sizeof(trial.cost) } } };
	const struct apart_fault nowhere = { 0 };
	struct apart_end end;

	trial = (struct trial){ .options = *o, .topo = topo };
	end = apart_run(&a);
	if (end.how != APART_DONE) {
		apart_say_end(&end, &nowhere, "a backend", "while rows were tried", err, err_size);
		return -ECHILD;
	}
	*row_ns = trial.cost.row_ns;
	snprintf(err, err_size, "%.*s", (int)sizeof(trial.cost.err) - 1, trial.cost.err);
	return trial.cost.failed;
}
