// SPDX-License-Identifier: GPL-2.0-or-later
/* A child, its life, and what it leaves in memory that both see. */
#include "apart/apart.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 32 << 20, ALIGN = 64, PATIENCE_S = 5, SLEEP_LOOKS = 20, DONE = 0x646f6e65 };

/* Its pages are made as they are touched.  At one address in the caller and in the child. */
struct apart_shared {
	uint32_t done; /* DONE, written last */
	size_t used;   /* bytes of room[] */
	uint64_t sum;  /* of these */
	char room[] __attribute__((aligned(ALIGN)));
};

/* In the child its own; in the caller that of the last ask. */
static struct apart_shared *shared;

static size_t room(void)
{
	return ROOM - sizeof(*shared) - ALIGN;
}

void *apart_keep(const void *bytes, size_t n)
{
	size_t at = (shared->used + ALIGN - 1) / ALIGN * ALIGN;

	if (at > room() || n > room() - at)
		return NULL;
	memcpy(shared->room + at, bytes, n);
	shared->used = at + n;
	return shared->room + at;
}

void *apart_take(const void *kept, size_t n)
{
	size_t at = (size_t)((const char *)kept - shared->room);
	void *copy;

	if (at > room() || n > room() - at)
		return NULL;
	copy = malloc(n + 1);
	return copy ? memcpy(copy, kept, n) : NULL;
}

/* The pieces behind what was kept; false: no room. */
static bool put_pieces(const struct apart *a)
{
	bool all = true;

	for (int i = 0; i < APART_PIECES; i++)
		all &= !a->piece[i].size || apart_keep(a->piece[i].at, a->piece[i].size);
	return all;
}

/* Back into place, the last one first: each begins where the one behind it left off. */
static bool take_pieces(const struct apart *a)
{
	size_t at = shared->used, all = 0;

	for (int i = 0; i < APART_PIECES; i++)
		if (a->piece[i].size)
			all = (all + ALIGN - 1) / ALIGN * ALIGN + a->piece[i].size;
	if (at > room() || at < all)
		return false;
	for (int i = APART_PIECES; i-- > 0;) {
		if (!a->piece[i].size)
			continue;
		at = (at - a->piece[i].size) / ALIGN * ALIGN;
		memcpy(a->piece[i].at, shared->room + at, a->piece[i].size);
	}
	return true;
}

void apart_begin(pid_t parent, bool in_group)
{
	int fd;

	if (!in_group)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, "1000", 4) < 0)
			errno = 0; /* then it is a child like any other */
		close(fd);
	}
	fd = in_group ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		dup2(fd, STDIN_FILENO);
		close(fd);
	}
}

/* By words: it is for each answer. */
static uint64_t sum(void)
{
	uint64_t all = shared->used, word;

	for (size_t at = 0; at < shared->used; at += sizeof(word)) {
		memcpy(&word, shared->room + at, sizeof(word)); /* the last one's end is there, too */
		all = (all ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		all ^= all >> 29;
	}
	return all;
}

/* The child's life. */
static void serve(const struct apart *a, int fd)
{
	char byte;

	while (read(fd, &byte, 1) == 1) {
		if (!take_pieces(a))
			_exit(1);
		shared->used = 0;
		a->work(a->arg);
		if (!put_pieces(a))
			_exit(1);
		shared->sum = sum();
		__atomic_store_n(&shared->done, DONE, __ATOMIC_RELEASE); /* pairs with collect() */
		if (write(fd, "", 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* In the caller: are the results whole?  Then they are put into place. */
static bool collect(const struct apart *a)
{
	/* Pairs with serve(). */
	return __atomic_load_n(&shared->done, __ATOMIC_ACQUIRE) == DONE && shared->used <= room() &&
	       shared->sum == sum() && take_pieces(a);
}

static double cpu_seconds(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* "S" of "17 (name) S ...": waits; T and t: is stopped. */
static bool waits(pid_t pid, const char *thread)
{
	char path[300], line[512];
	const char *state;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", (int)pid, thread);
	f = fopen(path, "re");
	if (!f)
		return false;
	state = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	return state && state[1] == ' ' && strchr("STt", state[2]);
}

/* Does no thread of it run, or want to, or wait for the disk? */
static bool all_wait(pid_t pid)
{
	struct dirent *entry;
	char path[64];
	bool all = true;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (all && (entry = readdir(dir)))
		all = entry->d_name[0] == '.' || waits(pid, entry->d_name);
	closedir(dir);
	return all;
}

enum apart_how apart_standstill(struct apart_watch *w, pid_t pid, uint64_t mark, double patience)
{
	double cpu = cpu_seconds(pid);

	if (mark != w->mark || cpu < w->cpu_s) {
		*w = (struct apart_watch){ .mark = mark, .cpu_s = cpu };
		return APART_DONE;
	}
	if (cpu - w->cpu_s > patience)
		return APART_SPINS;
	w->still = all_wait(pid) ? w->still + 1 : 0;
	return w->still > SLEEP_LOOKS ? APART_SLEEPS : APART_DONE;
}

static struct apart_end end_of(int status, const struct rusage *usage)
{
	struct apart_end end = { .memory = (size_t)usage->ru_maxrss * 1024 };

	end.how = WIFSIGNALED(status) ? APART_SIGNALLED : WEXITSTATUS(status) ? APART_EXITED : APART_DONE;
	end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	return end;
}

struct apart_end apart_reap(pid_t pid)
{
	struct rusage usage = { 0 };
	int status = 0;

	kill(pid, SIGKILL); /* nothing, if it has ended: it is not waited for yet */
	kill(-pid, SIGKILL); /* nobody, if it is in this process's group */
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	return end_of(status, &usage);
}

/* Has it ended?  It stays to be waited for. */
static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid == pid;
}

/* Until it has answered or ended, or has to be ended: APART_DONE, or by what. */
static enum apart_how watch(const struct apart *a, const struct apart_server *s, bool *answered, bool *told)
{
	struct apart_watch w = { 0 };
	struct pollfd answer = { .fd = s->fd, .events = POLLIN };
	double patience_s = a->patience_s > 0 ? a->patience_s : PATIENCE_S;
	enum apart_how how = APART_DONE;
	int looks = 0;
	char byte;

	while (how == APART_DONE) {
		double patience = 0;
		uint64_t mark;

		if (poll(&answer, 1, APART_LOOK_MS) > 0) {
			*answered = read(s->fd, &byte, 1) == 1;
			break;
		}
		/* What it has started may hold the other end. */
		if (has_ended(s->pid))
			break;
		if (a->stopped && a->stopped(a->arg) && !*told) {
			*told = true;
			kill(s->pid, SIGTERM);
		}
		mark = a->look ? a->look(a->arg, &patience) : 0;
		if (*told && ++looks * APART_LOOK_MS > patience_s * 1000)
			how = APART_DEAF;
		else if (a->look)
			how = apart_standstill(&w, s->pid, mark, patience);
	}
	return how;
}

static int start(const struct apart *a, struct apart_server *s)
{
	pid_t parent = getpid();
	int fds[2], failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	fflush(NULL);
	s->fd = fds[0];
	s->pid = fork();
	failed = s->pid < 0 ? -errno : 0;
	if (!s->pid) {
		close(fds[0]);
		apart_begin(parent, a->in_group);
		serve(a, fds[1]);
	}
	close(fds[1]);
	if (s->pid > 0 && !a->in_group)
		setpgid(s->pid, s->pid); /* whoever of both comes first */
	if (failed) {
		s->pid = 0;
		close(s->fd);
	}
	return failed;
}

static struct apart_end bury(struct apart_server *s)
{
	struct apart_end end = apart_reap(s->pid);

	close(s->fd);
	s->pid = 0;
	return end;
}

/* Asks a child that is there. */
static struct apart_end ask(struct apart_server *s, const struct apart *a)
{
	struct apart_end end = { .how = APART_DONE };
	enum apart_how how = APART_DONE;
	bool answered = false, told = false;

	shared->done = 0;
	shared->used = 0;
	if (put_pieces(a) && send(s->fd, "", 1, MSG_NOSIGNAL) == 1)
		how = watch(a, s, &answered, &told);
	end.told = told;
	if (answered && collect(a))
		return end;
	end = bury(s);
	end.told = told;
	if (how != APART_DONE)
		end.how = how;
	else if (end.how == APART_DONE || answered)
		end.how = APART_EXITED;
	return end;
}

struct apart_end apart_ask(struct apart_server *s, const struct apart *a)
{
	struct apart_end end = { .how = APART_NOT };

	if (!s->shared)
		s->shared = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (s->shared == MAP_FAILED) {
		s->shared = NULL;
		end.code = -errno;
		return end;
	}
	shared = s->shared;
	if (!s->pid)
		end.code = start(a, s);
	return s->pid ? ask(s, a) : end;
}

void apart_dismiss(struct apart_server *s)
{
	if (s->pid)
		bury(s);
	if (s->shared)
		munmap(s->shared, ROOM);
	s->shared = NULL;
}

struct apart_end apart_run(const struct apart *a)
{
	static struct apart_server once;
	struct apart_end end = apart_ask(&once, a);

	if (once.pid)
		bury(&once);
	return end;
}
