// SPDX-License-Identifier: GPL-2.0-or-later
/* Escape sequences that every terminal has had for decades. */
#include "cli/view_terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_colours(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(out)) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

const char *view_bold(FILE *out)
{
	return has_colours(out) ? "\033[1m" : "";
}

const char *view_bad(FILE *out)
{
	return has_colours(out) ? "\033[1;31m" : "";
}

const char *view_plain(FILE *out)
{
	return has_colours(out) ? "\033[0m" : "";
}
