// SPDX-License-Identifier: GPL-2.0-or-later
/* One-line error messages into a caller's buffer. */
#include <stdarg.h>
#include <stdio.h>
#include "results/error.h"

int results_fail(int code, char *err, size_t err_size, const char *fmt, ...)
{
	va_list ap;

	if (!err || !err_size)
		return code;
	va_start(ap, fmt);
	vsnprintf(err, err_size, fmt, ap);
	va_end(ap);
	return code;
}
