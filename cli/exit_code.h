/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kickbench's exit status means, for every verb. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

enum exit_code {
	EXIT_AS_STATED = 0,   /* all as stated */
	EXIT_VIOLATED = 1,    /* a property violated, a declaration contradicted, a regression */
	EXIT_USAGE = 2,       /* the command line is wrong; nothing was done */
	EXIT_ENVIRONMENT = 3, /* a pin, an allocation, a device, a file failed */
	EXIT_SKIPPED = 4,     /* cannot run here, the reason was printed */
	EXIT_UNDECIDED = 5,   /* it ran, but proves nothing */
};

static inline int exit_code_rank(int code)
{
	switch (code) {
	case EXIT_SKIPPED:
		return 0; /* a skipped cell never hides what another one found */
	case EXIT_AS_STATED:
		return 1;
	case EXIT_UNDECIDED:
		return 2;
	case EXIT_VIOLATED:
		return 3;
	case EXIT_ENVIRONMENT:
		return 4;
	case EXIT_USAGE:
		return 5;
	default:
		return 6; /* 128 + signal */
	}
}

/* The code of two cells together.  Fold from EXIT_SKIPPED: it stays if nothing could run. */
static inline int exit_code_worst(int a, int b)
{
	return exit_code_rank(a) >= exit_code_rank(b) ? a : b;
}

/* After a step that judges nothing, as writing a file: if that went well, the code is what it was. */
static inline int exit_code_then(int code, int step)
{
	return step == EXIT_AS_STATED ? code : exit_code_worst(code, step);
}

#endif
