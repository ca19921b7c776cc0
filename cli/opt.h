/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines.  Each verb has one table of its options; from it come parsing (opt.c), help, the
 * OPTIONS of its manual page and the words that bash completes (opt_doc.c).  One rule for all of them:
 *
 * - `--name value` or `--name=value`, names in full; of an option given twice the last one counts
 * - numbers are decimal, counts take k, M and G; times are 500ms, 2s, 3m, or seconds: 0.5
 * - a list names each thing once; `all` stands alone
 * - what is refused costs one line on stderr and exit code 2
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum opt_kind {
	OPT_FLAG,    /* there or not */
	OPT_TEXT,    /* anything but nothing */
	OPT_FILE,    /* likewise, a file's name */
	OPT_DIR,     /* likewise, a folder's */
	OPT_NUMBER,  /* 12, 1k, 2M, 3G */
	OPT_REAL,    /* 0.05 */
	OPT_TIME,    /* 500ms, 0.5 */
	OPT_CHOICE,  /* one of some names */
	OPT_NAMES,   /* a,b,c of them, or all */
	OPT_NUMBERS, /* 1,2,1k */
	OPT_LIST,    /* a,b,c that the setter knows; of items such as NAME=VALUE each NAME once */
	OPT_N_KINDS
};

enum { OPT_MOST = 64 /* of a table */ };

/* What a setter gets. */
struct opt_value {
	const char *text;    /* as given; NULL: without the value that is optional */
	uint64_t number;     /* OPT_NUMBER; OPT_TIME in ns */
	double real;	     /* OPT_REAL */
	const size_t *index; /* OPT_CHOICE, OPT_NAMES: which of the names, n of them */
	char *const *item;   /* OPT_LIST: n of them */
	size_t n;
};

/* Where a value goes: what the member of the command is. */
enum opt_type {
	OPT_NOWHERE, /* the setter takes it, or it is only checked */
	OPT_BOOL,
	OPT_INTEGER, /* of any size; for OPT_CHOICE the name's place, for OPT_NAMES a bit for each */
	OPT_DOUBLE,  /* OPT_TIME: seconds */
	OPT_STRING,
	OPT_INTEGERS, /* arrays of OPT_NAMES, OPT_NUMBERS */
	OPT_DOUBLES,
	OPT_STRINGS,
	OPT_THINGS /* one of thing_of()'s, or an array of them */
};

struct opt {
	const char *name; /* without --; NULL ends a table */
	enum opt_kind kind;
	const char *value;   /* what help calls the value; NULL: by its kind */
	const char *section; /* a heading that stands before it */
	const char *doc;     /* a phrase for help and the manual */
	const char *more;    /* sentences for the manual alone */
	const char *preset;  /* taken when none is given, and shown; NULL: as the command's init() has it */
	bool optional;	     /* --name or --name=value */
	bool hidden;	     /* not for people */
	bool quiet;	     /* help does not list the names */
	bool again;	     /* it takes part in what a run with the same seed repeats */
	bool none;	     /* OPT_NAMES: `none` may stand there */
	bool no_all;	     /* OPT_NAMES: `all` may not */
	uint64_t least, most; /* of numbers; of times in ns; most 0: no limit */
	double low, high;     /* of OPT_REAL, both excluded if open; high 0: no limit */
	bool open;
	bool dash; /* OPT_FILE: - is stdin */
	const char *starts; /* OPT_FILE that is written: what one begins with; no other is written over */
	const char *const *names; /* n_names of them, 0: a NULL ends them */
	size_t n_names;
	const char *(*name_of)(size_t i); /* the same as a function, NULL after the last */
	/* The same of structs that begin with their name, which is how they are stored by OPT_TO_THINGS. */
	const void *(*thing_of)(size_t i);
	/* OPT_NAMES: the word for several names that the i-th is one of, or NULL. */
	const char *(*group_of)(size_t i);
	/* Of opt_table.moods(): refused where it would be ignored, for whoever gives it expects something. */
	uint32_t never; /* with one of these */
	uint32_t only;	/* with any of these; 0: whatever there is */
	const char *const *alone; /* asked by itself: what may stand with it, NULL ends them */
	enum opt_type type;
	size_t at, size; /* offset in the command, bytes of one value */
	size_t n_at, room; /* of arrays: offset of their size_t, values that fit */
	int store;	   /* OPT_FLAG: 0 stands for 1 */
	/* Instead of storing it.  An exit code after one line on stderr. */
	int (*take)(void *command, const struct opt_value *value);
};

#define OPT_NAMES_OF(array) .names = (array), .n_names = sizeof(array) / sizeof((array)[0])

#define OPT_TYPE_OF(expression)                                                                    \
	_Generic((expression), bool: OPT_BOOL, double: OPT_DOUBLE, const char *: OPT_STRING,        \
		 int *: OPT_INTEGERS, double *: OPT_DOUBLES, const char **: OPT_STRINGS,            \
		 default: OPT_INTEGER)
/* To `member` of the command, a struct of that type. */
#define OPT_TO(command, member)                                                                    \
	.type = OPT_TYPE_OF(((command *)0)->member), .at = offsetof(command, member),              \
	.size = sizeof(((command *)0)->member)
/* Likewise to an array and the size_t that counts it. */
#define OPT_TO_ARRAY(command, member, n)                                                           \
	.type = OPT_TYPE_OF(((command *)0)->member), .at = offsetof(command, member),              \
	.size = sizeof(((command *)0)->member[0]), .n_at = offsetof(command, n),                   \
	.room = sizeof(((command *)0)->member) / sizeof(((command *)0)->member[0])

#define OPT_TO_THING(command, member)                                                              \
	.type = OPT_THINGS, .at = offsetof(command, member), .size = sizeof(void *)
#define OPT_TO_THINGS(command, member, n)                                                          \
	OPT_TO_THING(command, member), .n_at = offsetof(command, n),                               \
	.room = sizeof(((command *)0)->member) / sizeof(void *)

/* What stands on the command line beside options, and what came of it all. */
struct opt_line {
	int argc;
	char **argv; /* argv[0] is the verb; opt_parse() moves operands behind options */
	char **operand;
	int n_operands;
	bool help; /* asked for: nothing after it was looked at */
	bool given[OPT_MOST]; /* options, by their place in the table */
};

struct opt_table {
	const char *verb, *summary;
	const char *usage;  /* what follows the verb; a further line for each \n */
	const char *about;  /* a paragraph before the options */
	const char *after;  /* lines behind them */
	void (*tail)(FILE *out); /* more lines, made at run time; or NULL */
	const struct opt *option;
	size_t size; /* of the command, which begins as zeros */
	void (*init)(void *command); /* or NULL */
	/* What a command asks for that makes some options meaningless, as bits; and what they are called. */
	uint32_t (*moods)(const void *command);
	const char *const *mood; /* each as "takes no ..." has it */
	/* Do they go together?  May complete the command.  An exit code after one line; or NULL. */
	int (*check)(void *command, const struct opt_line *line);
	const char *operand; /* what help calls it; NULL: the verb takes none */
};

/* EXIT_AS_STATED, or EXIT_USAGE after one line on stderr. */
int opt_parse(const struct opt_table *table, void *command, struct opt_line *line);
/* One option of some table, as if it stood on the verb's command line. */
int opt_take(const char *verb, const struct opt *option, void *command, const char *text);
const struct opt *opt_find(const struct opt *option, const char *name, size_t length);
/* The i-th name of an option, NULL after the last. */
const char *opt_name(const struct opt *option, size_t i);
/* The words for several of its names, each once; how many of them fit into word[room]. */
size_t opt_groups(const struct opt *option, const char **word, size_t room);

/*
 * The parsers take the whole string or refuse it, and leave the result alone when they refuse:
 * -EINVAL for anything that is not of the form, -ERANGE for a value that does not fit.
 */
int opt_u64(const char *s, uint64_t *v);	  /* 12, 1k, 2M, 3G: powers of ten */
int opt_duration_ns(const char *s, uint64_t *ns); /* 500ns 10us 50ms 2s 3m, or seconds: 0.5 */
int opt_double(const char *s, double *v);	  /* 12, 0.05, -3 */

/* 100000000 as 100M; of a time in ns 2000000 as 2ms. */
const char *opt_show(uint64_t v, bool is_time, char text[32]);

struct opt_list {
	char **item;
	size_t n;
};

/* "a,b,c" into items of at least one character; -EINVAL for an empty item, -ENOMEM. */
int opt_list_parse(const char *csv, struct opt_list *out);
void opt_list_free(struct opt_list *list);

/* The known name that was probably meant, or NULL. */
const char *opt_nearest(const char *name, const char *const *known, size_t n_known);

/* Each prints "kickbench: ..." and a newline on stderr and returns its exit code. */
int usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int env_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool opt_said(const char *text); /* in the last of these lines */
int skipped(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "kickbench: unknown backend 'x', did you mean 'y'? (known: a b c)"; returns EXIT_USAGE. */
int unknown_name(const char *what, const char *name, const char *const *known, size_t n_known);

#endif
