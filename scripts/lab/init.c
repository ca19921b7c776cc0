// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PID 1 of the lab's guest: loads the modules, runs the one program there is, with the arguments that
 * stand in /lab/arguments, and powers off.  What it and the program print goes to the second serial
 * line, so that kernel messages stay out of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 64 };
#define KCSAN "/sys/kernel/debug/kcsan"

static void complain(const char *what, const char *name)
{
	printf("lab: cannot %s %s: %s\n", what, name, strerror(errno));
}

static void mount_on(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		complain("mount", where);
}

static void load(const char *module)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/lab/%s.ko", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		complain("load", path);
	if (fd >= 0)
		close(fd);
}

/* With isolcpus= the first process starts without those CPUs. */
static void use_all_cpus(void)
{
	cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	if (sched_setaffinity(0, sizeof(all), &all))
		complain("use", "all CPUs");
}

static void write_text(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, n) < 0)
		complain("write", path);
	if (fd >= 0)
		close(fd);
}

/* With KCSAN: what it is told, a line each; false: there is nothing to tell. */
static bool tell_kcsan(void)
{
	char line[128];
	FILE *told = fopen("/lab/kcsan", "re");

	if (!told)
		return false;
	mount_on("debugfs", "/sys/kernel/debug");
	while (fgets(line, sizeof(line), told))
		write_text(KCSAN, line, strcspn(line, "\n"));
	fclose(told);
	return true;
}

/* Has it watched at all, and what did it see? */
static void print_kcsan(void)
{
	char line[128];
	FILE *counters = fopen(KCSAN, "re");

	while (counters && fgets(line, sizeof(line), counters))
		if (strchr(line, ':'))
			printf("kcsan: %s", line);
	if (counters)
		fclose(counters);
}

/* The words of a file, as the arguments of a program. */
static char **words(const char *path, char *program)
{
	static char text[8192], *argument[ARGUMENTS + 1];
	char *rest = NULL;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC), i = 1;

	if (fd >= 0)
		n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		complain("read", path);
	argument[0] = program;
	while (i < ARGUMENTS && (argument[i] = strtok_r(i > 1 ? NULL : text, " \n", &rest)))
		i++;
	return argument;
}

static void run(char *program)
{
	char **argument = words("/lab/arguments", program);
	int status;
	pid_t pid = fork();

	if (!pid) {
		execv(program, argument);
		complain("run", program);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		complain("wait for", program);
	else if (WIFSIGNALED(status))
		printf("lab: killed by signal %d\n", WTERMSIG(status));
	else
		printf("lab: exit %d\n", WEXITSTATUS(status));
}

int main(void)
{
	static const char *const modules[] = { "irqbypass", "ccp", "kvm", "kvm-amd" };
	char program[] = "/lab/kickbench";
	bool has_kcsan;
	size_t i;
	int fd;

	mount_on("proc", "/proc");
	mount_on("sysfs", "/sys");
	mount_on("devtmpfs", "/dev");
	mount_on("tmpfs", "/tmp");
	fd = open("/dev/ttyS1", O_WRONLY);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	use_all_cpus();
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]) && access("/dev/kvm", F_OK); i++)
		load(modules[i]);
	has_kcsan = tell_kcsan();
	run(program);
	if (has_kcsan)
		print_kcsan();
	fsync(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return 0;
}
