// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the program is given, whatever file asks: CMakeLists.txt has the linker turn fopen into __wrap_fopen,
 * which it defines as results_fopen, and so on.  Tests are linked without that.
 */
#include "results/shortage.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cjson/cJSON.h>

static int own;
static int *ran_out = &own; /* from results_shortage_watch() on one for all children, too */

/* What allocates, or calls what does, as opening a file does.  Else the caller knows what it means. */
static void *noted(void *p)
{
	int error = errno;

	if (!p && (error == ENOMEM || error == EMFILE || error == ENFILE))
		__atomic_store_n(ran_out, error, __ATOMIC_RELAXED);
	return p;
}

int results_shortage(void)
{
	return __atomic_load_n(ran_out, __ATOMIC_RELAXED);
}

static void *for_json(size_t size)
{
	return noted(malloc(size));
}

void results_shortage_watch(void)
{
	static cJSON_Hooks hooks = { for_json, free };
	void *all;

	cJSON_InitHooks(&hooks);
	all = mmap(NULL, sizeof(*ran_out), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all != MAP_FAILED)
		ran_out = all;
}

#define WRAP(type, name, arguments, ...)                                     \
	extern type __real_##name arguments __attribute__((weak));           \
	type results_##name arguments;                                       \
	type results_##name arguments                                        \
	{                                                                    \
		return noted(__real_##name(__VA_ARGS__));                    \
	}
/*
 * Those that libraries call, too: hwloc leaves out what it has no memory for, and says nothing.  The linker
 * has them find these in the program, before the C library's; what else allocates there comes here, too.
 */
#define FIRST(name, arguments, ...)                                          \
	extern void *__real_##name arguments __attribute__((weak));          \
	void *results_##name arguments;                                      \
	void *results_##name arguments                                       \
	{                                                                    \
		static void *(*real)arguments = __real_##name;               \
									     \
		if (!real)                                                   \
			real = (void *(*)arguments)dlsym(RTLD_NEXT, #name);  \
		return noted(real(__VA_ARGS__));                             \
	}
FIRST(malloc, (size_t size), size)
FIRST(calloc, (size_t n, size_t size), n, size)
FIRST(realloc, (void *p, size_t size), p, size)
FIRST(aligned_alloc, (size_t align, size_t size), align, size)

WRAP(FILE *, fopen, (const char *path, const char *mode), path, mode)
WRAP(DIR *, opendir, (const char *path), path)

/* Where -1 is an end of the file, too, and errno then what it was. */
#define WRAP_COUNT(type, name, arguments, ...)                               \
	extern type __real_##name arguments __attribute__((weak));           \
	type results_##name arguments;                                       \
	type results_##name arguments                                        \
	{                                                                    \
		int before = errno;                                          \
		type n;                                                      \
									     \
		errno = 0;                                                   \
		n = __real_##name(__VA_ARGS__);                              \
		noted(n < 0 ? NULL : &own);                              \
		errno = errno ? errno : before;                              \
		return n;                                                    \
	}
WRAP_COUNT(int, scandir,
	   (const char *path, struct dirent ***list, int (*choose)(const struct dirent *),
	    int (*order)(const struct dirent **, const struct dirent **)), path, list, choose, order)

/* Of these any failure is one: a process that could not be made (EAGAIN) has left its work out. */
#define WRAP_PROCESS(name, arguments, ...)                                   \
	extern int __real_##name arguments __attribute__((weak));            \
	int results_##name arguments;                                        \
	int results_##name arguments                                         \
	{                                                                    \
		int n = __real_##name(__VA_ARGS__);                          \
									     \
		if (n < 0)                                                   \
			__atomic_store_n(ran_out, errno, __ATOMIC_RELAXED);  \
		return n;                                                    \
	}
WRAP_PROCESS(fork, (void), )
WRAP_PROCESS(socketpair, (int family, int type, int protocol, int *fds), family, type, protocol, fds)
WRAP_PROCESS(pipe2, (int *fds, int flags), fds, flags)

extern void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from)
	__attribute__((weak));
void *results_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from);
void *results_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from)
{
	void *p = __real_mmap(at, size, prot, flags, fd, from);

	noted(p == MAP_FAILED ? NULL : p);
	return p;
}

extern int __real_open(const char *path, int flags, ...) __attribute__((weak));
int results_open(const char *path, int flags, ...);
int results_open(const char *path, int flags, ...)
{
	mode_t mode;
	va_list ap;
	int fd;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t); /* whatever is there, where there is none */
	va_end(ap);
	fd = __real_open(path, flags, mode);
	noted(fd < 0 ? NULL : &own);
	return fd;
}

extern size_t __real_fwrite(const void *p, size_t size, size_t n, FILE *to) __attribute__((weak));
size_t results_fwrite(const void *p, size_t size, size_t n, FILE *to);
size_t results_fwrite(const void *p, size_t size, size_t n, FILE *to)
{
	size_t done = __real_fwrite(p, size, n, to);

	if (done < n && to != stdout && to != stderr)
		__atomic_store_n(ran_out, errno ? errno : EIO, __ATOMIC_RELAXED);
	return done;
}
