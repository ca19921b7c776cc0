// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workers take one part after the other from a counter in shared memory, and send what each came to
 * through a pipe of their own.  They are forked, so what they send may be a struct with its pointers.
 */
#include "explore/cell/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 200, PATIENCE_S = 10 };

struct message {
	uint64_t part;
	enum { PART, PIECE, FAREWELL } what; /* a whole part, one that was stopped in, the worker's end */
	struct xp_cell cell;
};

struct worker {
	pid_t pid;
	int fd;
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

static void work(const struct xp_workers *all, uint64_t *counter, int fd)
{
	static struct message farewell;
	struct share share = { .all = all, .counter = counter, .fd = fd };
	struct xp_parts parts = { .mine = mine, .done = done, .arg = &share };
	struct xp_options options = *all->options;
	struct xp_watcher silent = all->watcher ? *all->watcher : (struct xp_watcher){ 0 };
	struct xp_budget budget;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	silent.news = NULL;
	xp_budget_begin(&budget, all->seconds, &silent);
	options.parts = &parts;
	options.no_example = true;
	options.tick = xp_budget_tick;
	options.arg = &budget;
	farewell.what = FAREWELL;
	farewell.cell = *all->cell;
	xp_cell_run(&farewell.cell, &options);
	send_message(fd, &farewell);
	_exit(0);
}

static int start(struct worker *w, const struct xp_workers *all, uint64_t *counter)
{
	int fds[2];

	if (pipe(fds))
		return -errno;
	w->pid = fork();
	if (!w->pid) {
		close(fds[0]);
		work(all, counter, fds[1]);
	}
	close(fds[1]);
	w->fd = fds[0];
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

static void receive(const struct xp_workers *all, struct worker *w)
{
	const struct message *m = &w->message;

	if (m->what != FAREWELL) {
		all->result(all->arg, m->part, &m->cell, m->what == PART);
		return;
	}
	w->said_farewell = true;
	if (m->cell.status == XP_FAILED)
		fail(all, m->cell.reason);
}

/* Reads what is there; at the end of the pipe the worker is gone. */
static void listen_to(const struct xp_workers *all, struct worker *w)
{
	ssize_t n = read(w->fd, (char *)&w->message + w->have, sizeof(w->message) - w->have);
	char reason[64];
	int status = 0;

	if (n < 0 && errno == EINTR)
		return;
	if (n > 0) {
		w->have += (size_t)n;
		if (w->have == sizeof(w->message)) {
			w->have = 0;
			receive(all, w);
		}
		return;
	}
	close(w->fd);
	w->fd = -1;
	waitpid(w->pid, &status, 0);
	if (w->said_farewell)
		return;
	if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "a worker died of signal %d", WTERMSIG(status));
	else
		snprintf(reason, sizeof(reason), "a worker ended early, with code %d", WEXITSTATUS(status));
	fail(all, reason);
}

/* False: all workers are gone. */
static bool wait_for_news(const struct xp_workers *all, struct worker *worker, int n)
{
	struct pollfd fd[XP_MOST_WORKERS];
	int i, left = 0;

	for (i = 0; i < n; i++) {
		fd[i] = (struct pollfd){ .fd = worker[i].fd, .events = POLLIN };
		left += worker[i].fd >= 0;
	}
	if (!left)
		return false;
	if (poll(fd, (nfds_t)n, LOOK_MS) <= 0)
		return true;
	for (i = 0; i < n; i++)
		if (worker[i].fd >= 0 && fd[i].revents)
			listen_to(all, &worker[i]);
	return true;
}

/* A signal to this process, a failure, or time that is over ends all of them; at last by force. */
static void supervise(const struct xp_workers *all, struct worker *worker, int n)
{
	struct xp_budget budget;
	double ending = 0;

	xp_budget_begin(&budget, 0, NULL);
	while (wait_for_news(all, worker, n)) {
		double now = xp_budget_elapsed(&budget);
		bool end = xp_stopped(all->watcher) || all->cell->status == XP_FAILED ||
			   (all->seconds && now > all->seconds + 1);

		if (end && !ending) {
			ending = now;
			end_all(worker, n, SIGTERM);
		}
		if (ending && now > ending + PATIENCE_S) {
			fail(all, "a worker did not end when it was told to");
			end_all(worker, n, SIGKILL);
		}
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
		failed = start(&worker[i], all, counter);
	if (failed) {
		fail(all, strerror(-failed));
		i--;
	}
	supervise(all, worker, i);
	munmap(counter, sizeof(*counter));
	free(worker);
	return all->cell->status == XP_FAILED ? -ECHILD : 0;
}
