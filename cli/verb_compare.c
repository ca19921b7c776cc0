// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kickbench compare: two results folders or CSV files, after making sure that they may be compared.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <cjson/cJSON.h>

#include "cli/ci.h"
#include "cli/verbs.h"
#include "report/text/text.h"
#include "results/compare.h"
#include "results/compare_gate.h"
#include "results/compare_side.h"
#include "results/provenance.h"

static struct compare_command {
	struct compare_options compare;
	const char *ignore[64];
	unsigned int forced;
	bool aa, json, markdown, gated;
	const char *gate; /* a re-run of A; NULL: A's and B's own samples */
	struct verb_ci ci;
} command;

/* The i-th of the columns that have one of the two roles. */
static const char *column(size_t i, enum csv_role role, enum csv_role other)
{
	const struct csv_schema *schema = compare_defaults.schema;

	for (size_t k = 0; k < schema->n; k++)
		if ((schema->column[k].role == role || schema->column[k].role == other) && !i--)
			return schema->column[k].name;
	return NULL;
}

static const char *metric(size_t i)
{
	return column(i, CSV_LOWER, CSV_HIGHER);
}

static const char *case_column(size_t i)
{
	return column(i, CSV_CASE, CSV_CASE);
}

static int take_margin(void *arg, const struct opt_value *v)
{
	((struct compare_command *)arg)->compare.margin = v->real / 100;
	return 0;
}

static int take_force(void *arg, const struct opt_value *v)
{
	((struct compare_command *)arg)->forced = verb_forced(v);
	return 0;
}

static int take_gate(void *arg, const struct opt_value *v)
{
	struct compare_command *o = arg;

	o->gated = true;
	o->gate = v->text;
	return 0;
}

static const char *const samples[] = { "auto", "repetitions", "processes" };

static const struct opt options[] = {
	{ .name = "metric", .kind = OPT_CHOICE, .name_of = metric, .preset = "ns_per_op",
	  .doc = "a column of bench.csv", OPT_TO(struct compare_command, compare.metric) },
	{ .name = "margin", .kind = OPT_REAL, .value = "PCT", .preset = "5", .take = take_margin,
	  .doc = "changes up to this many per cent do not matter" },
	{ .name = "alpha", .kind = OPT_REAL, .value = "P", .preset = "0.05", .high = 1, .open = true,
	  .doc = "chance of any false faster or slower in the table",
	  OPT_TO(struct compare_command, compare.alpha) },
	{ .name = "ignore", .kind = OPT_NAMES, .value = "COL,COL", .name_of = case_column, .no_all = true,
	  .doc = "columns that do not name a case (kicker_pu,vcpu_pu): pools their rows",
	  OPT_TO_ARRAY(struct compare_command, ignore, compare.n_ignore) },
	{ .name = "by", .kind = OPT_CHOICE, .value = "COL", .name_of = case_column,
	  .doc = "compare the rows that differ in this column, within A or from A to B: backend, say",
	  .more = "Columns that go with it (kicker_pu and vcpu_pu with distance) name no cases then.",
	  OPT_TO(struct compare_command, compare.by) },
	{ .name = "base", .kind = OPT_TEXT, .value = "VALUE",
	  .doc = "with --by: what A's rows have there; by default its only value, of backends old, else the "
		 "first that its scenario has others beside",
	  OPT_TO(struct compare_command, compare.base) },
	{ .name = "samples", .kind = OPT_CHOICE, .value = "WHAT", OPT_NAMES_OF(samples), .preset = "auto",
	  .doc = "what one sample is",
	  .more = "processes: the median of each; auto: processes where both sides have four of them "
		  "(bench --respawn), else repetitions.",
	  OPT_TO(struct compare_command, compare.samples) },
	{ .name = "aa", .kind = OPT_FLAG,
	  .doc = "A/A: A's own samples in ABBA order, or A against its re-run B: how often the procedure "
		 "cries wolf",
	  OPT_TO(struct compare_command, aa) },
	{ .name = "gate", .kind = OPT_DIR, .optional = true, .take = take_gate,
	  .doc = "for a CI: faster and slower only where they are larger than all that A/A shows "
		 "on this machine",
	  .more = "A/A is what A's and B's own samples differ by in ABBA order, or A from its "
		  "re-run in the folder that is named, which sees what differs between two "
		  "processes, too. Of a case the far end of that interval counts, of all "
		  "cases of its scenario the largest change, 2 to 8 times, the "
		  "fewer the more. A line says the smallest change "
		  "that each scenario could have shown." },
	{ .name = "force", .kind = OPT_NAMES, .optional = true, .no_all = true, .value = "WHAT,WHAT",
	  .names = provenance_group_name + 1, .n_names = PROVENANCE_N_GROUPS - 1, .take = take_force,
	  .doc = "compare across machines, compilers, flags or libraries; or only across those that are "
		 "named:",
	  .more = "A machine is its hardware and its kernel, whatever it is called." },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of the bootstrap",
	  OPT_TO(struct compare_command, compare.seed) },
	{ .name = "markdown", .kind = OPT_FLAG, .doc = "the table as Markdown, to paste",
	  OPT_TO(struct compare_command, markdown) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "everything as one JSON object",
	  OPT_TO(struct compare_command, json) },
	VERB_CI_OPTIONS(struct compare_command),
	{ 0 },
};

static void init(void *arg)
{
	((struct compare_command *)arg)->compare = compare_defaults;
}

static int check_line(void *arg, const struct opt_line *line)
{
	struct compare_command *o = arg;

	o->compare.ignore = o->ignore;
	if (o->compare.base && !o->compare.by)
		return usage_error("compare: --base is a value of the column that --by names");
	if (o->compare.by && o->aa)
		return usage_error("compare: --aa and --by exclude each other");
	if (o->aa && o->gated)
		return usage_error("compare: --aa and --gate exclude each other");
	if (o->json && o->markdown)
		return usage_error("compare: --json and --markdown exclude each other");
	if (line->n_operands == 2 || ((o->aa || o->compare.by) && line->n_operands == 1))
		return 0;
	return usage_error("compare: needs %s (see kickbench compare --help)",
			   o->aa || o->compare.by ? "one or two paths" : "two paths, A and B, or --by COL");
}

static const struct opt_table table = {
	.verb = "compare",
	.summary = "what changed between two results folders or CSV files",
	.usage = "A B [options]\nA [B] --by COL [--base VALUE] [options]\n--aa A [B] [options]",
	.about = "A and B are results folders or bench.csv files. Rows that name the same case are "
		 "compared by the ratio of their medians: faster and slower need an exact Mann-Whitney U "
		 "test after Holm's correction and a change beyond the margin; same needs the whole "
		 "bootstrap interval of the ratio within the margin; everything else is inconclusive. Where "
		 "one side is 0 there is no ratio: from 0 to 1 locked operation is slower.",
	.after = "The column `shows` is the smallest change that the row would have found (80 % power). "
		 "Exit: 1 something got slower, 0 not, 5 nothing could be compared, 2 unreadable or "
		 "refused.",
	.option = options,
	.size = sizeof(struct compare_command),
	.init = init,
	.check = check_line,
	.operand = "FILE",
};

static void note_torn(const struct compare_side *side)
{
	if (side->table.torn_line)
		fprintf(stderr, "kickbench: %s: line %zu is torn (no line end) and was left out\n",
			side->path, side->table.torn_line);
}

static void print_pooled(const struct compare_result *result)
{
	for (size_t i = 0; i < result->n_pooled; i++)
		fprintf(stderr, "kickbench: note: %s: rows that differ in %s are pooled: %s\n",
			result->pooled[i].in_b ? "B" : "A", result->pooled[i].column,
			result->pooled[i].values);
}

/* What a reader must know of the sides, on stderr.  b == a: within a, here and below. */
static void print_notes(const struct compare_side *a, const struct compare_side *b,
			const struct provenance *p, const struct compare_result *result)
{
	print_pooled(result);
	note_torn(a);
	if (b == a)
		return;
	note_torn(b);
	if (!a->run || !b->run)
		fprintf(stderr,
			"kickbench: %s: no run.json: nothing says that A and B are from the same "
			"machine, compiler, flags and libraries\n",
			a->run ? b->path : a->path);
	for (size_t i = 0; i < p->n; i++)
		fprintf(stderr, "kickbench: %s: %s differs: A has '%s', B has '%s'\n",
			p->difference[i].group == PROVENANCE_NOTE ? "note" : "warning", p->difference[i].what,
			p->difference[i].a, p->difference[i].b);
}

static struct cJSON *side_json(const struct compare_side *side)
{
	struct cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "path", side->path);
	cJSON_AddNumberToObject(object, "rows", (double)side->table.n_rows);
	cJSON_AddNumberToObject(object, "torn_line", (double)side->table.torn_line);
	if (side->run) {
		cJSON_AddStringToObject(object, "run_id", provenance_text(side->run, "run_id"));
		cJSON_AddStringToObject(object, "state", provenance_text(side->run, "state"));
		cJSON_AddStringToObject(object, "revision", provenance_text(side->run, "build.revision"));
	}
	return object;
}

static void print_side(const char *name, const struct compare_side *side)
{
	printf("%s: %s", name, side->path);
	if (side->run)
		printf(" (run %s, revision %.12s, %s)", provenance_text(side->run, "run_id"),
		       provenance_text(side->run, "build.revision"), provenance_text(side->run, "state"));
}

/* The second line break makes two paragraphs of them in Markdown. */
static void print_sides(const struct compare_side *a, const struct compare_side *b,
			const struct compare_result *result, bool markdown)
{
	const char *end = markdown ? "\n\n" : "\n";

	print_side("A", a);
	if (result->by)
		printf(": %s %s", result->by, result->base);
	fputs(end, stdout);
	if (b == a && !result->by)
		printf("B: the same: its samples in turn, ABBA");
	else if (b == a)
		printf("B: the same: each other %s", result->by);
	else
		print_side("B", b);
	if (b != a && result->by)
		printf(": each other %s", result->by);
	fputs(end, stdout);
}

static int print_json(const struct compare_side *a, const struct compare_side *b, const struct provenance *p,
		      const struct compare_result *result, const struct compare_command *o)
{
	struct cJSON *object = compare_json(result, &o->compare);
	struct cJSON *differences;

	cJSON_AddItemToObject(object, "a", side_json(a));
	cJSON_AddItemToObject(object, "b", side_json(b));
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
	return verb_print_json(object);
}

/* An A/A comparison is about the procedure: its false alarms are a figure, not a regression. */
static int exit_code(const struct compare_result *result, const struct compare_command *o)
{
	if (!result->n_comparable)
		return EXIT_UNDECIDED;
	return result->n_verdict[COMPARE_SLOWER] && !o->aa ? EXIT_VIOLATED : EXIT_AS_STATED;
}

/* Each case as a test of a CI: slower fails, and what shows nothing is skipped. */
static void add_tests(const struct compare_result *r)
{
	static const enum sink_outcome outcomes[] = {
		[COMPARE_SAME] = SINK_PASSED, [COMPARE_FASTER] = SINK_PASSED,
		[COMPARE_SLOWER] = SINK_FAILED, [COMPARE_INCONCLUSIVE] = SINK_SKIPPED,
	};

	for (size_t i = 0; i < r->n; i++) {
		const struct compare_row *row = &r->row[i];
		char name[512], why[256];

		if (!compare_case_name(r, row->value, "", name, sizeof(name)))
			snprintf(name, sizeof(name), "the only case");
		snprintf(why, sizeof(why), "%s%s%s; %.4g to %.4g", compare_verdict_name(row->verdict),
			 row->reason ? ": " : "", row->reason ? row->reason : "", row->a, row->b);
		sink_tests_add(&command.ci.tests, "compare", name, outcomes[row->verdict], 0, why);
	}
}

/*
 * What the same differs by: of A and its re-run, or of the samples of A and of B among themselves.
 */
static int gate(const struct compare_side *a, const struct compare_side *b, const struct compare_command *o,
		struct compare_result *result, char *err, size_t err_size)
{
	static struct compare_result aa[2];
	struct compare_side again = { .path = o->gate };
	struct compare_options alike = o->compare;
	struct compare_gate gate = { .aa = { &aa[0], &aa[1] }, .margin = o->compare.margin };
	int failed = 0;

	alike.by = alike.base = NULL;
	if (o->gate) {
		failed = compare_side_load(&again, err, err_size);
		if (!failed)
			failed = compare_tables(&a->table, &again.table, &alike, &aa[gate.n], err, err_size);
		gate.n += !failed;
	} else {
		failed = compare_halves(&a->table, &alike, &aa[gate.n], err, err_size);
		gate.n += !failed;
		if (!failed && b != a)
			failed = compare_halves(&b->table, &alike, &aa[gate.n], err, err_size);
		gate.n += !failed && b != a;
	}
	if (!failed)
		compare_gate(result, &gate);
	while (gate.n)
		compare_result_fini(&aa[--gate.n]);
	compare_side_unload(&again);
	return failed;
}

/* b == a: the halves of a. */
static int compare(const struct compare_side *a, const struct compare_side *b, const struct provenance *p,
		   const struct compare_command *o)
{
	struct compare_result result;
	char err[256];
	int code, ret;

	if (b == a && !o->compare.by)
		ret = compare_halves(&a->table, &o->compare, &result, err, sizeof(err));
	else
		ret = compare_tables(&a->table, &b->table, &o->compare, &result, err, sizeof(err));
	if (!ret && o->gated)
		ret = gate(a, b, o, &result, err, sizeof(err));
	if (ret == -ENOMEM)
		return env_error("compare: %s", err);
	if (ret)
		return usage_error("compare: %s", err);
	code = exit_code(&result, o);
	add_tests(&result);
	print_notes(a, b, p, &result);
	if (o->json && print_json(a, b, p, &result, o))
		code = EXIT_ENVIRONMENT;
	if (!o->json) {
		print_sides(a, b, &result, o->markdown);
		if (o->markdown)
			text_compare_markdown(&result, &o->compare);
		else
			text_compare_table(&result, &o->compare);
	}
	if (o->gated && !o->json)
		text_compare_gate(&result, &o->compare);
	if (o->aa && !o->json)
		text_compare_aa(&result, &o->compare);
	compare_result_fini(&result);
	return code;
}

/* What decides a figure is refused, unless forced. */
static int check(const struct compare_side *a, const struct compare_side *b, const struct compare_command *o,
		 struct provenance *p)
{
	char what[2048];

	if (!a->run || !b->run)
		return 0;
	if (provenance_compare(a->run, b->run, p))
		return env_error("compare: Cannot allocate memory");
	return provenance_refuses(p, o->forced, what, sizeof(what)) ? usage_error("compare: %s", what) : 0;
}

static int load_and_compare(char **path, int n, const struct compare_command *o)
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

static int run(struct opt_line *line)
{
	int code = verb_ci_begin(&command.ci, "compare", command.json);

	return code ? code
		    : verb_ci_end(&command.ci, load_and_compare(line->operand, line->n_operands, &command));
}

const struct verb verb_compare = { &table, &command, run };
