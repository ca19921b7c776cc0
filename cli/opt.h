/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all verbs share: parsers for option arguments, and the one-line complaints. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stddef.h>
#include <stdint.h>

/*
 * The parsers take the whole string or refuse it, and leave the result alone when they refuse:
 * -EINVAL for anything that is not of the form, -ERANGE for a value that does not fit.
 */
int opt_u64(const char *s, uint64_t *v);          /* 12, 1k, 2M, 3G: powers of ten */
int opt_duration_ns(const char *s, uint64_t *ns); /* 500ns 10us 50ms 2s 3m; the unit is needed */
int opt_double(const char *s, double *v);         /* finite, C locale */

struct opt_list {
	char **item;
	size_t n;
};

/* "a,b,c" into items of at least one character; -EINVAL for an empty item, -ENOMEM. */
int opt_list_parse(const char *csv, struct opt_list *out);
void opt_list_free(struct opt_list *list);

/* Each prints "kickbench: ..." and a newline on stderr and returns its exit code. */
int usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int env_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int skipped(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "kickbench: unknown backend 'x' (known: a b c)"; returns EXIT_USAGE. */
int unknown_name(const char *what, const char *name, const char *const *known, size_t n_known);

#endif
