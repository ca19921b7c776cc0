// SPDX-License-Identifier: GPL-2.0-or-later
/* Escape sequences that every terminal has had for decades; what a reader sees while explore runs. */
#include "cli/view_terminal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/verbs.h"
#include "explore/cell/explore.h"

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

int view_width(int otherwise)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && !opt_u64(columns, &n) && n)
		return n > INT_MAX ? INT_MAX : (int)n;
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return otherwise;
}

void view_replay(FILE *out, const char *name, int width)
{
	static const char says[] = "  replay: kickbench explore --replay ";
	const char *quote = strchr(name, '\'') ? "\"" : "'"; /* a name has no more than ' in it */
	size_t room = (size_t)(width > 40 ? width : 40) - 5, n = strlen(name);

	if (strlen(says) + n + 2 <= (size_t)width) {
		fprintf(out, "%s%s%s%s\n", says, quote, name, quote);
		return;
	}
	fprintf(out, "%s\\\n  ", says);
	for (; n > room; name += room, n -= room)
		fprintf(out, "%s%.*s%s\\\n", quote, (int)room, name, quote);
	fprintf(out, "%s%s%s\n", quote, name, quote);
}

enum { SHOW_EVERY = 200000 };

static bool stopped(void *arg)
{
	(void)arg;
	return verb_signal();
}

/* If what comes takes as long as what was. */
static void show_parts(const struct xp_news *n)
{
	fprintf(stderr, "\r\033[K%llu of %llu parts, %llu executions, about %.0f s left",
		(unsigned long long)n->parts, (unsigned long long)n->of_parts,
		(unsigned long long)n->executions,
		n->seconds / (double)n->new_parts * (double)(n->of_parts - n->parts));
}

/* The prover finds out on its way what else is to be tried: the estimate moves. */
static void show_search(const struct xp_news *n)
{
	fprintf(stderr, "\r\033[K%llu executions, %.1f s", (unsigned long long)n->executions, n->seconds);
	if (n->share > 0)
		fprintf(stderr, ", estimated %.2g: %.0f s left", (double)n->executions / n->share,
			n->seconds / n->share - n->seconds);
}

static void show_cells(const struct xp_news *n)
{
	double left = n->cells ? n->cells_seconds / (double)n->cells * (double)(n->of_cells - n->cells) : 0;

	fprintf(stderr, "\r\033[K%zu of %zu cells, about %.0f s left: %s %s %s ", n->cells, n->of_cells,
		left, n->cell->backend->name, n->cell->scenario.name, n->cell->model);
}

static void news(void *arg, const struct xp_news *n)
{
	struct view_progress *p = arg;

	if (n->executions < p->shown)
		p->shown = 0;
	if (!p->terminal)
		return;
	if (n->of_parts) {
		show_parts(n);
	} else if (n->of_cells && p->cells) {
		show_cells(n);
	} else if (n->executions >= p->shown + SHOW_EVERY) {
		p->shown = n->executions;
		show_search(n);
	} else {
		return;
	}
	p->stands = true;
}

struct xp_watcher view_progress_init(struct view_progress *p, bool cells)
{
	*p = (struct view_progress){ .terminal = isatty(STDERR_FILENO), .cells = cells };
	return (struct xp_watcher){ stopped, news, p };
}

void view_progress_wipe(struct view_progress *p)
{
	if (p->stands)
		fputs("\r\033[K", stderr);
	p->stands = false;
}
