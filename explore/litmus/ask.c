// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/litmus/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus/read.h"
#include "explore/litmus/run.h"
#include "explore/model/models.h"
#include "results/csv.h"
#include "results/sink.h"

static const struct csv_column columns[] = {
	{ "test", CSV_STRING, CSV_CASE, "", "" },	{ "file", CSV_STRING, CSV_CASE, "", "" },
	{ "model", CSV_STRING, CSV_CASE, "", "" },	{ "observation", CSV_STRING, CSV_COUNT, "", "" },
	{ "positive", CSV_U64, CSV_COUNT, "", "" },	{ "negative", CSV_U64, CSV_COUNT, "", "" },
	{ "states", CSV_U64, CSV_COUNT, "", "" },	{ "stuck", CSV_U64, CSV_COUNT, "", "" },
	{ "race", CSV_STRING, CSV_COUNT, "", "" },	{ "said", CSV_STRING, CSV_COUNT, "", "" },
	{ "agrees", CSV_STRING, CSV_COUNT, "", "" },	{ "status", CSV_STRING, CSV_COUNT, "", "" },
	{ "reason", CSV_STRING, CSV_COUNT, "", "" },
};
const struct csv_schema xp_schema_observation = { "observation", "", columns,
						  sizeof(columns) / sizeof(columns[0]) };

static const char *const quantifiers[] = { "exists", "~exists", "forall" };
static const char *const kinds[] = { "Allowed", "Forbidden", "Required" };

/* What has been looked for, and how often it was there. */
static const char *observation(const struct lt_outcome *o)
{
	if (!o->positive)
		return "Never";
	return o->negative ? "Sometimes" : "Always";
}

static bool is_ok(const struct lt_test *test, const struct lt_outcome *o)
{
	switch (test->quantifier) {
	case LT_EXISTS:
		return o->positive;
	case LT_NEVER:
		return !o->positive;
	default:
		return !o->negative;
	}
}

static void print_value(FILE *out, const struct lt_test *test, int64_t v)
{
	if (v >= LT_ADDRESS_OF && v < LT_ADDRESS_OF + test->n_words)
		fputs(test->word[v - LT_ADDRESS_OF].name, out);
	else
		fprintf(out, "%lld", (long long)v);
}

static void print_state(FILE *out, const struct lt_test *test, const struct lt_state *state)
{
	for (int i = 0; i < test->n_shown; i++) {
		struct lt_place at = test->shown[i];

		if (at.thread >= 0)
			fprintf(out, "%s%d:%s=", i ? " " : "", at.thread,
				test->thread[at.thread].reg[at.index]);
		else
			fprintf(out, "%s%s=", i ? " " : "", test->word[at.index].name);
		print_value(out, test, state->value[i]);
		fputc(';', out);
	}
	fputc('\n', out);
}

/* As herd7 says it. */
static void print_outcome(FILE *out, const struct lt_test *test, const struct lt_outcome *o)
{
	bool no = test->quantifier == LT_NEVER; /* its witnesses are those that have it not */

	fprintf(out, "Test %s %s\nStates %zu\n", test->name, kinds[test->quantifier], o->n_states);
	for (size_t i = 0; i < o->n_states; i++)
		print_state(out, test, &o->state[i]);
	fprintf(out, "%s\nWitnesses\nPositive: %llu Negative: %llu\n", is_ok(test, o) ? "Ok" : "No",
		(unsigned long long)(no ? o->negative : o->positive),
		(unsigned long long)(no ? o->positive : o->negative));
	if (o->race)
		fputs("Flag data-race\n", out);
	fprintf(out, "Condition %s %s\nObservation %s %s %llu %llu\n", quantifiers[test->quantifier],
		test->condition_text, test->name, observation(o), (unsigned long long)o->positive,
		(unsigned long long)o->negative);
}

static void set_outcome(struct csv_row *row, const struct lt_test *test, const struct xp_model *model,
			const struct lt_outcome *o)
{
	const char *seen = observation(o);

	csv_set_u64(row, "positive", o->positive);
	csv_set_u64(row, "negative", o->negative);
	csv_set_u64(row, "states", o->n_states);
	csv_set_u64(row, "stuck", o->stuck);
	csv_set_string(row, "race", o->race ? "yes" : NULL);
	if (!o->whole) {
		csv_set_string(row, "status", *o->error ? "failed" : "undecided");
		csv_set_string(row, "reason", *o->error ? o->error : "its time is spent");
		return;
	}
	csv_set_string(row, "status", "exhaustive");
	csv_set_string(row, "observation", seen);
	/* What the kernel's files say is said of the kernel's model. */
	if (*test->result && !strcmp(model->name, "lkmm"))
		csv_set_string(row, "agrees", strcmp(test->result, seen) ? "no" : "yes");
}

static void set_case(struct csv_row *row, const struct lt_test *test, const struct xp_model *model)
{
	csv_set_string(row, "test", test->name);
	csv_set_string(row, "file", test->file);
	csv_set_string(row, "model", model->name);
	csv_set_string(row, "said", test->result);
}

static int hand_out_text(struct sink *sink, const struct lt_test *test, const struct xp_model *model,
			 const struct lt_outcome *o)
{
	char name[sizeof(test->name) + 32], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int failed;

	if (!out)
		return -ENOMEM;
	snprintf(name, sizeof(name), "%s.%s.txt", test->name, model->name);
	print_outcome(out, test, o);
	failed = fclose(out) ? -ENOMEM : sink_text(sink, name, text);
	free(text);
	return failed;
}

static int one(const struct xp_litmus_ask *ask, const struct lt_test *test, const struct xp_model *model,
	       struct sink *sink)
{
	const char *na = xp_lt_na(test, model);
	struct lt_outcome outcome = { 0 };
	struct xp_budget budget;
	struct csv_row row;
	int failed = csv_row_init(&row, &xp_schema_observation);

	if (failed)
		return failed;
	set_case(&row, test, model);
	xp_budget_begin(&budget, ask->seconds, ask->watcher);
	if (na) {
		csv_set_string(&row, "status", "na");
		csv_set_string(&row, "reason", na);
	} else {
		failed = xp_lt_run(test, model, &budget, &outcome);
		set_outcome(&row, test, model, &outcome);
	}
	failed = failed ? failed : row.error ? row.error : sink_row(sink, &row);
	if (!failed && outcome.whole)
		failed = hand_out_text(sink, test, model, &outcome);
	xp_lt_outcome_free(&outcome);
	csv_row_fini(&row);
	return failed;
}

static int read_all(const struct xp_litmus_ask *ask, struct lt_test *test, char *err, size_t err_size)
{
	char why[200];
	size_t i;

	for (i = 0; i < ask->n_files; i++)
		if (xp_lt_read(&test[i], ask->file[i], why, sizeof(why))) {
			snprintf(err, err_size, "%s: %s", ask->file[i], why);
			return -EINVAL;
		}
	return 0;
}

int xp_run_litmus_files(const struct xp_litmus_ask *ask, struct sink *sink, char *err, size_t err_size)
{
	struct lt_test *test = calloc(ask->n_files, sizeof(*test));
	int failed = test ? read_all(ask, test, err, err_size) : -ENOMEM;
	size_t i, m;

	for (i = 0; i < ask->n_files && !failed; i++)
		for (m = 0; m < ask->n_models && !failed && !xp_stopped(ask->watcher); m++)
			failed = one(ask, &test[i], xp_find_model(ask->model[m]), sink);
	for (i = 0; test && i < ask->n_files; i++)
		xp_lt_free(&test[i]);
	free(test);
	return failed;
}
