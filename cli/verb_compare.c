// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kickbench compare: two results folders or CSV files, after making sure that they may be compared.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/verbs.h"
#include "cli/view_compare.h"
#include "results/compare.h"

const char verb_compare_summary[] = "what changed between two results folders or CSV files";

static const char help[] =
	"usage: kickbench compare A B [options]\n"
	"       kickbench compare --aa A [B] [options]\n"
	"A and B are results folders or bench.csv files. Rows that name the same case are compared\n"
	"by the ratio of their medians: faster and slower need an exact Mann-Whitney U test after\n"
	"Holm's correction and a change beyond the margin; same needs the whole bootstrap interval\n"
	"of the ratio within the margin; everything else is inconclusive.\n\n"
	"  --metric NAME      a column of bench.csv (default ns_per_op)\n"
	"  --margin PCT       changes up to this many per cent do not matter (default 5)\n"
	"  --alpha P          chance of any false faster or slower in the table (default 0.05)\n"
	"  --ignore COL,COL   columns that do not name a case (kicker_pu,vcpu_pu): pools their rows\n"
	"  --samples WHAT     processes (the median of each), repetitions, or auto (default):\n"
	"                     processes where both sides have 4 of them (bench --respawn)\n"
	"  --aa               A/A: A's own samples in ABBA order, or A against its re-run B:\n"
	"                     how often the procedure cries wolf\n"
	"  --force            compare across machines, compilers, flags or libraries\n"
	"  --seed N           of the bootstrap (default 1)\n"
	"  --json             everything as one JSON object\n\n"
	"The column `shows` is the smallest change that the row would have found (80 % power).\n"
	"Exit: 1 something got slower, 0 not, 5 nothing could be compared, 2 unreadable or refused.\n";

struct options {
	struct compare_options compare;
	struct opt_list ignore;
	bool aa, force, json, help;
};

static int unknown_column(const struct csv_schema *schema, const char *what, const char *name,
			  bool is_metric)
{
	const char *known[128];
	size_t n = 0;

	for (size_t i = 0; i < schema->n && n < sizeof(known) / sizeof(known[0]); i++) {
		enum csv_role role = schema->column[i].role;

		if (is_metric ? role == CSV_LOWER || role == CSV_HIGHER : role == CSV_CASE)
			known[n++] = schema->column[i].name;
	}
	return unknown_name(what, name, known, n);
}

static int check_metric(const struct compare_options *o)
{
	int i = csv_schema_find(o->schema, o->metric);
	enum csv_role role = i < 0 ? CSV_RUN : o->schema->column[i].role;

	if (role == CSV_LOWER || role == CSV_HIGHER)
		return 0;
	return unknown_column(o->schema, "metric", o->metric, true);
}

static int parse_ignore(const char *arg, struct options *o)
{
	opt_list_free(&o->ignore);
	if (opt_list_parse(arg, &o->ignore))
		return usage_error("compare: --ignore '%s' is no list of columns", arg);
	for (size_t i = 0; i < o->ignore.n; i++) {
		int column = csv_schema_find(o->compare.schema, o->ignore.item[i]);

		if (column < 0 || o->compare.schema->column[column].role != CSV_CASE)
			return unknown_column(o->compare.schema, "column", o->ignore.item[i],
					      false);
	}
	o->compare.ignore = (const char *const *)o->ignore.item;
	o->compare.n_ignore = o->ignore.n;
	return 0;
}

static int parse_margin(const char *arg, double *margin)
{
	double percent;

	if (opt_double(arg, &percent) || percent < 0)
		return usage_error("compare: --margin '%s' is no percentage", arg);
	*margin = percent / 100;
	return 0;
}

static int parse_alpha(const char *arg, double *alpha)
{
	if (opt_double(arg, alpha) || *alpha <= 0 || *alpha >= 1)
		return usage_error("compare: --alpha '%s' is not between 0 and 1", arg);
	return 0;
}

static int parse_samples(const char *arg, enum compare_samples *samples)
{
	static const char *const known[] = { "auto", "repetitions", "processes" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(arg, known[i])) {
			*samples = (enum compare_samples)i;
			return 0;
		}
	return unknown_name("kind of samples", arg, known, 3);
}

static int parse_option(int c, char **argv, struct options *o)
{
	switch (c) {
	case 'M':
		o->compare.metric = optarg;
		return check_metric(&o->compare);
	case 'm':
		return parse_margin(optarg, &o->compare.margin);
	case 'p':
		return parse_alpha(optarg, &o->compare.alpha);
	case 'S':
		return parse_samples(optarg, &o->compare.samples);
	case 'i':
		return parse_ignore(optarg, o);
	case 's':
		return opt_u64(optarg, &o->compare.seed)
			       ? usage_error("compare: --seed '%s' is no number", optarg)
			       : 0;
	case 'a':
		o->aa = true;
		return 0;
	case 'f':
		o->force = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	case ':':
		return usage_error("compare: '%s' needs a value", argv[optind - 1]);
	default:
		return usage_error("compare: unknown option '%s' (see kickbench compare --help)",
				   argv[optind - 1]);
	}
}

static int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "metric", required_argument, NULL, 'M' },
		{ "margin", required_argument, NULL, 'm' },
		{ "alpha", required_argument, NULL, 'p' },
		{ "ignore", required_argument, NULL, 'i' },
		{ "samples", required_argument, NULL, 'S' },
		{ "seed", required_argument, NULL, 's' },
		{ "aa", no_argument, NULL, 'a' },
		{ "force", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c, code;

	optind = 0;
	while ((c = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
		code = parse_option(c, argv, o);
		if (code)
			return code;
	}
	if (o->help || argc - optind == 2 || (o->aa && argc - optind == 1))
		return 0;
	return usage_error("compare: needs %s (see kickbench compare --help)",
			   o->aa ? "one or two paths" : "two paths, A and B");
}

static int print_json(const struct compare_side *a, const struct compare_side *b, const struct provenance *p,
		      const struct compare_result *result, const struct options *o)
{
	struct cJSON *object = compare_json(result, &o->compare);
	struct cJSON *differences;
	char *text;

	cJSON_AddItemToObject(object, "a", view_side_json(a));
	cJSON_AddItemToObject(object, "b", view_side_json(b));
	cJSON_AddBoolToObject(object, "aa", o->aa);
	cJSON_AddBoolToObject(object, "provenance_checked", a->run && b->run);
	differences = cJSON_AddArrayToObject(object, "differences");
	for (size_t i = 0; i < p->n; i++) {
		struct cJSON *d = cJSON_CreateObject();

		cJSON_AddStringToObject(d, "what", p->difference[i].what);
		cJSON_AddStringToObject(d, "a", p->difference[i].a);
		cJSON_AddStringToObject(d, "b", p->difference[i].b);
		cJSON_AddItemToArray(differences, d);
	}
	text = cJSON_Print(object);
	cJSON_Delete(object);
	if (!text)
		return env_error("compare: out of memory");
	puts(text);
	free(text);
	return 0;
}

static void print_text(const struct compare_side *a, const struct compare_side *b,
		       const struct compare_result *result, const struct options *o)
{
	view_compare_sides(a, b);
	view_compare(result, &o->compare);
	if (o->aa)
		view_compare_aa(result, &o->compare);
}

/* An A/A comparison is about the procedure: its false alarms are a figure, not a regression. */
static int exit_code(const struct compare_result *result, const struct options *o)
{
	if (!result->n_comparable)
		return EXIT_UNDECIDED;
	return result->n_verdict[COMPARE_SLOWER] && !o->aa ? EXIT_VIOLATED : EXIT_AS_STATED;
}

/* b == a: the halves of a. */
static int compare(const struct compare_side *a, const struct compare_side *b, const struct provenance *p,
		   const struct options *o)
{
	struct compare_result result;
	char err[256];
	int code, ret;

	if (b == a)
		ret = compare_halves(&a->table, &o->compare, &result, err, sizeof(err));
	else
		ret = compare_tables(&a->table, &b->table, &o->compare, &result, err, sizeof(err));
	if (ret == -ENOMEM)
		return env_error("compare: %s", err);
	if (ret)
		return usage_error("compare: %s", err);
	code = exit_code(&result, o);
	view_compare_notes(a, b, p);
	if (!o->json)
		print_text(a, b, &result, o);
	else if (print_json(a, b, p, &result, o))
		code = EXIT_ENVIRONMENT;
	compare_result_fini(&result);
	return code;
}

/* What decides a figure is refused, unless forced. */
static int check(const struct compare_side *a, const struct compare_side *b, const struct options *o,
		 struct provenance *p)
{
	const struct provenance_difference *d;

	if (!a->run || !b->run)
		return 0;
	if (provenance_compare(a->run, b->run, p))
		return env_error("compare: out of memory");
	d = o->force ? NULL : provenance_fatal(p);
	return d ? usage_error("compare: %s differs: A has '%s', B has '%s' (--force compares all the same)",
			       d->what, d->a, d->b) :
		   0;
}

static int load_and_compare(char **path, int n, const struct options *o)
{
	struct compare_side a = { .path = path[0] }, b = { .path = n > 1 ? path[1] : NULL };
	struct provenance p = { 0 };
	char err[PATH_MAX + 256];
	int code = 0;

	if (compare_side_load(&a, err, sizeof(err)) || (n > 1 && compare_side_load(&b, err, sizeof(err))))
		code = usage_error("compare: %s", err);
	if (!code && n > 1)
		code = check(&a, &b, o, &p);
	if (!code)
		code = compare(&a, n > 1 ? &b : &a, &p, o);
	provenance_fini(&p);
	compare_side_unload(&a);
	compare_side_unload(&b);
	return code;
}

int verb_compare(int argc, char **argv)
{
	struct options o = { .compare = compare_defaults };
	int code = parse_options(argc, argv, &o);

	if (!code && o.help)
		fputs(help, stdout);
	else if (!code)
		code = load_and_compare(argv + optind, argc - optind, &o);
	opt_list_free(&o.ignore);
	return code;
}
