// SPDX-License-Identifier: GPL-2.0-or-later
/* The lanes of the first violation: what each thread did to that vCPU shortly before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/lanes.h"
#include "stress/state.h"

enum { MAX_STEPS = 40 };

struct step {
	struct stress_moment moment;
	int thread;
};

struct steps {
	struct step *step;
	size_t n;
};

static int by_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	return x->moment.tick < y->moment.tick ? -1 : x->moment.tick > y->moment.tick;
}

/* A lane shows what concerns the vCPU: its own steps, and mask kicks, which concern all. */
static bool concerns(const struct stress_moment *m, int vcpu)
{
	return m->vcpu == vcpu ||
	       (m->vcpu < 0 && m->note != STRESS_NOTE_WINDOW && m->note != STRESS_NOTE_LINGER);
}

static void collect(struct steps *steps, int vcpu, uint64_t until)
{
	for (int k = 0; k < stress.n_threads; k++) {
		const struct stress_thread *t = stress.thread[k];
		uint32_t first = t->at > STRESS_RING ? t->at - STRESS_RING : 0;

		for (uint32_t at = first; at < t->at; at++) {
			const struct stress_moment *m = &t->ring[at % STRESS_RING];

			if (m->tick <= until && concerns(m, vcpu))
				steps->step[steps->n++] = (struct step){ *m, k };
		}
	}
	qsort(steps->step, steps->n, sizeof(*steps->step), by_time);
}

static const char *window_text(const struct stress_moment *m)
{
	static const char *const text[KICK_N_WINDOWS] = {
		[KICK_W_CPU_CLAIM] = "between cpu read and claim",
		[KICK_W_BEFORE_CLAIM] = "about to claim",
		[KICK_W_CLAIM_IPI] = "claimed, IPI not sent",
		[KICK_W_REQUEST_MODE] = "request made",
		[KICK_W_CPU_CHECKED] = "cpu checked",
		[KICK_W_LOAD_ENTER] = "cpu stored",
		[KICK_W_MODE_CHECK] = "mode stored, not checked",
		[KICK_W_EXIT] = "mode=OUTSIDE stored",
		[KICK_W_CHECK_SLEEP] = "about to sleep",
		[KICK_W_WALK] = "walks",
	};

	return text[m->arg % KICK_N_WINDOWS];
}

static const char *outcome_text(unsigned int outcome)
{
	static const char *const text[KICK_N_OUTCOMES] = {
		[KICK_OUTSIDE] = "it was outside",  [KICK_SENT] = "sent",
		[KICK_CLAIMED] = "claimed already", [KICK_READING] = "it walks",
		[KICK_SELF] = "own pCPU",	    [KICK_WOKEN] = "woken",
		[KICK_OFFLINE] = "offline",
	};

	return outcome < KICK_N_OUTCOMES ? text[outcome] : "mask";
}

static void step_text(const struct stress_moment *m, char *text, size_t size)
{
	/* Formats of a pCPU; those that are not here say more. */
	static const char *const of_cpu[STRESS_NOTE_FOUND + 1] = {
		[STRESS_NOTE_LINGER] = "  ... after a delay there", [STRESS_NOTE_IPI] = "  IPI to pCPU %d",
		[STRESS_NOTE_LOAD] = "load on pCPU %d", [STRESS_NOTE_PUT] = "put, leaves pCPU %d",
		[STRESS_NOTE_SLEEP] = "sleeps", [STRESS_NOTE_AWAKE] = "is awake",
		[STRESS_NOTE_WALK] = "walks pages", [STRESS_NOTE_WALKED] = "has walked",
		[STRESS_NOTE_SELF] = "kicks itself",
	};

	switch ((enum stress_note)m->note) {
	case STRESS_NOTE_WINDOW:
		snprintf(text, size, "  %s", window_text(m));
		break;
	case STRESS_NOTE_OP:
		snprintf(text, size, "%s begins", stress_op_name[m->arg % STRESS_N_OPS]);
		break;
	case STRESS_NOTE_DONE:
		snprintf(text, size, "returns: %s", outcome_text(m->arg));
		break;
	case STRESS_NOTE_CALL:
		snprintf(text, size, "  calls the pCPUs%s", m->arg ? ", waits" : "");
		break;
	case STRESS_NOTE_ENTER:
		snprintf(text, size, "IN GUEST on pCPU %d, #%u", m->cpu, m->stint / 2 + 1);
		break;
	case STRESS_NOTE_LEAVE:
		snprintf(text, size, "exit from pCPU %d%s", m->cpu, m->arg ? " (IPI)" : "");
		break;
	case STRESS_NOTE_FOUND:
		snprintf(text, size, "=== %s", stress_kind_name(m->arg % STRESS_N_KINDS));
		break;
	default:
		snprintf(text, size, of_cpu[m->note], m->cpu);
	}
}

/* The threads that appear, each in a lane of its own; carriers come last. */
static void name_lanes(struct lanes *lanes, const struct step *step, size_t n, int *lane)
{
	bool seen[STRESS_MAX_THREADS] = { false };

	for (size_t i = 0; i < n; i++)
		seen[step[i].thread] = true;
	for (int k = 0; k < stress.n_threads; k++) {
		struct lanes_lane *l = &lanes->lane[lanes->n_lanes];

		if (!seen[k])
			continue;
		lane[k] = lanes->n_lanes++;
		l->vcpu = k >= stress.n_kickers;
		snprintf(l->name, sizeof(l->name), "%s %d", l->vcpu ? "carrier" : "kicker",
			 l->vcpu ? k - stress.n_kickers : k);
	}
}

static void fill(struct lanes *lanes, const struct stress_phase *p, const struct steps *steps)
{
	static const enum lanes_mark marks[STRESS_NOTE_FOUND + 1] = {
		[STRESS_NOTE_ENTER] = LANES_ENTERS,
		[STRESS_NOTE_LEAVE] = LANES_LEAVES,
		[STRESS_NOTE_FOUND] = LANES_FOUND,
	};
	size_t first = steps->n > MAX_STEPS ? steps->n - MAX_STEPS : 0;
	int lane[STRESS_MAX_THREADS];

	*lanes = (struct lanes){ .timed = true,
				 .end = "#n: n-th stay in guest mode; \"sent\" also stands for calls" };
	snprintf(lanes->head, sizeof(lanes->head),
		 "%s: %s, vCPU %d, phase %u, vcpu->cpu after put %s, windows %s", p->backend->name,
		 stress_kind_name(stress.first.kind), stress.first.vcpu, p->number,
		 p->put_clears ? "-1" : "sticky", p->windows ? "on" : "off");
	name_lanes(lanes, steps->step + first, steps->n - first, lane);
	for (size_t i = first; i < steps->n; i++) {
		const struct stress_moment *m = &steps->step[i].moment;
		struct lanes_step *s = lanes_add(lanes);

		if (!s)
			return;
		s->at = -(long long)clock_to_ns(stress.first.tick - m->tick);
		s->lane = lane[steps->step[i].thread];
		s->mark = marks[m->note];
		step_text(m, s->does, sizeof(s->does));
	}
}

void stress_trace(const struct stress_phase *p, struct lanes *lanes)
{
	struct steps steps = { malloc(sizeof(struct step) * STRESS_RING * (size_t)stress.n_threads),
			       0 };

	*lanes = (struct lanes){ 0 };
	if (!steps.step)
		return;
	/* The note of the violation itself comes a moment after its time was taken. */
	collect(&steps, stress.first.vcpu, stress.first.tick + clock_from_ns(1000));
	fill(lanes, p, &steps);
	free(steps.step);
}
