// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workers take one part, or one cell, after the other from a counter in shared memory, and send what each
 * came to through a pipe of their own.  They are forked, so what they send may be a struct with its pointers.
 */
#include "explore/cell/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apart/fault.h"
#include "explore/cell/errand.h"
#include "explore/cell/witness.h"

enum { PATIENCE_S = 10, MOST_CPUS = 65536 };

struct message {
	uint64_t part; /* or cell */
	/* A whole part, one that was stopped in; a cell; the worker's end. */
	enum { PART, PIECE, CELL, FAREWELL } what;
	double seconds; /* of a cell */
	struct xp_cell cell;
};

struct worker {
	pid_t pid;
	int fd;
	struct xp_witness *witness;
	struct apart_watch watch;
	size_t have; /* bytes of the message */
	struct message message;
	bool said_farewell;
};

/* The worker's side. */
struct share {
	const struct xp_workers *all;
	uint64_t *counter;
	uint64_t current; /* the part that it has taken */
	bool taken;
	int fd;
};

static void take(struct share *s)
{
	uint64_t i = __atomic_fetch_add(s->counter, 1, __ATOMIC_RELAXED);

	s->current = i < s->all->n_todo ? s->all->todo[i] : UINT64_MAX;
	s->taken = true;
}

/* One is taken when the last one is done; it is a later one, since others took what was between. */
static bool mine(void *arg, uint64_t part)
{
	struct share *s = arg;

	if (!s->taken)
		take(s);
	if (part != s->current)
		return false;
	s->taken = false;
	return true;
}

static void send_message(int fd, const struct message *m)
{
	const char *at = (const char *)m;
	size_t left = sizeof(*m);

	while (left) {
		ssize_t n = write(fd, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		at += n;
		left -= (size_t)n;
	}
}

static void done(void *arg, uint64_t part, const struct xp_cell *result, bool whole)
{
	static struct message m;
	struct share *s = arg;

	m = (struct message){ .part = part, .what = whole ? PART : PIECE, .cell = *result };
	send_message(s->fd, &m);
}

/*
 * On a CPU of its own of those that it may have, from which it is free to go: where they are isolated the
 * kernel leaves all workers on the one that they were forked on.
 */
static void settle(int number)
{
	static unsigned long may[MOST_CPUS / (8 * sizeof(long))], here[MOST_CPUS / (8 * sizeof(long))];
	cpu_set_t *all = (cpu_set_t *)may;
	int cpu = -1;

	if (sched_getaffinity(0, sizeof(may), all))
		return;
	for (number %= CPU_COUNT_S(sizeof(may), all); number >= 0; number--)
		do
			cpu++;
		while (!CPU_ISSET_S(cpu, sizeof(may), all));
	CPU_SET_S(cpu, sizeof(here), (cpu_set_t *)here);
	if (!sched_setaffinity(0, sizeof(here), (cpu_set_t *)here))
		sched_setaffinity(0, sizeof(may), all);
}

/* The parts that are its own, of the cell; which then says how it ended. */
static void work_on_parts(struct share *s, struct xp_cell *cell, const struct xp_watcher *watcher)
{
	struct xp_parts parts = { .mine = mine, .done = done, .arg = s };
	struct xp_options options = *s->all->options;
	struct xp_budget budget;

	xp_errand_limit();
	xp_budget_begin(&budget, s->all->seconds, watcher);
	options.parts = &parts;
	options.no_example = true;
	options.tick = xp_budget_tick;
	options.arg = &budget;
	xp_cell_run(cell, &options);
}

/* Each by a child of its own: no backend's text runs here. */
static void work_on_cells(struct share *s, const struct xp_watcher *watcher)
{
	static struct message m;

	for (take(s); s->current != UINT64_MAX && !xp_stopped(watcher); take(s)) {
		m = (struct message){ .part = s->current, .what = CELL };
		m.seconds = s->all->work_on(s->all->arg, s->current, &m.cell, watcher);
		send_message(s->fd, &m);
	}
	xp_errands_end();
}

static void work(const struct xp_workers *all, uint64_t *counter, int fd, struct xp_witness *witness)
{
	static struct message farewell;
	struct share share = { .all = all, .counter = counter, .fd = fd };
	struct xp_watcher silent = all->watcher ? *all->watcher : (struct xp_watcher){ 0 };

	xp_witness_enter(witness);
	silent.news = NULL;
	farewell.what = FAREWELL;
	farewell.cell = *all->cell;
	if (all->work_on)
		work_on_cells(&share, &silent);
	else
		work_on_parts(&share, &farewell.cell, &silent);
	send_message(fd, &farewell);
	_exit(0);
}

static int start(struct worker *w, int number, const struct xp_workers *all, uint64_t *counter)
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	w->witness = xp_witness_new();
	w->pid = fork();
	if (!w->pid) {
		close(fds[0]);
		apart_begin(parent, false);
		settle(number);
		work(all, counter, fds[1], w->witness);
	}
	close(fds[1]);
	w->fd = fds[0];
	if (w->pid > 0)
		setpgid(w->pid, w->pid); /* whoever of both comes first */
	return w->pid < 0 ? -errno : 0;
}

static void fail(const struct xp_workers *all, const char *reason)
{
	if (all->cell->status == XP_FAILED)
		return;
	all->cell->status = XP_FAILED;
	snprintf(all->cell->reason, sizeof(all->cell->reason), "%s", reason);
}

static void end_all(struct worker *worker, int n, int signal)
{
	for (int i = 0; i < n; i++)
		if (worker[i].fd >= 0 && worker[i].pid > 0)
			kill(worker[i].pid, signal);
}

/* It has the status and the reason of the whole, but for the examples of its parts. */
static void receive(const struct xp_workers *all, struct worker *w)
{
	struct message *m = &w->message;

	if (m->what == CELL) {
		all->arrived(all->arg, m->part, &m->cell, m->seconds);
		return;
	}
	xp_cell_check(&m->cell, all->cell);
	if (m->what != FAREWELL) {
		all->result(all->arg, m->part, &m->cell, m->what == PART);
		return;
	}
	w->said_farewell = true;
	if (m->cell.status != XP_FAILED)
		return;
	fail(all, m->cell.reason);
	all->cell->failure = m->cell.failure;
}

/* Who works on cells runs nobody's text: it is no backend's fault. */
static void say_death(const struct xp_workers *all, struct worker *w, const struct apart_end *end,
		      struct xp_cell *cell)
{
	static const struct apart_fault nowhere;

	if (!all->work_on)
		xp_witness_testify(w->witness, cell, end);
	else
		apart_say_end(end, &nowhere, "the worker", "between two cells, or in this one", cell->reason,
			      sizeof(cell->reason));
}

/* It is gone, or stands still and is ended; without a farewell it has failed, wherever it was. */
static void bury(const struct xp_workers *all, struct worker *w, enum apart_how how, bool told)
{
	static struct xp_cell cell;
	struct apart_end end = apart_reap(w->pid);

	close(w->fd);
	w->fd = -1;
	end.how = how == APART_DONE ? end.how : how;
	if (end.how == APART_DONE)
		end.how = APART_EXITED;
	if (!w->said_farewell && !told) {
		cell = *all->cell;
		say_death(all, w, &end, &cell);
		fail(all, cell.reason);
		all->cell->failure = cell.failure;
	}
	xp_witness_free(w->witness);
}

/* Reads what is there; at the end of the pipe the worker is gone. */
static void listen_to(const struct xp_workers *all, struct worker *w, bool told)
{
	ssize_t n = read(w->fd, (char *)&w->message + w->have, sizeof(w->message) - w->have);

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		bury(all, w, APART_DONE, told);
		return;
	}
	w->have += (size_t)n;
	if (w->have == sizeof(w->message)) {
		w->have = 0;
		receive(all, w);
	}
}

static void look_at(const struct xp_workers *all, struct worker *w, bool told)
{
	double patience;
	uint64_t mark = xp_witness_look(w->witness, &patience, NULL);
	enum apart_how how = apart_standstill(&w->watch, w->pid, mark, patience);

	if (how != APART_DONE)
		bury(all, w, how, told);
}

/* False: all workers are gone. */
static bool wait_for_news(const struct xp_workers *all, struct worker *worker, int n, bool told)
{
	struct pollfd fd[XP_MOST_WORKERS];
	int i, left = 0, some;

	for (i = 0; i < n; i++) {
		fd[i] = (struct pollfd){ .fd = worker[i].fd, .events = POLLIN };
		left += worker[i].fd >= 0;
	}
	if (!left)
		return false;
	some = poll(fd, (nfds_t)n, APART_LOOK_MS);
	for (i = 0; i < n; i++)
		if (some > 0 && worker[i].fd >= 0 && fd[i].revents)
			listen_to(all, &worker[i], told);
	return true;
}

/* A signal to this process, a failure, or time that is over ends all of them; at last by force. */
static void supervise(const struct xp_workers *all, struct worker *worker, int n)
{
	struct xp_budget budget;
	double ending = 0, looked = 0;

	xp_budget_begin(&budget, 0, NULL);
	while (wait_for_news(all, worker, n, ending > 0)) {
		double now = xp_budget_elapsed(&budget);
		/* Of cells only those are lost that a worker was at. */
		bool failed = !all->work_on && all->cell->status == XP_FAILED;
		bool end = xp_stopped(all->watcher) || failed || (all->seconds && now > all->seconds + 1);

		if (end && !ending) {
			ending = now;
			end_all(worker, n, SIGTERM);
		}
		if (ending && now > ending + PATIENCE_S) {
			fail(all, "a worker did not end when it was told to");
			end_all(worker, n, SIGKILL);
		}
		if ((now - looked) * 1000 < APART_LOOK_MS)
			continue;
		looked = now;
		for (int i = 0; i < n && !all->work_on; i++) /* else they look at their own children */
			if (worker[i].fd >= 0)
				look_at(all, &worker[i], ending > 0);
	}
}

int xp_workers_run(const struct xp_workers *all)
{
	struct worker *worker = calloc((size_t)all->n, sizeof(*worker));
	uint64_t *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, failed = 0;

	if (!worker || counter == MAP_FAILED) {
		fail(all, "no memory for workers");
		free(worker);
		return -ENOMEM;
	}
	fflush(NULL);
	for (i = 0; i < all->n && !failed; i++)
		failed = start(&worker[i], i, all, counter);
	if (failed) {
		fail(all, strerror(-failed));
		i--;
	}
	supervise(all, worker, i);
	munmap(counter, sizeof(*counter));
	free(worker);
	return all->cell->status == XP_FAILED ? -ECHILD : 0;
}
