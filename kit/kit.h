/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Protocols from elsewhere.  Beside this program lies a kit: the contract, the protocols and their
 * families, the judges' templates, and an archive of everything else.  With it and any C compiler
 * a file outside the tree becomes a program like this one whose backends are that file and its
 * base.
 */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { KIT_FILES = 8, KIT_AGAIN = 2, KIT_MOST = KIT_FILES + 1 + KIT_AGAIN, KIT_NAME = 64 };

struct kit_backend {
	char name[KIT_NAME];
	char file[PATH_MAX]; /* absolute */
};

/*
 * What this program was made of by kit_make(): kit_n_files files; if there is a base, it, and it KIT_AGAIN
 * times more under other names.  Of a program that CMake made: nothing.
 */
extern const struct kit_backend kit_made[];
extern const size_t kit_n_made, kit_n_files;

/* Where the kit is: beside the program in a build tree, else where it was installed.  -ENOENT. */
int kit_find(char dir[PATH_MAX], char *err, size_t err_size);

struct kit_make {
	char kit[PATH_MAX];
	const char *cc;	 /* a command; NULL: $CC, cc, gcc, clang, the first that there is */
	const char *dir; /* exists; everything goes there */
	struct kit_backend backend[KIT_MOST];
	size_t n, n_files;
	const struct kit_backend *failed; /* comes back: the first whose text is none */
	char compiler[96];   /* comes back: "GNU 12.2.0" */
	char err[512];	     /* one line */
	char said[PATH_MAX]; /* of -EBADMSG: the file with what the compiler said */
};

/*
 * The backends of these files, with a base or NULL: a name of the kit's, or a file.  -EINVAL with a line
 * in err.
 */
int kit_take(struct kit_make *make, char *const *file, size_t n, const char *base);
/*
 * Compiles and links DIR/kickbench.  -EBADMSG: a backend's text is none (see said, if that is not
 * empty), -ENOENT: no compiler, other -errno: it cannot be made here; a line in err.  -EINTR: stopped.
 */
int kit_make(struct kit_make *make, bool (*stopped)(void));

/* What the compiler said, in the file's own lines, each with a hint at the word to use. */
void kit_complain(FILE *out, const struct kit_make *make);
/* A hint at a compiler's message; false: none.  The name that a message has in quotes; false: none. */
bool kit_hint(const struct kit_make *make, const char *message, char *hint, size_t size);
bool kit_quoted(const char *message, char name[KIT_NAME]);
/* Did it not link because of a backend's text?  Then a line in err. */
bool kit_link_fault(struct kit_make *make);

/*
 * A new protocol in FILE, which must not exist, from one of the kit's.  -errno with a line in err.
 */
int kit_skeleton(const char *kit, const char *file, const char *from, char *err, size_t err_size);

#endif
