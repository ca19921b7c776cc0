/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounded fuzzing of what reads files and words: seeded, so that an input is its number.  A child tries them;
 * the parent tells which one ended it.  KICK_FUZZ, KICK_FUZZ_SEED and KICK_FUZZ_FROM: how many, of which
 * seed, from which one on.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/error.h"
#include "results/random.h"

struct fuzz {
	uint64_t state;
};

static inline size_t fuzz_below(struct fuzz *f, size_t n)
{
	return n ? (size_t)(random_next(&f->state) % n) : 0;
}

/* What readers stumble over: ends of types, what no number is, and what their formats are made of. */
static const char *const fuzz_words[] = {
	"", "0", "-0", "1", "-1", "1e-320", "5e-324", "1e308", "-1e308", "1e400", "nan", "inf",
	"-inf", "0x10", "1e", "+1", "2147483648", "-2147483649", "4294967296",
	"9007199254740993", "9223372036854775808", "18446744073709551615",
	"18446744073709551616", "99999999999999999999999999", "0.1", ".", "1,1", "\"", "\"\"",
	"'", ",", "\n", "\r\n", "\r", "\t", ";", ":", "/", "\\", "..", "{", "}", "[", "]", "<",
	">", "&", "%s", "%n", "\xff", "\xc3", "\xed\xa0\x80", "\xef\xbb\xbf", "null", "true",
	"all", "none", "floor", "old", "patched", "ok", "na", "violated", "a+b", "0+1", "~",
	"=",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
};

static inline const char *fuzz_word(struct fuzz *f)
{
	return fuzz_words[fuzz_below(f, sizeof(fuzz_words) / sizeof(fuzz_words[0]))];
}

/* text[at, at + cut) becomes `with`. */
static inline char *fuzz_splice(char *text, size_t at, size_t cut, const char *with, size_t length)
{
	size_t size = strlen(text);
	char *out = malloc(size - cut + length + 1);

	if (!out)
		abort();
	memcpy(out, text, at);
	memcpy(out + at, with, length);
	strcpy(out + at + length, text + at + cut);
	free(text);
	return out;
}

#define FUZZ_BETWEEN ",:;<>\"{}[]/ \n"

static inline char *fuzz_mutate_once(struct fuzz *f, char *text)
{
	size_t size = strlen(text), at = fuzz_below(f, size + 1), cut = fuzz_below(f, size - at + 1);
	size_t field = strcspn(text + at, FUZZ_BETWEEN);
	const char *word = fuzz_word(f);
	char byte = (char)(1 + fuzz_below(f, 255)), *copy;

	if (cut > 40 && fuzz_below(f, 8))
		cut %= 40;
	switch (fuzz_below(f, 8)) {
	case 0:
		return fuzz_splice(text, at, size > at, &byte, 1);
	case 1:
		return fuzz_splice(text, at, cut, "", 0);
	case 2: /* twice */
		copy = strndup(text + at, cut);
		text = fuzz_splice(text, at, 0, copy, cut);
		free(copy);
		return text;
	case 3:
		return fuzz_splice(text, at, 0, word, strlen(word));
	case 4:
		cut = fuzz_below(f, 4) ? 0 : size - at; /* the rest, at times */
		return fuzz_splice(text, at, cut, "", 0);
	default:
		while (at && !strchr(FUZZ_BETWEEN, text[at - 1]))
			at--, field++;
		return fuzz_splice(text, at, field, word, strlen(word));
	}
}

/* A changed copy, to be freed. */
static inline char *fuzz_mutate(struct fuzz *f, const char *text)
{
	char *copy = strdup(text);

	for (size_t n = 1 + fuzz_below(f, 4); n && copy; n--)
		copy = fuzz_mutate_once(f, copy);
	if (!copy)
		abort();
	return copy;
}

/* The first lines of a file, every step-th of them, under its header; to be freed. */
static inline char *fuzz_lines(const char *path, size_t step)
{
	char *all, *out, *at, *line;
	size_t length, i = 0;

	if (results_read(path, &all, &length))
		return NULL;
	out = at = malloc(length + 1);
	for (line = all; *line; i++) {
		length = strcspn(line, "\n");
		length += line[length] == '\n';
		if (i % step == 0)
			at = (char *)memcpy(at, line, length) + length;
		line += length;
	}
	*at = '\0';
	free(all);
	return out;
}

/* No fsync(), of which there would be thousands. */
static inline void fuzz_put(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	if (!out || fputs(text, out) < 0 || fclose(out))
		abort();
}

static inline unsigned long long fuzz_number(const char *name, unsigned long long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

/* 0: n inputs were survived; 1, and a line that says which was not. */
static inline int fuzz_run(const char *name, unsigned long long n, void (*one)(struct fuzz *f))
{
	unsigned long long seed = fuzz_number("KICK_FUZZ_SEED", 1), first = fuzz_number("KICK_FUZZ_FROM", 0);
	unsigned long long *at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				      -1, 0);
	int status;
	pid_t child;

#ifdef __SANITIZE_ADDRESS__
	n /= 4; /* each takes four times as long */
#endif
	n = fuzz_number("KICK_FUZZ", n);
	fflush(NULL);
	child = at == MAP_FAILED ? -1 : fork();
	if (!child) {
		for (*at = first; *at < first + n; ++*at) {
			struct fuzz f = { seed * 0x9e3779b97f4a7c15 + *at };

			alarm(300); /* of a hang nothing else tells */
			one(&f);
		}
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	if (!status) {
		dprintf(STDOUT_FILENO, "%s: %llu inputs of seed %llu\n", name, n, seed);
		return 0;
	}
	dprintf(STDOUT_FILENO, "%s: input %llu of seed %llu: %s %d ", name, *at, seed,
		WIFSIGNALED(status) ? "signal" : "exit",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	dprintf(STDOUT_FILENO, "(KICK_FUZZ=1 KICK_FUZZ_SEED=%llu KICK_FUZZ_FROM=%llu)\n", seed, *at);
	return 1;
}

#endif
