// SPDX-License-Identifier: GPL-2.0-or-later
/* A folder of files NAME.replay: a comment that says what was found, and the schedule's name. */
#include "cli/corpus.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/verbs.h"
#include "cli/view_terminal.h"
#include "explore/cell/ask.h"
#include "results/file.h"
#include "results/flow.h"
#include "results/sink_tests.h"

/* BACKEND-PRESET-MODEL-HASH.replay: one that is there is the same one. */
static int keep(struct sink *sink, const struct csv_row *row)
{
	const struct corpus *c = (const struct corpus *)sink;
	const char *replay = csv_get(row, "replay"), *hash = replay;
	char path[PATH_MAX], *text;
	int n, failed;

	if (!replay || strcmp(row->schema->name, "explore"))
		return 0;
	for (int slash = 0; slash < 5 && hash; slash++)
		hash = strchr(hash, '/') ? strchr(hash, '/') + 1 : NULL;
	snprintf(path, sizeof(path), "%s/%s-%s-%s-%.16s.replay", c->dir, csv_get(row, "backend"),
		 csv_get(row, "scenario"), csv_get(row, "model"), hash ? hash : "0");
	n = asprintf(&text, "# %s; kickbench explore --replay, kickbench judge --corpus\n%s\n",
		     csv_get(row, "found"), replay);
	if (n < 0)
		return -ENOMEM;
	failed = results_file_write(path, text, (size_t)n);
	free(text);
	return failed;
}

int corpus_open(struct corpus *c, const char *dir)
{
	struct stat st;

	*c = (struct corpus){ .sink = { .row = keep }, .dir = dir };
	if (mkdir(dir, 0777) && errno != EEXIST)
		return env_error("--corpus: %s: %s", dir, strerror(errno));
	if (stat(dir, &st) || !S_ISDIR(st.st_mode))
		return usage_error("--corpus: %s is no folder", dir);
	return EXIT_AS_STATED;
}

/* The first line that is no comment; else why there is none, in text. */
static bool read_name(const char *dir, const char *file, char **name, char *text, size_t size)
{
	char path[PATH_MAX];
	size_t room = 0;
	ssize_t n = -1;
	FILE *f;

	*name = NULL;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	errno = 0;
	f = fopen(path, "r");
	while (f && (n = getline(name, &room, f)) > 0 && strchr("#\r\n", **name))
		;
	snprintf(text, size, "%s", errno ? strerror(errno) : "no schedule in the file");
	if (f)
		fclose(f);
	if (n > 0)
		(*name)[strcspn(*name, "\r\n")] = 0;
	return n > 0;
}

static int is_replay(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 7 && !strcmp(entry->d_name + n - 7, ".replay");
}

static void print_counts(const size_t n[XP_N_AGAIN])
{
	printf("  corpus: %zu still violated, %zu violated by a schedule nearby, %zu gone, %zu no "
	       "longer applicable\n",
	       n[XP_STILL], n[XP_NEAR], n[XP_GONE], n[XP_NO_MORE] + n[XP_UNFIT]);
}

bool corpus_replay(const struct corpus *c, const struct xp_backend *backend, struct sink_tests *tests)
{
	static const char *const words[XP_N_AGAIN] = { "still violated", "violated nearby", "gone",
						       "no longer applicable",
						       "no longer applicable" };
	static const enum sink_outcome outcomes[XP_N_AGAIN] = {
		[XP_STILL] = SINK_FAILED,    [XP_NEAR] = SINK_FAILED,  [XP_GONE] = SINK_PASSED,
		[XP_NO_MORE] = SINK_SKIPPED, [XP_UNFIT] = SINK_SKIPPED,
	};
	struct dirent **entry = NULL;
	int n = scandir(c->dir, &entry, is_replay, alphasort);
	size_t count[XP_N_AGAIN] = { 0 };
	char text[256], *name, line[700];

	for (int i = 0; i < n; i++) {
		enum xp_again again = XP_UNFIT;

		if (read_name(c->dir, entry[i]->d_name, &name, text, sizeof(text)))
			again = xp_run_again(backend, name, text, sizeof(text));
		count[again]++;
		snprintf(line, sizeof(line), "%s/%s", backend->name, entry[i]->d_name);
		sink_tests_add(tests, "corpus", line, outcomes[again], 0, text);
		snprintf(line, sizeof(line), "%s: %s: %s", entry[i]->d_name, words[again], text);
		fputs("    ", stdout);
		flow_print(stdout, line, 4, view_width(FLOW_WIDTH), 6);
		free(name);
		free(entry[i]);
	}
	free(entry);
	print_counts(count);
	return count[XP_STILL] + count[XP_NEAR];
}
