// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PID 1 of the labs' guests: loads the modules, runs the one program there is, with the arguments that
 * stand in /lab/arguments, and powers off.  What it and the program print goes to the second serial
 * line, so that kernel messages stay out of it.
 *
 * For scripts/kernel-judge: with /lab/kick_judge.ko that is the module, taken out again at the end; what a
 * run leaves in /tmp/results goes to the third line, and what the kernel complained of, lines "splat: ...",
 * to the second.  With /lab/torture that is the program; with /lab/kvm.ko `kickbench kvm` follows.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
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

/* The words of a file, or of that text, as the arguments of a program. */
static char **words(const char *path, const char *instead, char *program)
{
	static char text[8192], *argument[ARGUMENTS + 1];
	char *rest = NULL;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC), i = 1;

	memset(text, 0, sizeof(text));
	if (instead)
		n = snprintf(text, sizeof(text), "%s", instead);
	else if (fd >= 0)
		n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		complain("read", path);
	argument[0] = program;
	while (i < ARGUMENTS && (argument[i] = strtok_r(i > 1 ? NULL : text, " \n", &rest)))
		i++;
	return argument;
}

/* With what stands in /lab/arguments, or instead with these. */
static void run(char *program, const char *instead)
{
	char **argument = words("/lab/arguments", instead, program);
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
		printf("lab: %s %d\n", instead ? "KVM's exit" : "exit", WEXITSTATUS(status));
}

static char *read_whole(const char *path, size_t *size)
{
	struct stat s;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 || fstat(fd, &s) || !S_ISREG(s.st_mode) ? NULL : malloc((size_t)s.st_size + 1);
	ssize_t n = text ? read(fd, text, (size_t)s.st_size) : -1;

	if (fd >= 0)
		close(fd);
	*size = n > 0 ? (size_t)n : 0;
	return text;
}

static void send_all(int line, const char *data, size_t size)
{
	for (ssize_t wrote; size; data += wrote, size -= (size_t)wrote) {
		wrote = write(line, data, size);
		if (wrote <= 0)
			return;
	}
}

/*
 * Each line as "BEGIN:END:MIDDLE", at most eight times as long: so many bytes at its begin and end are those
 * of the line before.
 */
static size_t shorten(const char *text, size_t size, char *out)
{
	const char *before = text, *end = text + size;
	size_t before_length = 0, used = 0;

	for (const char *at = text, *next; at < end; at = next) {
		size_t length, begin = 0, tail = 0;

		next = memchr(at, '\n', (size_t)(end - at));
		length = (size_t)((next ? next : end) - at);
		next = next ? next + 1 : end;
		while (begin < length && begin < before_length && at[begin] == before[begin])
			begin++;
		while (tail < length - begin && tail < before_length - begin &&
		       at[length - 1 - tail] == before[before_length - 1 - tail])
			tail++;
		used += (size_t)sprintf(out + used, "%zu:%zu:", begin, tail);
		memcpy(out + used, at + begin, length - begin - tail);
		used += length - begin - tail;
		out[used++] = '\n';
		before = at;
		before_length = length;
	}
	return used;
}

/* One file as "FILE NAME SIZE\n" and its bytes; the long ones, whose lines are much alike, as LINES. */
static void send_file(int line, const char *folder, const char *name)
{
	char path[512], head[300], *text, *lines;
	size_t size, used;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	text = read_whole(path, &size);
	lines = text && (strstr(name, ".csv") || strstr(name, ".json")) ? malloc(8 * size + 64) : NULL;
	used = lines ? shorten(text, size, lines) : size;
	if (text) {
		send_all(line, head, (size_t)snprintf(head, sizeof(head), "%s %s %zu\n",
						      lines ? "LINES" : "FILE", name, used));
		send_all(line, lines ? lines : text, used);
	}
	free(lines);
	free(text);
}

static void send_results(const char *folder, const char *kvm)
{
	int line = open("/dev/ttyS2", O_WRONLY | O_CLOEXEC | O_NOCTTY);
	DIR *d = opendir(folder);
	struct termios raw;

	if (line >= 0 && !tcgetattr(line, &raw)) {
		cfmakeraw(&raw);
		tcsetattr(line, TCSANOW, &raw);
	}
	for (struct dirent *e; line >= 0 && d && (e = readdir(d));)
		send_file(line, folder, e->d_name);
	if (d)
		closedir(d);
	send_file(line, kvm, "kvm.csv");
	if (line >= 0)
		tcdrain(line);
}

/* Of the kernel's log: what nobody wants to see there. */
static void print_splats(void)
{
	static const char *const words[] = { "BUG",    "WARNING", "Oops",	     "INFO: ",
					     "lockup", "stall",	  "Call Trace" };
	static char log[1 << 20];
	char *rest = NULL;
	int n = klogctl(3, log, sizeof(log) - 1);

	log[n > 0 ? n : 0] = '\0';
	for (char *line = strtok_r(log, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strstr(line, words[i])) {
				printf("splat: %s\n", line);
				break;
			}
		if (strstr(line, "kick_judge"))
			printf("dmesg: %s\n", line);
	}
}

/* A kernel that proves its locks stops doing so once it has found something. */
static void print_lockdep(void)
{
	char line[128];
	FILE *stats = fopen("/proc/lockdep_stats", "re");
	int on = 0;

	while (stats && fgets(line, sizeof(line), stats))
		sscanf(line, " debug_locks: %d", &on);
	if (stats)
		printf("lab: lockdep is %s\n", on ? "on" : "off");
	if (stats)
		fclose(stats);
}

static void load_kvm(void)
{
	static const char *const modules[] = { "irqbypass", "ccp", "kvm", "kvm-amd" };

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]) && access("/dev/kvm", F_OK); i++)
		load(modules[i]);
}

static void judge(char *program)
{
	if (access("/lab/torture", F_OK))
		load("kick_judge");
	run(program, NULL);
	if (access("/lab/torture", F_OK) && syscall(SYS_delete_module, "kick_judge", O_NONBLOCK))
		complain("unload", "kick_judge");
	if (!access("/lab/kvm.ko", F_OK)) {
		load_kvm();
		run(program, "kvm --out /tmp/kvm");
	}
	send_results("/tmp/results", "/tmp/kvm");
	print_splats();
	print_lockdep();
}

int main(void)
{
	char kickbench[] = "/lab/kickbench", torture[] = "/lab/torture", *program;
	bool has_kcsan;
	int fd;

	program = access(torture, F_OK) ? kickbench : torture;

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
	if (!access("/lab/kick_judge.ko", F_OK)) {
		judge(program);
		fsync(STDOUT_FILENO);
		reboot(RB_POWER_OFF);
	}
	load_kvm();
	has_kcsan = tell_kcsan();
	run(program, NULL);
	if (has_kcsan)
		print_kcsan();
	fsync(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return 0;
}
