// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded by test_faults.py: the FAIL_AT-th call of FAIL_WHAT (one of `kinds`) by the program or a
 * child that it forked fails, once, as where memory, threads, processes or files run out, or a disk is
 * broken; with FAIL_SIGNAL the process gets that signal instead.  What other libraries call for themselves
 * is left alone unless FAIL_ALL is set, but for what they allocate: that comes through the program
 * (results/shortage.c).  With FAIL_COUNT, the numbers of calls go into that file, a line for each kind.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const kinds[] = { "malloc", "mmap", "thread", "open", "write", "process", "read", "sync" };
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const char *what = "";
static long at, none[KINDS], *calls = none; /* of all processes */
static int signal_instead;
static bool everybody, ready;

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static bool is_ours(const void *caller)
{
	Dl_info info;
	const char *name;

	if (everybody || !dladdr(caller, &info) || !info.dli_fname)
		return everybody;
	name = strrchr(info.dli_fname, '/');
	name = name ? name + 1 : info.dli_fname;
	return strstr(name, "kickbench") || strstr(name, "cjson");
}

/* Is it this call's turn to fail? */
static bool fails(const char *kind, const void *caller)
{
	int i = 0;

	while (i < KINDS && strcmp(kinds[i], kind))
		i++;
	if (!ready || i == KINDS || (*what && strcmp(what, kind)) || !is_ours(caller))
		return false;
	if (__atomic_add_fetch(&calls[i], 1, __ATOMIC_RELAXED) != at || !*what)
		return false;
	if (signal_instead)
		raise(signal_instead);
	return true;
}

__attribute__((constructor)) static void begin(void)
{
	what = getenv("FAIL_WHAT") ? getenv("FAIL_WHAT") : "";
	at = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
	everybody = getenv("FAIL_ALL");
	signal_instead = getenv("FAIL_SIGNAL") ? atoi(getenv("FAIL_SIGNAL")) : 0;
	calls = mmap(NULL, sizeof(none), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		_exit(99);
	ready = *what || getenv("FAIL_COUNT");
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAIL_COUNT");
	char text[40 * KINDS];
	int fd, n = 0;

	for (int i = 0; i < KINDS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s %ld\n", kinds[i], calls[i]);
	ready = false;
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
	if (fd < 0)
		return;
	if (write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}

#define CALLER __builtin_return_address(0)
#define WRAP(type, name, kind, bad, error, args, ...)                                              \
	type name args                                                                             \
	{                                                                                          \
		static type(*real) args;                                                           \
												   \
		if (!real)                                                                         \
			*(void **)&real = next(#name);                                             \
		if (fails(kind, CALLER)) {                                                         \
			errno = error;                                                             \
			return bad;                                                                \
		}                                                                                  \
		return real(__VA_ARGS__);                                                          \
	}

/* dlsym() may allocate: the C library has names of its own for these. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
	if (fails("malloc", CALLER))
		return errno = ENOMEM, NULL;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	if (fails("malloc", CALLER))
		return errno = ENOMEM, NULL;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (fails("malloc", CALLER))
		return errno = ENOMEM, NULL;
	return __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	if (fails("malloc", CALLER))
		return errno = ENOMEM, NULL;
	return __libc_memalign(align, size);
}

WRAP(void *, mmap, "mmap", MAP_FAILED, ENOMEM,
     (void *addr, size_t size, int prot, int flags, int fd, off_t from), addr, size, prot, flags, fd, from)
WRAP(int, pthread_create, "thread", EAGAIN, EAGAIN,
     (pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg), thread, attr, run, arg)
WRAP(int, fork, "process", -1, EAGAIN, (void), )
WRAP(int, socketpair, "process", -1, EMFILE, (int family, int type, int protocol, int *fds), family, type,
     protocol, fds)
WRAP(int, fsync, "sync", -1, EIO, (int fd), fd)
WRAP(int, rename, "sync", -1, EIO, (const char *from, const char *to), from, to)

/* A file of rows of which the beginning can be read. */
static ssize_t read_some(void *cookie, char *text, size_t size)
{
	if (!ftell(cookie))
		return (ssize_t)fread(text, 1, size < 2000 ? size : 2000, cookie);
	errno = EIO;
	return -1;
}

static int close_it(void *cookie)
{
	return fclose(cookie);
}

FILE *fopen(const char *path, const char *mode)
{
	static FILE *(*real)(const char *, const char *);
	size_t n = strlen(path);
	FILE *file;

	if (!real)
		*(void **)&real = next("fopen");
	if (fails("open", CALLER)) {
		errno = EMFILE;
		return NULL;
	}
	file = real(path, mode);
	if (file && *mode == 'r' && n > 4 && !strcmp(path + n - 4, ".csv") && fails("read", CALLER))
		return fopencookie(file, mode,
				   (cookie_io_functions_t){ .read = read_some, .close = close_it });
	return file;
}

/* Disks fill up, not pipes and /proc; stdout has an error flag, which nothing here could set. */
static const char *write_to(int fd)
{
	struct stat s, proc;

	return fd > STDERR_FILENO && !fstat(fd, &s) && S_ISREG(s.st_mode) &&
	       (stat("/proc/self", &proc) || s.st_dev != proc.st_dev) ? "write" : "";
}

WRAP(size_t, fwrite, write_to(fileno(to)), 0, ENOSPC, (const void *p, size_t size, size_t n, FILE *to),
     p, size, n, to)
WRAP(ssize_t, write, write_to(fd), -1, ENOSPC, (int fd, const void *p, size_t n), fd, p, n)

int open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	__builtin_va_list ap;
	int mode;

	__builtin_va_start(ap, flags);
	mode = __builtin_va_arg(ap, int);
	__builtin_va_end(ap);
	if (!real)
		*(void **)&real = next("open");
	if (fails("open", CALLER)) {
		errno = EMFILE;
		return -1;
	}
	return real(path, flags, mode);
}
