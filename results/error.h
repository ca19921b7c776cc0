/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of results/ share: one-line errors into the caller's buffer, and reading a file whole. */
#ifndef RESULTS_ERROR_H
#define RESULTS_ERROR_H

#include <stddef.h>

/*
 * Write the message into err (may be NULL) and return code, so that `return results_fail(...)`
 * reads well.
 */
int results_fail(int code, char *err, size_t err_size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* PATH up to its first NUL, with one behind it; to be freed.  -errno. */
int results_read(const char *path, char **text, size_t *length);

#endif
