// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab's program that treats the module kick_judge badly, in a guest of scripts/kernel-judge: takes it
 * out at random moments of a run, takes a CPU away, kills who waits for a run, gives orders that are none.
 * Each time nothing of it may be left.  What the kernel says to that, init looks up in its log.  A line for
 * each kind; exit code 1: some were not as they should be.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/kick_judge.h"

enum { UNLOADS = 20, OFFLINES = 6, KILLS = 10, ORDERS = 10, BAD_ORDERS = 60 };

static void wait_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static bool load(void)
{
	int fd = open("/lab/kick_judge.ko", O_RDONLY | O_CLOEXEC);
	bool loaded = fd >= 0 && !syscall(SYS_finit_module, fd, "", 0);

	if (!loaded)
		printf("torture: cannot load: %s\n", strerror(errno));
	close(fd);
	return loaded;
}

static bool unload(void)
{
	if (!syscall(SYS_delete_module, "kick_judge", O_NONBLOCK))
		return true;
	printf("torture: cannot unload: %s\n", strerror(errno));
	return false;
}

/* Threads of the module, by their names. */
static int kthreads(void)
{
	DIR *d = opendir("/proc");
	char path[300], name[32];
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		FILE *comm;

		snprintf(path, sizeof(path), "/proc/%s/comm", e->d_name);
		comm = fopen(path, "re");
		n += comm && fgets(name, sizeof(name), comm) && !strncmp(name, "kick_judge/", 11);
		if (comm)
			fclose(comm);
	}
	if (d)
		closedir(d);
	return n;
}

static bool nothing_is_left(void)
{
	return !kthreads() && access(JUDGE_DIR, F_OK) && access("/sys/module/kick_judge", F_OK);
}

/* Of every scenario that has threads, one after the other. */
static struct judge_order order_of(unsigned int i)
{
	static const char *const backend[] = { "old", "patched", "locked_mcs", "packed" };
	struct judge_order o = { .version = JUDGE_VERSION,
				 .scenario = JUDGE_ROUNDTRIP + i % 4,
				 .transport = i / 4 % 2,
				 .mover = i / 8 % 2,
				 .n_kickers = 1,
				 .n_cpus = 2,
				 .n_vcpus = 1,
				 .n_in_guest = 1,
				 .kicker_cpu = { 1 },
				 .cpu = { 2, 3 },
				 .window_ns = 2000000000,
				 .move_ns = 100000,
				 .widen_ns = 100000,
				 .seed = i };

	strcpy(o.backend, backend[i / 3 % 4]);
	if (o.scenario == JUDGE_BROADCAST)
		o.mask_width = o.n_vcpus = o.n_in_guest = 2;
	return o;
}

/* One run after the other, until the module is gone. */
static void give_orders(unsigned int seed)
{
	int fd = open(JUDGE_DIR "/run", O_WRONLY | O_CLOEXEC);

	for (unsigned int i = seed;; i++) {
		const struct judge_order o = order_of(i);

		if (write(fd, &o, sizeof(o)) != sizeof(o) && errno != ENODEV)
			_exit(errno);
		if (access(JUDGE_DIR, F_OK))
			_exit(0);
	}
}

static pid_t start(unsigned int seed)
{
	pid_t pid = fork();

	if (!pid)
		give_orders(seed);
	for (int i = 0; i < 500 && !kthreads(); i++)
		wait_ms(10);
	return pid;
}

/* The program's end; 124: it hung. */
static int end_of(pid_t pid)
{
	int status;

	for (int i = 0; i < 6000; i++, wait_ms(10))
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	kill(pid, SIGKILL);
	return 124;
}

static bool unload_in_a_run(int i)
{
	pid_t pid;
	bool gone;

	(void)i;
	if (!load())
		return false;
	pid = start((unsigned int)rand());
	wait_ms(rand() % 200);
	gone = unload();
	return end_of(pid) != 124 && gone && nothing_is_left();
}

static bool write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool wrote = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (!wrote)
		printf("torture: %s: %s\n", path, strerror(errno));
	close(fd);
	return wrote;
}

static bool offline_in_a_run(int i)
{
	char path[64];
	pid_t pid;
	bool went, came, gone;

	if (!load())
		return false;
	pid = start((unsigned int)rand());
	wait_ms(rand() % 200);
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", 1 + i % 3);
	went = write_to(path, "0");
	wait_ms(100);
	came = write_to(path, "1");
	wait_ms(100);
	gone = unload();
	return end_of(pid) != 124 && went && came && gone && nothing_is_left();
}

/* Who waits for the run is gone: so is the run, and the module takes the next order. */
static bool kill_in_a_run(int i)
{
	pid_t pid;
	bool idle;

	if (!load())
		return false;
	pid = start((unsigned int)rand());
	wait_ms(rand() % 200 + i);
	kill(pid, SIGKILL);
	idle = end_of(pid) != 124 && !kthreads();
	return unload() && idle && nothing_is_left();
}

/* Two words of an order are anything: it is refused, or it runs for its window. */
static void give_bad_orders(unsigned int seed)
{
	static const unsigned int extreme[] = { 0, 1,	 2,    3,	   4,	       5,	  8,
						9, 4096, 4097, 0x7fffffff, 0x80000000, 0xffffffff };
	int fd = open(JUDGE_DIR "/run", O_WRONLY | O_CLOEXEC);

	srand(seed);
	for (int i = 0; i < BAD_ORDERS; i++) {
		union {
			struct judge_order order;
			unsigned int word[sizeof(struct judge_order) / sizeof(unsigned int)];
		} o = { order_of((unsigned int)rand()) };

		if (i % 4 == 0)
			o.order.scenario = JUDGE_FASTPATH + (unsigned int)rand() % 2;
		for (int k = 0; k < 2; k++)
			o.word[(size_t)rand() % (sizeof(o) / sizeof(o.word[0]))] =
				extreme[(size_t)rand() % (sizeof(extreme) / sizeof(extreme[0]))];
		if (o.order.window_ns > 20000000 && o.order.window_ns <= JUDGE_MAX_NS)
			o.order.window_ns = 20000000;
		if (write(fd, &o, sizeof(o.order)) < 0 && errno != EINVAL && errno != ENODEV &&
		    errno != ENOENT && errno != EBUSY)
			_exit(errno);
	}
	_exit(0);
}

static bool refuse_bad_orders(int i)
{
	const unsigned int seed = (unsigned int)rand();
	bool good;
	pid_t pid;

	(void)i;
	if (!load())
		return false;
	pid = fork();
	if (!pid)
		give_bad_orders(seed);
	good = !end_of(pid) && !kthreads();
	return unload() && good && nothing_is_left();
}

static bool often(const char *what, int n, bool (*once)(int i))
{
	int good = 0;

	for (int i = 0; i < n; i++)
		good += once(i);
	printf("torture: %s: %d of %d left nothing\n", what, good, n);
	return good == n;
}

int main(void)
{
	bool good;

	setvbuf(stdout, NULL, _IOLBF, 0);
	write_to("/proc/sys/kernel/watchdog", "1");
	srand((unsigned int)time(NULL));
	good = often("unloads in a run", UNLOADS, unload_in_a_run);
	good &= often("CPUs offline in a run", OFFLINES, offline_in_a_run);
	good &= often("programs killed in a run", KILLS, kill_in_a_run);
	good &= often("helpings of 60 bad orders", ORDERS, refuse_bad_orders);
	return !good;
}
