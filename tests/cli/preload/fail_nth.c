// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded by test_faults.py: the FAIL_AT-th call of FAIL_WHAT (malloc, mmap, thread, open, write) by the
 * program or a child that it forked fails, once, as where memory, threads or files run out; with FAIL_SIGNAL
 * the process gets that signal instead.  What other libraries call for themselves is left alone unless
 * FAIL_ALL is set, but for what they allocate: that comes through the program (results/shortage.c).  With
 * FAIL_COUNT, the number of calls goes into that file.
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
#include <sys/stat.h>
#include <unistd.h>

static const char *what;
static long at, none, *calls = &none; /* of all processes */
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
	if (!ready || strcmp(what, kind) || !is_ours(caller))
		return false;
	if (__atomic_add_fetch(calls, 1, __ATOMIC_RELAXED) != at)
		return false;
	if (signal_instead)
		raise(signal_instead);
	return true;
}

__attribute__((constructor)) static void begin(void)
{
	what = getenv("FAIL_WHAT");
	at = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
	everybody = getenv("FAIL_ALL");
	signal_instead = getenv("FAIL_SIGNAL") ? atoi(getenv("FAIL_SIGNAL")) : 0;
	calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		_exit(99);
	ready = what != NULL;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAIL_COUNT");
	char text[32];
	int fd, n = snprintf(text, sizeof(text), "%ld\n", *calls);

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

void *reallocarray(void *p, size_t n, size_t size)
{
	if (fails("malloc", CALLER))
		return errno = ENOMEM, NULL;
	return __libc_realloc(p, n * size);
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
WRAP(FILE *, fopen, "open", NULL, EMFILE, (const char *path, const char *mode), path, mode)

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
