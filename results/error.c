// SPDX-License-Identifier: GPL-2.0-or-later
/* One-line error messages into a caller's buffer; a file as a text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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

int results_read(const char *path, char **text, size_t *length)
{
	FILE *in = fopen(path, "re");
	size_t room = 0;
	ssize_t n;
	int failed = 0;

	*text = NULL;
	if (!in)
		return -errno;
	errno = 0;
	n = getdelim(text, &room, '\0', in);
	if (n < 0 && (!feof(in) || !*text))
		failed = errno ? -errno : -EIO;
	else if (n < 0)
		**text = '\0';
	else if (ferror(in)) /* what came before that is not the file */
		failed = errno ? -errno : -EIO;
	fclose(in);
	if (failed) {
		free(*text);
		*text = NULL;
	}
	*length = n > 0 ? (size_t)n : 0;
	return failed;
}
