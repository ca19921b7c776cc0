// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench report: one HTML page from results folders. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/verbs.h"
#include "cli/view_report.h"
#include "report/data/backends.h"
#include "report/report.h"
#include "report/text/text.h"
#include "results/provenance.h"

static struct report_command {
	const char *out, *figures, *base;
	unsigned int forced;
	bool json;
	struct report_run *run;
	size_t n;
	int unread; /* an exit code: of files that are there, and could not be read */
} command;

/* They hold paths, and are no part of what is emptied for each command line: a page has a few of them. */
static struct report_run shown[REPORT_MAX_RUNS];

static int take_force(void *arg, const struct opt_value *v)
{
	((struct report_command *)arg)->forced = verb_forced(v);
	return 0;
}

static const struct opt options[] = {
	{ .name = "out", .kind = OPT_FILE, .starts = "<!DOCTYPE html>",
	  .doc = "the page; by default report.html in the first DIR",
	  OPT_TO(struct report_command, out) },
	{ .name = "base", .kind = OPT_TEXT, .value = "BACKEND",
	  .doc = "take differences against it; by default old, where there is none patched",
	  OPT_TO(struct report_command, base) },
	{ .name = "figures", .kind = OPT_DIR,
	  .doc = "write each drawing as an SVG file of its own, too, such as for a paper",
	  .more = "They are called after their figure in the page.", OPT_TO(struct report_command, figures) },
	{ .name = "force", .kind = OPT_NAMES, .optional = true, .no_all = true, .value = "WHAT,WHAT",
	  .names = provenance_group_name + 1, .n_names = PROVENANCE_N_GROUPS - 1, .take = take_force,
	  .doc = "put runs of different machines, compilers, flags or libraries side by side; or only "
		 "of those that are named:",
	  .more = "The page names their differences." },
	{ .name = "json", .kind = OPT_FLAG, .doc = "the page's path and the headlines as JSON",
	  OPT_TO(struct report_command, json) },
	{ 0 },
};

static int check_line(void *arg, const struct opt_line *line)
{
	(void)arg;
	if (!line->n_operands)
		return usage_error("report: expected a results folder (see --help)");
	if (line->n_operands > REPORT_MAX_RUNS)
		return usage_error("report: at most %d results folders", REPORT_MAX_RUNS);
	return EXIT_AS_STATED;
}

static const struct opt_table table = {
	.verb = "report",
	.summary = "one HTML page from results folders, to read, print and show around",
	.usage = "DIR [DIR...] [options]",
	.about = "Writes one HTML file that needs neither network nor scripts, and prints the headline. "
		 "Of several folders, every figure stands side by side, and the others are compared with "
		 "the first; those of one kind of machine stand together. Only the folders' files are "
		 "read; what one lacks is named in the page.",
	.after = "Exit: 0 written, 2 no results folder, or refused, 3 a file could not be read or written.",
	.option = options,
	.size = sizeof(struct report_command),
	.check = check_line,
	.operand = "DIR",
};

/* Figures of another machine or build answer another question: as compare does. */
static int check(const struct report_run *a, const struct report_run *b, unsigned int forced)
{
	struct provenance p = { 0 };
	char what[1024];
	int code = EXIT_AS_STATED;

	if (!a->run || !b->run)
		return code;
	if (provenance_compare(a->run, b->run, &p))
		return env_error("Cannot allocate memory");
	if (provenance_refuses(&p, forced, what, sizeof(what)))
		code = usage_error("report: A is %s, B is %s: %s", a->dir, b->dir, what);
	provenance_fini(&p);
	return code;
}

static void unload(struct report_command *r)
{
	while (r->n)
		report_run_fini(&r->run[--r->n]);
}

/* The folders in order, those of one kind behind its first one.  False: they are that already. */
static bool group(const struct report_command *r, char **dir)
{
	char *grouped[REPORT_MAX_RUNS];
	bool taken[REPORT_MAX_RUNS] = { false }, moved = false;
	size_t n = 0;

	for (size_t first = 0; first < r->n; first++)
		for (size_t i = first; i < r->n; i++)
			if (!taken[i] && !strcmp(report_kind(&r->run[i]), report_kind(&r->run[first]))) {
				taken[i] = true;
				moved |= n != i;
				grouped[n++] = dir[i];
			}
	memcpy(dir, grouped, n * sizeof(*dir));
	return moved;
}

static int load(struct report_command *r, char **dir, int n)
{
	char err[512];
	int code = EXIT_AS_STATED;

	for (int i = 0; i < n && !code; i++) {
		if (report_run_load(&r->run[r->n], dir[i], err, sizeof(err)))
			return usage_error("report: %s", err);
		r->run[r->n].base = r->base;
		r->run[r->n].all = r->run;
		r->run[r->n].n_all = (size_t)n;
		r->run[r->n++].label = (char)('A' + i);
		if (i)
			code = check(&r->run[0], &r->run[i], r->forced);
	}
	if (!code && group(r, dir)) {
		unload(r); /* they point to each other and to themselves */
		return load(r, dir, n);
	}
	for (size_t i = 0; i < r->n; i++)
		r->unread = exit_code_worst(r->unread, view_spoilt(&r->run[i]));
	return code;
}

/* Which the runs have, where none of them has what was asked for. */
static int check_base(const struct report_command *r)
{
	const char *name[REPORT_MAX_BACKENDS];
	char list[1024] = "";

	for (size_t i = 0; i < r->n; i++)
		if (!r->base || report_has_backend(&r->run[i], r->base))
			return EXIT_AS_STATED;
	for (size_t i = 0, n = report_all_backends(&r->run[0], name); i < n; i++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, " %s", name[i]);
	}
	return usage_error("report: no run has a backend '%s'; %s has:%s", r->base, r->run[0].dir, list);
}

static int print_json(const struct report_command *r, const char *path)
{
	cJSON *object = cJSON_CreateObject(), *runs = cJSON_AddArrayToObject(object, "runs");
	struct report_headline headline;

	cJSON_AddStringToObject(object, "report", path);
	for (size_t i = 0; i < r->n; i++) {
		cJSON *run = cJSON_CreateObject();

		report_headline(&r->run[i], &headline);
		cJSON_AddStringToObject(run, "directory", r->run[i].dir);
		cJSON_AddStringToObject(run, "name", report_name(&r->run[i]));
		cJSON_AddStringToObject(run, "headline", headline.sentence);
		cJSON_AddStringToObject(run, "noise", headline.noise);
		cJSON_AddItemToArray(runs, run);
	}
	return verb_print_json(object);
}

static int write_page(const struct report_command *r)
{
	char path[PATH_MAX], err[PATH_MAX + 128];

	if (snprintf(path, sizeof(path), r->out ? "%s" : "%s/report.html",
		     r->out ? r->out : r->run[0].dir) >= (int)sizeof(path))
		return usage_error("report: the path is too long");
	if (report_write(r->run, r->n, path, err, sizeof(err)) ||
	    (r->figures && report_write_figures(r->run, r->n, r->figures, err, sizeof(err)) < 0))
		return env_error("%s", err);
	if (r->json)
		return print_json(r, path);
	for (size_t i = 0; i < r->n; i++) {
		if (r->n > 1)
			printf("%c: %s%s%s\n", r->run[i].label, r->run[i].dir,
			       report_has_kinds(r->run, r->n) ? ", " : "",
			       report_has_kinds(r->run, r->n) ? report_kind(&r->run[i]) : "");
		view_headline(&r->run[i], stdout);
		text_kernel_table(stdout, &r->run[i]);
	}
	printf("report: %s\n", path);
	return EXIT_AS_STATED;
}

static int run(struct opt_line *line)
{
	int code;

	command.run = shown;
	code = load(&command, line->operand, line->n_operands);
	if (!code)
		code = check_base(&command);
	if (!code)
		code = exit_code_worst(write_page(&command), command.unread);
	unload(&command);
	return code;
}

const struct verb verb_report = { &table, &command, run };
