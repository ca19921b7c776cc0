/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of this process's own, for tests that write files: made at the first use, gone at exit. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_SIZE 512

static char scratch_dir[SCRATCH_SIZE - 128];
static pid_t scratch_owner;

static inline int scratch_remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	return at->level ? remove(path) : 0;
}

/* Removes what is in the folder; a teardown for cmocka. */
static inline int scratch_empty(void **state)
{
	(void)state;
	return nftw(scratch_dir, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A child that exits leaves its parent's folder alone. */
static inline void scratch_remove(void)
{
	if (getpid() == scratch_owner && !scratch_empty(NULL))
		rmdir(scratch_dir);
}

/* The folder. */
static inline const char *scratch(void)
{
	const char *top = getenv("TMPDIR");

	if (*scratch_dir)
		return scratch_dir;
	snprintf(scratch_dir, sizeof(scratch_dir), "%s/kickbench-test-XXXXXX", top && *top ? top : "/tmp");
	scratch_owner = getpid();
	if (!mkdtemp(scratch_dir) || atexit(scratch_remove)) {
		perror(scratch_dir);
		exit(1);
	}
	return scratch_dir;
}

/* PATH becomes that of NAME inside the folder. */
static inline char *scratch_path(char path[SCRATCH_SIZE], const char *name)
{
	snprintf(path, SCRATCH_SIZE, "%s/%s", scratch(), name);
	return path;
}

/* Is the one file that tests write to outside of it what it is on Linux? */
static inline bool have_dev_full(void)
{
	struct stat st;

	return !stat("/dev/full", &st) && S_ISCHR(st.st_mode);
}

#endif
