// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded by test_cgroup.py: what the program reads below /sys/fs/cgroup/ and in /proc/self/cgroup is that
 * of a group with a limit, whose CPU quota has stopped it once more whenever it looks.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const char *path)
{
	static char text[128];
	static int looks;
	const char *name = strrchr(path, '/');

	if (!strcmp(path, "/proc/self/cgroup"))
		return "0::/limited\n";
	if (strncmp(path, "/sys/fs/cgroup/limited/", 23))
		return NULL;
	looks++;
	if (!strcmp(name, "/cpu.stat"))
		snprintf(text, sizeof(text), "nr_throttled %d\nthrottled_usec %d\n", looks, 1000 * looks);
	else
		strcpy(text, !strcmp(name, "/memory.max") ? "536870912\n" : "max 100000\n");
	return text;
}

FILE *fopen(const char *path, const char *mode)
{
	static FILE *(*real)(const char *, const char *);
	const char *text = text_of(path);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fopen");
	return text ? fmemopen((void *)text, strlen(text), "r") : real(path, mode);
}
