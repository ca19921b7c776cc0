// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the kit is, and what backends are called that come from files. */
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/kit.h"

static bool is_kit(const char *dir)
{
	char archive[2 * PATH_MAX];

	snprintf(archive, sizeof(archive), "%s/libkickbench.a", dir);
	return !access(archive, R_OK);
}

int kit_find(char dir[PATH_MAX], char *err, size_t err_size)
{
	static const char *const places[] = { "kit", KIT_FROM_BIN };
	char exe[PATH_MAX], place[PATH_MAX + 256];
	/* Where there is no /proc, as in a bare chroot, by the path that it was called by. */
	const char *called = (const char *)getauxval(AT_EXECFN);

	if (realpath("/proc/self/exe", exe) || (called && realpath(called, exe))) {
		dirname(exe);
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
			snprintf(place, sizeof(place), "%s/%s", exe, places[i]);
			if (is_kit(place) && realpath(place, dir))
				return 0;
		}
	}
	snprintf(
		err, err_size,
		"this program has no kit beside it (%s, or kit in a build directory): install all "
		"of it",
		KIT_FROM_BIN);
	return -ENOENT;
}

static bool is_taken(const struct kit_make *make, const char *name)
{
	for (size_t i = 0; i < make->n; i++)
		if (!strcmp(make->backend[i].name, name))
			return true;
	return false;
}

/* "dir/my-kick.h" is called my_kick; what is taken gets `more` behind it until it is not. */
static void name_it(struct kit_make *make, struct kit_backend *b, const char *path,
		    const char *more)
{
	const char *base = strrchr(path, '/');
	char *c;

	snprintf(b->name, KIT_NAME - 16, "%s", base ? base + 1 : path);
	c = strrchr(b->name, '.');
	if (c && c != b->name)
		*c = 0;
	for (c = b->name; *c; c++)
		if (!isalnum((unsigned char)*c) || !isascii((unsigned char)*c))
			*c = '_';
	/*
	 * No name begins with a digit, and none is a word that a compiler or a reader of CSV takes
	 * for another.
	 */
	if (isdigit((unsigned char)b->name[0]) || strlen(b->name) < 3 || !strcmp(b->name, "all") ||
	    !strcmp(b->name, "floor") || !strcmp(b->name, "unix") || !strcmp(b->name, "linux") ||
	    !strcasecmp(b->name, "null") ||
	    !strcasecmp(b->name, "nan") || !strcasecmp(b->name, "none")) {
		memmove(b->name + 5, b->name, strlen(b->name) + 1);
		memcpy(b->name, "kick_", 5);
	}
	while (is_taken(make, b->name) && strlen(b->name) + strlen(more) < KIT_NAME)
		strcat(b->name, more);
}

/* A path that may stand in #include "...". */
static int take_file(struct kit_make *make, const char *path, const char *more)
{
	struct kit_backend *b = &make->backend[make->n];
	struct stat st;

	if (!realpath(path, b->file) || access(b->file, R_OK) || stat(b->file, &st)) {
		snprintf(make->err, sizeof(make->err), "%.300s: %s", path, strerror(errno));
		return -EINVAL;
	}
	if (!S_ISREG(st.st_mode)) {
		snprintf(make->err, sizeof(make->err), "%.300s: not a file", path);
		return -EINVAL;
	}
	if (strpbrk(b->file, "\"\\\n")) {
		snprintf(make->err, sizeof(make->err),
			 "%.300s: a path with quotes or backslashes cannot be included", path);
		return -EINVAL;
	}
	name_it(make, b, path, more);
	make->n++;
	return 0;
}

/* A base is one of the kit's, or a file. */
static int take_base(struct kit_make *make, const char *base)
{
	char path[2 * PATH_MAX];
	bool is_name = !strpbrk(base, "/.");

	snprintf(path, sizeof(path), "%s/impl/%s.h", make->kit, base);
	if (is_name && access(path, R_OK)) {
		snprintf(make->err, sizeof(make->err),
			 "--base '%.100s' is no backend (kickbench list --names), and no file",
			 base);
		return -EINVAL;
	}
	return take_file(make, is_name ? path : base, "_base");
}

int kit_take(struct kit_make *make, char *const *file, size_t n, const char *base)
{
	int failed = 0;

	if (n > KIT_FILES) {
		snprintf(make->err, sizeof(make->err), "at most %d files at once", KIT_FILES);
		return -EINVAL;
	}
	for (size_t i = 0; i < n && !failed; i++)
		failed = take_file(make, file[i], "_2");
	make->n_files = make->n;
	if (!failed && base)
		failed = take_base(make, base);
	if (failed || !base)
		return failed;
	for (int i = 0; i < KIT_AGAIN; i++) {
		make->backend[make->n] = make->backend[make->n - 1];
		strcat(make->backend[make->n].name, i ? "2" : "_again");
		make->n++;
	}
	return 0;
}
