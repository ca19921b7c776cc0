// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel says of a program's threads and memory while it runs, for the guests' tests: until the
 * program that it starts ends, it prints, each different line once,
 *   threads N              the most threads of one process of the program's session
 *   pinned CPU             a thread that may run on this CPU alone
 *   home NODES PAGES       an anonymous mapping all of whose pages, as move_pages() says, are on one node
 * and at the end "ended CODE".
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CPUS = 1024, MOST_NODES = 64, MOST_PAGES = 512 };

static int most_threads;
static unsigned char pinned[MOST_CPUS];
static unsigned long home[MOST_NODES]; /* the most pages of one mapping */

static void look_at_thread(const char *pid, const char *tid)
{
	char path[64], line[256];
	int cpu, length;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%.16s/task/%.16s/status", pid, tid);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in)) {
		length = 0;
		if (sscanf(line, "Cpus_allowed_list: %d%n", &cpu, &length) == 1 && line[length] == '\n' &&
		    cpu < MOST_CPUS)
			pinned[cpu] = 1;
	}
	if (in)
		fclose(in);
}

static void look_at_threads(const char *pid)
{
	char path[64];
	struct dirent *e;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.16s/task", pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.') {
			look_at_thread(pid, e->d_name);
			n++;
		}
	if (dir)
		closedir(dir);
	most_threads = n > most_threads ? n : most_threads;
}

static void look_at_mapping(int pid, unsigned long from, unsigned long to)
{
	static void *page[MOST_PAGES];
	static int node[MOST_PAGES];
	unsigned long n = (to - from) / 4096, there = 0;
	int only = -1;

	if (n > MOST_PAGES)
		return;
	for (unsigned long i = 0; i < n; i++)
		page[i] = (void *)(from + 4096 * i);
	if (syscall(SYS_move_pages, pid, n, page, NULL, node, 0))
		return;
	for (unsigned long i = 0; i < n; i++) {
		if (node[i] < 0)
			continue;
		if (only >= 0 && node[i] != only)
			return;
		only = node[i];
		there++;
	}
	if (only >= 0 && only < MOST_NODES && there == n && n > home[only])
		home[only] = n;
}

static void look_at_memory(const char *pid)
{
	unsigned long from, to, inode;
	char path[64], line[256], mode[8];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%.16s/maps", pid);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "%lx-%lx %7s %*s %*s %lu", &from, &to, mode, &inode) == 4 && !inode &&
		    !strcmp(mode, "rw-p") && !strchr(line, '['))
			look_at_mapping(atoi(pid), from, to);
	if (in)
		fclose(in);
}

/* Everybody in the session that the program leads. */
static void look(int session)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;

	while (proc && (e = readdir(proc))) {
		int pid = atoi(e->d_name);

		if (pid <= 0 || getsid(pid) != session)
			continue;
		look_at_threads(e->d_name);
		look_at_memory(e->d_name);
	}
	if (proc)
		closedir(proc);
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	int status = 0, ended = 0;
	long took;
	pid_t child = fork();

	if (!child) {
		setsid();
		execv(argv[1], argv + 1);
		_exit(127);
	}
	(void)argc;
	while (!ended) {
		/* A fifth of its CPU's time at most: the threads that it looks at want it, too. */
		clock_gettime(CLOCK_MONOTONIC, &from);
		look(child);
		clock_gettime(CLOCK_MONOTONIC, &to);
		took = (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
		usleep((useconds_t)(took > 5000 ? 4 * took : 20000));
		ended = waitpid(child, &status, WNOHANG);
	}
	printf("threads %d\n", most_threads);
	for (int cpu = 0; cpu < MOST_CPUS; cpu++)
		if (pinned[cpu])
			printf("pinned %d\n", cpu);
	for (int i = 0; i < MOST_NODES; i++)
		if (home[i])
			printf("home %d %lu\n", i, home[i]);
	printf("ended %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
