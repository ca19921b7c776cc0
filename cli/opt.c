// SPDX-License-Identifier: GPL-2.0-or-later
/* Option arguments into values, and one line on stderr for those that are not. */
#include "cli/opt.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"

struct unit {
	const char *name;
	uint64_t scale;
};

/* Digits and then one of the units; strtoull alone would take signs and leading blanks. */
static int parse_scaled(const char *s, const struct unit *units, size_t n_units, uint64_t *v)
{
	unsigned long long number;
	uint64_t scaled;
	char *end;
	size_t i;

	if (!isdigit((unsigned char)*s))
		return -EINVAL;
	errno = 0;
	number = strtoull(s, &end, 10);
	for (i = 0; i < n_units && strcmp(end, units[i].name); i++)
		;
	if (i == n_units)
		return -EINVAL;
	if (errno == ERANGE || __builtin_mul_overflow(number, units[i].scale, &scaled))
		return -ERANGE;
	*v = scaled;
	return 0;
}

int opt_u64(const char *s, uint64_t *v)
{
	static const struct unit si[] = {
		{ "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 },
	};

	return parse_scaled(s, si, sizeof(si) / sizeof(si[0]), v);
}

int opt_duration_ns(const char *s, uint64_t *ns)
{
	static const struct unit time[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "ms", 1000000 },
		{ "s", 1000000000 },
		{ "m", 60000000000 },
	};

	return parse_scaled(s, time, sizeof(time) / sizeof(time[0]), ns);
}

int opt_double(const char *s, double *v)
{
	double number;
	char *end;

	if (!*s || isspace((unsigned char)*s))
		return -EINVAL;
	errno = 0;
	number = strtod(s, &end);
	if (*end || isnan(number))
		return -EINVAL;
	if (isinf(number))
		return errno == ERANGE ? -ERANGE : -EINVAL;
	*v = number;
	return 0;
}

static size_t count_items(const char *csv)
{
	size_t n = 1;

	for (; *csv; csv++)
		n += *csv == ',';
	return n;
}

int opt_list_parse(const char *csv, struct opt_list *out)
{
	struct opt_list list = { .n = 0 };
	size_t length;

	list.item = calloc(count_items(csv), sizeof(*list.item));
	if (!list.item)
		return -ENOMEM;
	for (;; csv += length + 1) {
		length = strcspn(csv, ",");
		if (!length) {
			opt_list_free(&list);
			return -EINVAL;
		}
		list.item[list.n] = strndup(csv, length);
		if (!list.item[list.n++]) {
			opt_list_free(&list);
			return -ENOMEM;
		}
		if (!csv[length])
			break;
	}
	*out = list;
	return 0;
}

void opt_list_free(struct opt_list *list)
{
	while (list->n)
		free(list->item[--list->n]);
	free(list->item);
	list->item = NULL;
}

static void complain(const char *fmt, va_list ap)
{
	fflush(stdout); /* so that the line stands after what it is about */
	flockfile(stderr);
	fputs("kickbench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	funlockfile(stderr);
}

#define COMPLAIN(fmt)               \
	do {                        \
		va_list ap;         \
		va_start(ap, fmt);  \
		complain(fmt, ap);  \
		va_end(ap);         \
	} while (0)

int usage_error(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_USAGE;
}

int env_error(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_ENVIRONMENT;
}

int skipped(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_SKIPPED;
}

int unknown_name(const char *what, const char *name, const char *const *known, size_t n_known)
{
	size_t i;

	fflush(stdout);
	flockfile(stderr);
	fprintf(stderr, "kickbench: unknown %s '%s' (known:", what, name);
	for (i = 0; i < n_known; i++)
		fprintf(stderr, " %s", known[i]);
	fputs(")\n", stderr);
	funlockfile(stderr);
	return EXIT_USAGE;
}
