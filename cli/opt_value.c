// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts into numbers, times and lists; the name that was probably meant. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/opt.h"

struct unit {
	const char *name;
	uint64_t scale;
};

/* Digits, a fraction if `fraction`, and one of the units; strtoull alone would take signs and blanks. */
static int parse_scaled(const char *s, const struct unit *units, bool fraction, uint64_t *v)
{
	unsigned long long number;
	uint64_t scaled, part = 0, scale = 1;
	char *end;

	if (!isdigit((unsigned char)*s))
		return -EINVAL;
	errno = 0;
	number = strtoull(s, &end, 10);
	if (fraction && *end == '.') {
		if (!isdigit((unsigned char)*++end))
			return -EINVAL;
		for (; isdigit((unsigned char)*end); end++)
			if (scale < 1000000000) { /* what follows is less than a nanosecond of any unit */
				part = part * 10 + (uint64_t)(*end - '0');
				scale *= 10;
			}
	}
	while (units->name && strcmp(end, units->name))
		units++;
	if (!units->name)
		return -EINVAL;
	if (errno == ERANGE || __builtin_mul_overflow(number, units->scale, &scaled) ||
	    __builtin_add_overflow(scaled, (uint64_t)((unsigned __int128)part * units->scale / scale), v))
		return -ERANGE;
	return 0;
}

int opt_u64(const char *s, uint64_t *v)
{
	static const struct unit si[] = {
		{ "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { 0 },
	};
	uint64_t number;
	int failed = parse_scaled(s, si, false, &number);

	if (!failed)
		*v = number;
	return failed;
}

int opt_duration_ns(const char *s, uint64_t *ns)
{
	static const struct unit time[] = {
		{ "ns", 1 },	      { "us", 1000 },	     { "ms", 1000000 },
		{ "s", 1000000000 }, { "m", 60000000000 }, { "", 1000000000 }, { 0 },
	};
	uint64_t number;
	int failed = parse_scaled(s, time, true, &number);

	if (!failed)
		*ns = number;
	return failed;
}

int opt_double(const char *s, double *v)
{
	size_t sign = *s == '-', whole = strspn(s + sign, "0123456789");
	const char *end = s + sign + whole;

	if (*end == '.' && whole)
		end += 1 + strspn(end + 1, "0123456789");
	if (!whole || *end || end[-1] == '.')
		return -EINVAL;
	if (whole > 300)
		return -ERANGE;
	*v = strtod(s, NULL);
	return 0;
}

const char *opt_show(uint64_t v, bool is_time, char text[32])
{
	static const struct unit number[] = {
		{ "G", 1000000000 }, { "M", 1000000 }, { "k", 1000 }, { "", 1 },
	};
	static const struct unit time[] = {
		{ "m", 60000000000 }, { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 },
	};
	const struct unit *unit = is_time ? time : number;

	while (unit->scale > 1 && (!v || v % unit->scale))
		unit++;
	snprintf(text, 32, "%llu%s", (unsigned long long)(v / unit->scale), unit->name);
	return text;
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

enum { NEAREST_LENGTH = 64 };

/* Letters to insert, drop or change (Levenshtein); of texts shorter than NEAREST_LENGTH. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAREST_LENGTH], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[n];
}

const char *opt_nearest(const char *name, const char *const *known, size_t n_known)
{
	size_t length = strlen(name), least = length < 3 ? 1 : (length + 1) / 3;
	const char *nearest = NULL;

	if (length < 2 || length >= NEAREST_LENGTH)
		return NULL;
	for (size_t i = 0; i < n_known; i++) {
		size_t far = strlen(known[i]) >= NEAREST_LENGTH ? NEAREST_LENGTH : distance(name, known[i]);

		if (length > 2 && !strncmp(known[i], name, length))
			far = 0; /* the beginning of it */
		if (far < least || (far == least && !nearest)) {
			least = far;
			nearest = known[i];
		}
	}
	return nearest;
}
