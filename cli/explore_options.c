// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing and checking the options of explore. */
#include "cli/explore_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/explore_jobs.h"
#include "kick_declare.h"

enum { MATRIX_SECONDS = 10 };

enum {
	O_BACKEND = 256, O_SCENARIO, O_MODEL, O_FORM, O_KICKERS, O_KICKS, O_VCPUS, O_MIGRATIONS,
	O_PCPUS, O_EXITS, O_PUT, O_PLACE, O_BOUND, O_STRATEGY, O_SAMPLES, O_DEPTH, O_SEED, O_TIME,
	O_MEMORY, O_EXPECT, O_COUNT, O_WEAKEN, O_LITMUS, O_MATRIX, O_CACHE, O_NO_CACHE, O_JOBS, O_SHARD,
	O_RESUME, O_MERGE, O_REPLAY,
	O_ALL_STEPS, O_ALL_ORDERS, O_SVG, O_OUT, O_LIST, O_JSON, O_HELP,
};

static const struct option longopts[] = {
	{ "backend", required_argument, NULL, O_BACKEND },
	{ "scenario", required_argument, NULL, O_SCENARIO },
	{ "model", required_argument, NULL, O_MODEL },
	{ "form", required_argument, NULL, O_FORM },
	{ "kickers", required_argument, NULL, O_KICKERS },
	{ "kicks", required_argument, NULL, O_KICKS },
	{ "vcpus", required_argument, NULL, O_VCPUS },
	{ "migrations", required_argument, NULL, O_MIGRATIONS },
	{ "pcpus", required_argument, NULL, O_PCPUS },
	{ "exits", required_argument, NULL, O_EXITS },
	{ "put", required_argument, NULL, O_PUT },
	{ "place", required_argument, NULL, O_PLACE },
	{ "bound", required_argument, NULL, O_BOUND },
	{ "strategy", required_argument, NULL, O_STRATEGY },
	{ "samples", required_argument, NULL, O_SAMPLES },
	{ "depth", required_argument, NULL, O_DEPTH },
	{ "seed", required_argument, NULL, O_SEED },
	{ "time", required_argument, NULL, O_TIME },
	{ "memory", required_argument, NULL, O_MEMORY },
	{ "expect", no_argument, NULL, O_EXPECT },
	{ "count", no_argument, NULL, O_COUNT },
	{ "weaken", optional_argument, NULL, O_WEAKEN },
	{ "litmus", required_argument, NULL, O_LITMUS },
	{ "matrix", no_argument, NULL, O_MATRIX },
	{ "cache", required_argument, NULL, O_CACHE },
	{ "no-cache", no_argument, NULL, O_NO_CACHE },
	{ "jobs", required_argument, NULL, O_JOBS },
	{ "shard", required_argument, NULL, O_SHARD },
	{ "resume", required_argument, NULL, O_RESUME },
	{ "merge", no_argument, NULL, O_MERGE },
	{ "replay", required_argument, NULL, O_REPLAY },
	{ "all-orders", no_argument, NULL, O_ALL_ORDERS },
	{ "all-steps", no_argument, NULL, O_ALL_STEPS },
	{ "svg", required_argument, NULL, O_SVG },
	{ "out", required_argument, NULL, O_OUT },
	{ "list", no_argument, NULL, O_LIST },
	{ "json", no_argument, NULL, O_JSON },
	{ "help", no_argument, NULL, O_HELP },
	{ 0 },
};

static int add_backend(struct explore_command *c, const char *name)
{
	const char *known[EXPLORE_MAX_LIST];
	bool all = !strcmp(name, "all");
	size_t i;

	for (i = 0; xp_backends[i]; i++) {
		known[i] = xp_backends[i]->name;
		if ((all || !strcmp(name, known[i])) && c->n_backends < EXPLORE_MAX_LIST)
			c->backend[c->n_backends++] = xp_backends[i];
		if (!strcmp(name, known[i]))
			return 0;
	}
	return all ? 0 : unknown_name("backend", name, known, i);
}

static int add_preset(struct explore_command *c, const char *name)
{
	const char *known[EXPLORE_MAX_LIST];
	bool all = !strcmp(name, "all"), quick = !strcmp(name, "quick");
	size_t i;

	for (i = 0; xp_presets[i].name; i++) {
		known[i] = xp_presets[i].name;
		if ((all || (quick && xp_presets[i].quick) || !strcmp(name, known[i])) &&
		    c->n_presets < EXPLORE_MAX_LIST)
			c->preset[c->n_presets++] = &xp_presets[i];
		if (!strcmp(name, known[i]))
			return 0;
	}
	return all || quick ? 0 : unknown_name("scenario", name, known, i);
}

static int add_model(struct explore_command *c, const char *name)
{
	static const char *const known[] = { "sc", "tso", "pso", "rc11" };
	enum { N_KNOWN = sizeof(known) / sizeof(known[0]) };
	size_t i;

	for (i = 0; i < N_KNOWN; i++)
		if (!strcmp(name, known[i]) && c->n_models < 8) {
			c->model[c->n_models++] = known[i];
			return 0;
		}
	return unknown_name("model", name, known, N_KNOWN);
}

static int add_list(struct explore_command *c, const char *csv,
		    int (*add)(struct explore_command *, const char *))
{
	struct opt_list list;
	int code = 0;
	size_t i;

	if (opt_list_parse(csv, &list))
		return usage_error("'%s' is not a list", csv);
	for (i = 0; i < list.n && !code; i++)
		code = add(c, list.item[i]);
	opt_list_free(&list);
	return code;
}

static int parse_int(const char *text, int *value)
{
	uint64_t v;

	if (opt_u64(text, &v) || v > 1000)
		return usage_error("'%s' is not a small number", text);
	*value = (int)v;
	return 0;
}

static int parse_u64(const char *text, uint64_t *value)
{
	return opt_u64(text, value) ? usage_error("'%s' is not a number", text) : 0;
}

static int parse_seconds(const char *text, double *seconds)
{
	uint64_t ns;

	if (!opt_duration_ns(text, &ns)) {
		*seconds = ns * 1e-9;
		return 0;
	}
	if (opt_double(text, seconds) || *seconds <= 0)
		return usage_error("'%s' is not a duration", text);
	return 0;
}

/* One of two or more words, into its number. */
static int parse_word(const char *what, const char *text, const char *const *known, size_t n, int *value)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(text, known[i])) {
			*value = (int)i;
			return 0;
		}
	return unknown_name(what, text, known, n);
}

static int set_word(struct explore_command *c, int option, const char *arg)
{
	static const char *const forms[] = { "full", "core" }, *const places[] = { "own", "shared" };
	static const char *const puts[] = { "sticky", "clears", "either" }; /* enum xp_put */
	static const char *const strategies[] = { "prove", "stateful", "count", "walk", "pct" };
	int value = 0, code;

	if (option == O_PUT)
		return parse_word("put", arg, puts, 3, &c->put);
	if (option == O_PLACE)
		return parse_word("place", arg, places, 2, &c->shared);
	if (option == O_FORM) {
		code = parse_word("form", arg, forms, 2, &value);
		c->form = value;
	} else {
		code = parse_word("strategy", arg, strategies, 5, &value);
		c->options.strategy = value;
	}
	return code;
}

/* "2/4": the second of four. */
static int parse_shard(struct explore_command *c, const char *text)
{
	char rest;

	/* Six digits: a longer number is none, it must not wrap. */
	if (sscanf(text, "%6u/%6u%c", &c->shard, &c->shards, &rest) != 2 || !c->shard || c->shard > c->shards)
		return usage_error("--shard takes I/N, from 1/N to N/N; '%s' is none", text);
	return 0;
}

static int set_number(struct explore_command *c, int option, const char *arg)
{
	uint64_t bytes = 0;
	int code;

	switch (option) {
	case O_KICKERS:
		return parse_int(arg, &c->changed.kickers);
	case O_KICKS:
		return parse_int(arg, &c->changed.kicks);
	case O_VCPUS:
		return parse_int(arg, &c->changed.vcpus);
	case O_MIGRATIONS:
		return parse_int(arg, &c->changed.migrations);
	case O_PCPUS:
		return parse_int(arg, &c->changed.pcpus);
	case O_EXITS:
		return parse_int(arg, &c->changed.exits);
	case O_BOUND:
		return parse_int(arg, &c->options.bound);
	case O_DEPTH:
		code = parse_int(arg, &c->options.pct_depth);
		if (!code && (c->options.pct_depth < 1 || c->options.pct_depth > 16))
			return usage_error("--depth takes 1 to 16");
		return code;
	case O_JOBS:
		code = parse_int(arg, &c->jobs);
		if (!code && (c->jobs < 1 || c->jobs > JOBS_MOST))
			return usage_error("--jobs takes 1 to %d", JOBS_MOST);
		return code;
	case O_SAMPLES:
		code = parse_u64(arg, &c->options.samples);
		return code || c->options.samples ? code : usage_error("--samples takes 1 or more");
	case O_SEED:
		return parse_u64(arg, &c->options.seed);
	case O_TIME:
		return parse_seconds(arg, &c->seconds);
	default:
		code = parse_u64(arg, &bytes);
		c->options.memory = bytes;
		return code;
	}
}

/* Options that are there or not; false: it is none of them. */
static bool set_flag(struct explore_command *c, int option)
{
	const struct {
		int option;
		bool *flag;
	} flags[] = { { O_EXPECT, &c->expect }, { O_ALL_STEPS, &c->all_steps }, { O_LIST, &c->list },
		      { O_JSON, &c->json },	{ O_HELP, &c->help },		{ O_MATRIX, &c->matrix },
		      { O_NO_CACHE, &c->no_cache }, { O_MERGE, &c->merging },
		      { O_ALL_ORDERS, &c->all_orders } };

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].option == option) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

/* Options that name a file, a folder or a schedule. */
static bool set_text(struct explore_command *c, int option, const char *arg)
{
	const struct {
		int option;
		const char **text;
	} texts[] = { { O_CACHE, &c->cache }, { O_RESUME, &c->resume }, { O_REPLAY, &c->replay },
		      { O_LITMUS, &c->litmus }, { O_SVG, &c->svg },	{ O_OUT, &c->out } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].option == option) {
			*texts[i].text = arg;
			return true;
		}
	return false;
}

static int set(struct explore_command *c, int option, const char *arg)
{
	if (set_flag(c, option) || set_text(c, option, arg))
		return 0;
	switch (option) {
	case O_BACKEND:
		return add_list(c, arg, add_backend);
	case O_SCENARIO:
		return add_list(c, arg, add_preset);
	case O_MODEL:
		return add_list(c, arg, add_model);
	case O_FORM:
	case O_PUT:
	case O_PLACE:
	case O_STRATEGY:
		return set_word(c, option, arg);
	case O_COUNT:
		c->options.strategy = XP_COUNT;
		return 0;
	case O_WEAKEN:
		c->weaken = true;
		c->pairs = arg && !strcmp(arg, "pairs");
		return arg && !c->pairs ? usage_error("--weaken takes =pairs or nothing") : 0;
	case O_SHARD:
		return parse_shard(c, arg);
	default:
		return set_number(c, option, arg);
	}
}

static int defaults(struct explore_command *c)
{
	bool study = c->weaken || c->litmus;
	int code = 0;

	c->expect |= c->matrix;
	if (c->matrix && !c->seconds)
		c->seconds = MATRIX_SECONDS;
	if (!c->n_backends)
		code = add_list(c, c->matrix ? "all" : study ? "patched" : "old,patched", add_backend);
	if (!code && !c->n_presets)
		code = add_list(c, c->matrix ? "all" : study || c->expect ? "quick" : "two-kicks",
				add_preset);
	if (!code && !c->n_models)
		code = add_list(c, "sc,tso,pso,rc11", add_model);
	return code;
}

int explore_command_parse(struct explore_command *c, int argc, char **argv)
{
	int option, code = 0;

	memset(c, 0, sizeof(*c));
	c->changed.kickers = c->changed.kicks = c->changed.migrations = -1;
	c->changed.vcpus = c->changed.pcpus = c->changed.exits = c->put = c->shared = -1;
	c->options = (struct xp_options){ .bound = -1, .pct_depth = 4, .seed = 1, .samples = 1000000 };
	optind = 1;
	opterr = 0;
	while (!code && (option = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (option == '?')
			return usage_error("explore: unknown option '%s' (see --help)", argv[optind - 1]);
		if (option == ':')
			return usage_error("explore: option '%s' wants a value", argv[optind - 1]);
		code = set(c, option, optarg);
	}
	c->merge = argv + optind;
	c->n_merge = argc - optind;
	if (!code && c->n_merge && !c->merging)
		code = usage_error("explore: unexpected argument '%s'", argv[optind]);
	if (!code)
		code = explore_command_check(c);
	return code ? code : defaults(c);
}
