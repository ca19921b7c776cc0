// SPDX-License-Identifier: GPL-2.0-or-later
/* A new protocol, from one that is there: its text under a head that says what to change. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/kit.h"

static const char head[] =
	"/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
	"/*\n"
	" * TODO: one sentence that says what this protocol is, and why no kick gets lost in it.\n"
	" *\n"
	" * It begins as the text of %s.  What to know:\n"
	" *\n"
	" *	kickbench judge %s --base %s\n"
	" *\n"
	" * compiles it, explores it in every preset and the usual memory models, stresses it on "
	"real threads, and\n"
	" * measures it beside %s.  The contract is kick.h, the words are in kick_words.h:\n"
	" *\n"
	" *  - a word that two threads touch is a kick_int, kick_ulong or kick_ptr, and is "
	"reached through READ_ONCE,\n"
	" *    WRITE_ONCE, smp_load_acquire, smp_store_release, xchg, cmpxchg, set_bit, ... "
	"alone; what one thread\n"
	" *    alone touches is plain\n"
	" *  - barriers are smp_mb, smp_rmb, smp_wmb; say in a comment which other one each pairs "
	"with\n"
	" *  - kick_window(KICK_W_...) names a place where the protocol can be hit: stress "
	"lingers there\n"
	" *  - the outcome that kick_send() returns must be true: KICK_SENT only if an IPI (or "
	"signal) was sent\n"
	" *  - what it lacks is said: #define KICK_LACKS_MASK, _WALK, _BLOCK, _RECHECK, and no "
	"such feature below\n"
	" */\n";

static const char above_declaration[] =
	"/*\n"
	" * What it can do, and what it is known to get wrong.  Leave nothing out: a feature that "
	"is not here is not\n"
	" * judged.  A weakness that is known: .explore = { { \"two-kicks\", KICK_M_ALL, "
	"KICK_V_LOST } },\n"
	" * .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .may = KICK_MAY_LOSE.\n"
	" */\n";

static char *read_all(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *f = fopen(path, "r");
	bool fine = f && getdelim(&text, &room, 0, f) >= 0;

	if (f)
		fclose(f);
	if (fine)
		return text;
	free(text);
	return NULL;
}

/* Behind its SPDX line and its own head comment: what it includes stays. */
static const char *behind_head(const char *text)
{
	const char *end;

	for (;;) {
		text += strspn(text, " \t\n");
		end = strncmp(text, "/*", 2) ? NULL : strstr(text, "*/");
		if (!end)
			return text;
		text = end + 2;
	}
}

/* The summary and origin are the new one's own; whose newest it was once is not. */
static void print_text(FILE *out, const char *text)
{
	const char *declare = strstr(text, "KICK_DECLARE("),
		   *end = declare ? strstr(declare, ");") : NULL;
	const char *features = declare ? strstr(declare, ".features") : NULL;
	const char *world = declare ? strstr(declare, ".world") : NULL;

	if (!end || !features || features > end) {
		fputs(text, out);
		return;
	}
	fprintf(out,
		"%.*s%sKICK_DECLARE(.summary = \"TODO: one line\",\n\t     .origin = \"TODO: whose, "
		"and since when\",\n\t     %.*s%s%s",
		(int)(declare - text), text, above_declaration,
		world && world < features ? (int)strcspn(world, ",") + 1 : 0, world ? world : "",
		world && world < features ? " " : "", features);
}

int kit_skeleton(const char *kit, const char *file, const char *from, char *err, size_t err_size)
{
	char path[PATH_MAX + 128];
	char *text;
	FILE *out;
	int fd, torn;

	snprintf(path, sizeof(path), "%s/impl/%s.h", kit, from);
	text = strchr(from, '/') ? NULL : read_all(path);
	if (!text) {
		snprintf(err, err_size, "--from '%.100s' is no backend (kickbench list --names)",
			 from);
		return -EINVAL;
	}
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0666);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		snprintf(err, err_size, "%.300s: %s", file, strerror(errno));
		free(text);
		return -EEXIST;
	}
	fprintf(out, head, from, file, from, from);
	fputc('\n', out);
	print_text(out, behind_head(text));
	free(text);
	torn = ferror(out);
	if (fclose(out) || torn) {
		snprintf(err, err_size, "%.300s: %s", file, strerror(torn ? EIO : errno));
		unlink(file); /* it was not there before */
		return -EIO;
	}
	return 0;
}
