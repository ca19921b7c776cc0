/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one-line error messages of results/: written into the caller's buffer, never printed here. */
#ifndef RESULTS_ERROR_H
#define RESULTS_ERROR_H

#include <stddef.h>

/*
 * Write the message into err (may be NULL) and return code, so that `return results_fail(...)`
 * reads well.
 */
int results_fail(int code, char *err, size_t err_size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
