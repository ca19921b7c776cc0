// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded by tests/cli/often.py: the program is loaded once, and its main() called in a process of its
 * own for each request, since loading it takes ten times as long as most calls do.  A request on stdin is
 * its size and the arguments; what the call writes goes into the files OFTEN.1 and OFTEN.2, its wait status
 * to stdout.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS = 64, SIZE = 1 << 16 };

typedef int main_fn(int, char **, char **);
typedef int start_fn(main_fn *, int, char **, main_fn *, void (*)(void), void (*)(void), void *);
start_fn __libc_start_main;

static main_fn *program;
static char files[3][4096] = { "/dev/null" };

static void call(char *name, char *at, const char *end, char **environment)
{
	char *args[ARGS + 2] = { name };
	int n = 1, fd;

	for (; at < end && n <= ARGS; at += strlen(at) + 1)
		args[n++] = at;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (fd = 0; fd < 3; fd++) {
		close(fd);
		if (open(files[fd], fd ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY, 0600) != fd)
			_exit(99);
	}
	exit(program(n, args, environment));
}

static int serve(int argc, char **argv, char **environment)
{
	static char request[SIZE];
	uint32_t size;
	int status, fd;
	pid_t pid;

	(void)argc;
	for (fd = 1; fd < 3; fd++)
		snprintf(files[fd], sizeof(files[fd]), "%s.%d", getenv("OFTEN"), fd);
	unsetenv("LD_PRELOAD");
	unsetenv("OFTEN");
	while (read(0, &size, sizeof(size)) == sizeof(size)) {
		if (size >= SIZE || read(0, request, size) != (ssize_t)size)
			return 99;
		pid = fork();
		if (!pid)
			call(argv[0], request, request + size, environment);
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    write(1, &status, sizeof(status)) != sizeof(status))
			return 99;
	}
	return 0;
}

int __libc_start_main(main_fn *main, int argc, char **argv, main_fn *init, void (*fini)(void),
		      void (*rtld_fini)(void), void *stack_end)
{
	start_fn *start = (start_fn *)dlsym(RTLD_NEXT, "__libc_start_main");

	program = main;
	return start(serve, argc, argv, init, fini, rtld_fini, stack_end);
}
