/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work in a child process, which may crash, hang or write where it likes: what it comes to comes back whole
 * or not at all, and the caller is told how the child ended.  Whatever ends the caller ends the child.
 */
#ifndef APART_APART_H
#define APART_APART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum apart_how {
	APART_DONE,   /* the work is done, and its results are here */
	APART_EXITED, /* with an exit code, before it was done */
	APART_SIGNALLED,
	APART_SPINS,  /* no progress, with so much CPU time: ended by force */
	APART_SLEEPS, /* no progress, and all its threads wait: ended by force */
	APART_DEAF,   /* it was told to end, and did not: ended by force */
	APART_NOT,    /* no child could be made: code is -errno */
};

struct apart_end {
	enum apart_how how;
	int code;      /* exit code, signal, -errno */
	bool told;     /* it had been told to end */
	size_t memory; /* that it had at most, in bytes; not of APART_DONE */
};

enum { APART_PIECES = 4, APART_LOOK_MS = 100 };

struct apart {
	void (*work)(void *arg); /* in the child */
	void *arg;
	/* Memory that the child gets as the caller has it, and that comes back as the work leaves it. */
	struct apart_piece {
		void *at;
		size_t size;
	} piece[APART_PIECES];
	/*
	 * In the caller, every APART_LOOK_MS: a number that changes as long as the work gets on, and how
	 * many seconds of CPU time it may stay the same.  NULL: the child may take as long as it likes.
	 */
	uint64_t (*look)(void *arg, double *patience);
	bool (*stopped)(void *arg); /* in the caller: is it to end?  It is told by SIGTERM.  May be NULL */
	double patience_s; /* for which it may go on after that; 0: 5 s */
	bool in_group; /* of the terminal's: it hears Ctrl-C, and may write to the terminal */
};

struct apart_end apart_run(const struct apart *apart);

/*
 * The same again and again by one child, which knows of the caller what was when it began, and the pieces: so
 * apart, and what it points to, must be static.  After any other end than APART_DONE there is a new child.
 */
struct apart_server {
	pid_t pid; /* 0: none */
	int fd;
	struct apart_shared *shared;
};
struct apart_end apart_ask(struct apart_server *server, const struct apart *apart);
void apart_dismiss(struct apart_server *server);

/* In the child: a copy of some bytes that the caller sees, too, by this address; NULL: no room. */
void *apart_keep(const void *bytes, size_t n);
/* In the caller, until the next ask: a copy of such ones, to be freed; NULL: there are none there. */
void *apart_take(const void *kept, size_t n);

/* For those who fork by themselves. */
/* The child's first step: it ends with this parent, and is the first to go where memory is short. */
void apart_begin(pid_t parent, bool in_group);

struct apart_watch {
	uint64_t mark;
	double cpu_s;
	int still;
};
/* Has a child that is looked at every APART_LOOK_MS come to a standstill?  Else APART_DONE. */
enum apart_how apart_standstill(struct apart_watch *watch, pid_t pid, uint64_t mark, double patience);
/* Ends it and what it has started, and waits for it: how it had ended before, or by this. */
struct apart_end apart_reap(pid_t pid);

#endif
