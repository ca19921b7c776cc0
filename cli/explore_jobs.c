// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workers take one part after the other from a counter in shared memory, and send what each came to
 * through a pipe of their own.  They are forked, so what they send may be a struct with its pointers.
 */
#include "cli/explore_jobs.h"

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

#include "cli/explore_watch.h"

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
	const struct jobs *jobs;
	uint64_t *counter;
	uint64_t current; /* the part that it has taken */
	bool taken;
	int fd;
};

static void take(struct share *s)
{
	uint64_t i = __atomic_fetch_add(s->counter, 1, __ATOMIC_RELAXED);

	s->current = i < s->jobs->n_todo ? s->jobs->todo[i] : UINT64_MAX;
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

static void work(const struct jobs *jobs, uint64_t *counter, int fd)
{
	static struct message farewell;
	struct share share = { .jobs = jobs, .counter = counter, .fd = fd };
	struct xp_parts parts = { .mine = mine, .done = done, .arg = &share };
	struct xp_options options = *jobs->options;
	struct watch watch;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	watch_begin(&watch, jobs->seconds);
	watch.terminal = false;
	options.parts = &parts;
	options.no_example = true;
	options.tick = watch_tick;
	options.arg = &watch;
	farewell.what = FAREWELL;
	farewell.cell = *jobs->cell;
	xp_cell_run(&farewell.cell, &options);
	send_message(fd, &farewell);
	_exit(0);
}

static int start(struct worker *w, const struct jobs *jobs, uint64_t *counter)
{
	int fds[2];

	if (pipe(fds))
		return -errno;
	w->pid = fork();
	if (!w->pid) {
		close(fds[0]);
		work(jobs, counter, fds[1]);
	}
	close(fds[1]);
	w->fd = fds[0];
	return w->pid < 0 ? -errno : 0;
}

static void fail(const struct jobs *jobs, const char *reason)
{
	if (jobs->cell->status == XP_FAILED)
		return;
	jobs->cell->status = XP_FAILED;
	snprintf(jobs->cell->reason, sizeof(jobs->cell->reason), "%s", reason);
}

static void end_all(struct worker *worker, int n, int signal)
{
	for (int i = 0; i < n; i++)
		if (worker[i].fd >= 0 && worker[i].pid > 0)
			kill(worker[i].pid, signal);
}

static void receive(const struct jobs *jobs, struct worker *w)
{
	const struct message *m = &w->message;

	if (m->what != FAREWELL) {
		jobs->result(jobs->arg, m->part, &m->cell, m->what == PART);
		return;
	}
	w->said_farewell = true;
	if (m->cell.status == XP_FAILED)
		fail(jobs, m->cell.reason);
}

/* Reads what is there; at the end of the pipe the worker is gone. */
static void listen_to(const struct jobs *jobs, struct worker *w)
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
			receive(jobs, w);
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
	fail(jobs, reason);
}

/* False: all workers are gone. */
static bool wait_for_news(const struct jobs *jobs, struct worker *worker, int n)
{
	struct pollfd fd[JOBS_MOST];
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
			listen_to(jobs, &worker[i]);
	return true;
}

/* A signal to this process, a failure, or time that is over ends all of them; at last by force. */
static void supervise(const struct jobs *jobs, struct worker *worker, int n)
{
	struct watch watch;
	double ending = 0;

	watch_begin(&watch, 0);
	while (wait_for_news(jobs, worker, n)) {
		double now = watch_elapsed(&watch);
		bool end = watch_caught() || jobs->cell->status == XP_FAILED ||
			   (jobs->seconds && now > jobs->seconds + 1);

		if (end && !ending) {
			ending = now;
			end_all(worker, n, SIGTERM);
		}
		if (ending && now > ending + PATIENCE_S) {
			fail(jobs, "a worker did not end when it was told to");
			end_all(worker, n, SIGKILL);
		}
	}
}

int jobs_run(const struct jobs *jobs)
{
	struct worker *worker = calloc((size_t)jobs->n, sizeof(*worker));
	uint64_t *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, failed = 0;

	if (!worker || counter == MAP_FAILED) {
		fail(jobs, "no memory for workers");
		free(worker);
		return -ENOMEM;
	}
	fflush(NULL);
	for (i = 0; i < jobs->n && !failed; i++)
		failed = start(&worker[i], jobs, counter);
	if (failed) {
		fail(jobs, strerror(-failed));
		i--;
	}
	supervise(jobs, worker, i);
	munmap(counter, sizeof(*counter));
	free(worker);
	return jobs->cell->status == XP_FAILED ? -ECHILD : 0;
}
