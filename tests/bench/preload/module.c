// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded by test_bench_kernel.py: a module kick_judge that is not there, on six CPUs that are not.  It
 * takes any order, runs nothing, and reports what a run without a flaw would; MODULE_SAYS=KEY names the one
 * thing that is otherwise.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/kick_judge.h"

static struct judge_order order;
static int run_fd = -1;
static unsigned int samples, runs;

static int says(const char *what)
{
	const char *said = getenv("MODULE_SAYS");

	return said && !strcmp(said, what);
}

static struct judge_report report(void)
{
	struct judge_report r = { .version = JUDGE_VERSION, .window_ns = 1000000, .ops = 1000,
				  .ops_ns = 5000000,	    .kicks = 1000,	  .least_kicks = 1000,
				  .most_kicks = 1000 };

	if (order.scenario == JUDGE_FASTPATH)
		r.outcome[order.path == JUDGE_EXITING ? 2 : order.path == JUDGE_SELF ? 4 : 0] = 1000;
	if (order.scenario <= JUDGE_ENTRY)
		return r;
	r.sent = r.useful = r.received = r.exits = 1000;
	r.stints = 1001;
	r.casts = order.scenario == JUDGE_BROADCAST ? 500 : 0;
	r.outcome[1] = order.scenario == JUDGE_BROADCAST ? 0 : 1000;
	*(order.transport == JUDGE_RESCHEDULE ? &r.resched : &r.called) = 1000;
	r.samples = samples = 2500;
	r.migrations = order.scenario == JUDGE_MIGRATE ? 10 : 0;
	r.poisoned = says("poisoned");
	r.lost = says("lost");
	r.misdirected = says("misdirected");
	r.dropped = says("untrue") ? 7 : 0;
	r.end = says("stuck") ? JUDGE_STUCK : says("offline") ? JUDGE_OFFLINE : JUDGE_DONE;
	r.settled = order.scenario == JUDGE_ROUNDTRIP || order.scenario == JUDGE_MIGRATE;
	if (says("foreign") || (says("once") && runs++ == 0)) {
		r.received = r.resched = 1003;
		r.stale = r.foreign = 3;
	}
	if (says("moves")) {
		r.received = r.resched = 1003;
		r.stale = r.foreign = r.in_moves = 3;
	}
	if (says("merged") || says("doubtful")) {
		r.received = r.resched = r.useful = r.exits = 990;
		r.merged = 10;
		r.doubtful = says("doubtful");
	}
	return r;
}

static int text_file(const char *text, size_t size)
{
	int fd = memfd_create("module", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text, size) != (ssize_t)size)
		return -1;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int fake(const char *name)
{
	static const char about[] = "version 1\nrelease 6.1.0-none\nbuild #1\nconfig HZ=250\n"
				    "config_sha256 c\nsource_sha256 s\n"
				    "transports reschedule,call\nbackend old \n"
				    "backend patched \nbackend locked_mutex its lock sleeps\n";
	static unsigned int sample[JUDGE_SAMPLES_A_READ];
	unsigned int n = samples < JUDGE_SAMPLES_A_READ ? samples : JUDGE_SAMPLES_A_READ;

	if (!strcmp(name, "about"))
		return text_file(about, sizeof(about) - 1);
	if (!strcmp(name, "run"))
		return run_fd = text_file("", 0);
	for (unsigned int i = 0; i < n; i++)
		sample[i] = 5000 + i;
	samples -= n;
	return text_file((const char *)sample, n * sizeof(sample[0]));
}

int open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, mode_t);
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "open");
	return strncmp(path, JUDGE_DIR "/", sizeof(JUDGE_DIR)) ? real(path, flags, mode)
							       : fake(path + sizeof(JUDGE_DIR));
}

/* As many CPUs as the machine that hwloc is told of. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	(void)pid;
	memset(set, 0, size);
	for (int i = 0; i < 6; i++)
		CPU_SET(i, set);
	return 0;
}

int access(const char *path, int mode)
{
	static int (*real)(const char *, int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "access");
	return strncmp(path, JUDGE_DIR "/", sizeof(JUDGE_DIR)) ? real(path, mode) : 0;
}

ssize_t write(int fd, const void *data, size_t size)
{
	static ssize_t (*real)(int, const void *, size_t);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "write");
	if (fd != run_fd || size != sizeof(order))
		return real(fd, data, size);
	memcpy(&order, data, size);
	errno = says("gone") ? ENODEV : 0;
	return says("gone") ? -1 : (ssize_t)size;
}

ssize_t pread(int fd, void *data, size_t size, off_t at)
{
	static ssize_t (*real)(int, void *, size_t, off_t);
	struct judge_report r;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pread");
	if (fd != run_fd || size != sizeof(r))
		return real(fd, data, size, at);
	r = report();
	memcpy(data, &r, size);
	return (ssize_t)size;
}
