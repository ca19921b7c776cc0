// SPDX-License-Identifier: GPL-2.0-or-later
/* From a trial to its columns. */
#include "cli/weaken_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/lanes.h"

#include "results/verdict.h"

static char *example_text(const struct xp_trial *trial)
{
	static char name[XP_NAME];
	struct lanes lanes;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	xp_example_name(trial->cell, name, sizeof(name));
	if (!xp_lanes(trial->cell, false, &lanes))
		lanes_text(out, &lanes);
	lanes_fini(&lanes);
	fprintf(out, "  replay: kickbench explore --replay '%s'\n", name);
	fclose(out);
	return text;
}

int weaken_keep(struct weaken_rows *rows, const struct xp_trial *trial)
{
	struct weaken_kept *k;
	int i;

	if (trial->round == XP_SET)
		return 0;
	if (rows->n == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 256;
		struct weaken_kept *more = realloc(rows->kept, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		rows->kept = more;
		rows->room = room;
	}
	k = &rows->kept[rows->n++];
	*k = (struct weaken_kept){ .round = trial->round, .model = trial->cell->model,
				   .model_bit = xp_model_bit(trial->cell->model), .came = trial->came,
				   .broke = trial->broke };
	snprintf(k->preset, sizeof(k->preset), "%s", trial->cell->scenario.name);
	for (i = 0; i < trial->set->n; i++) {
		k->site[i] = trial->site[i];
		k->to[i] = trial->set->one[i].to;
	}
	if (trial->cell->has_example) {
		k->steps = xp_lanes_count();
		k->lanes = example_text(trial);
	}
	return 0;
}

void weaken_rows_fini(struct weaken_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		free(rows->kept[i].lanes);
	free(rows->kept);
	*rows = (struct weaken_rows){ 0 };
}

static const char *site_name(const struct xp_trial *t, int i)
{
	return t->set->one[i].site;
}

static const char *site_word(const struct xp_trial *t, int i)
{
	return t->site[i]->site.say;
}

static const char *site_function(const struct xp_trial *t, int i)
{
	return t->site[i]->function;
}

static const char *site_order(const struct xp_trial *t, int i)
{
	return xp_ordered_order(t->site[i]);
}

static const char *site_to(const struct xp_trial *t, int i)
{
	return xp_rung_name(t->set->one[i].to);
}

static void set_joined(struct csv_row *row, const char *column, const struct xp_trial *t,
		       const char *(*part)(const struct xp_trial *, int))
{
	char text[XP_WEAKENINGS * XP_SITE_NAME];
	size_t at = 0;
	int i;

	text[0] = 0;
	for (i = 0; i < t->set->n && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%s", i ? "+" : "", part(t, i));
	csv_set_string(row, column, text);
}

static void fill_result(struct csv_row *row, const struct xp_trial *t)
{
	static const enum verdict verdicts[] = {
		[XP_NOT_REACHED] = VERDICT_NA, [XP_IDLE] = VERDICT_OK, [XP_STILL_HOLDS] = VERDICT_OK,
		[XP_BREAKS] = VERDICT_VIOLATED, [XP_UNDECIDED] = VERDICT_INCONCLUSIVE,
	};
	static char name[XP_NAME];

	csv_set_string(row, "verdict", verdict_word(verdicts[t->came]));
	if (t->came == XP_NOT_REACHED)
		csv_set_string(row, "reason", "this preset does not get there");
	if (t->came == XP_IDLE)
		csv_set_string(row, "reason", "this model gives both the same meaning");
	if (t->came == XP_UNDECIDED)
		csv_set_string(row, "reason",
			       t->cell->reason[0] ? t->cell->reason : "not explored to its end");
	if (t->came >= XP_STILL_HOLDS)
		csv_set_u64(row, "executions", t->cell->executions);
	if (!t->cell->has_example)
		return;
	xp_example_name(t->cell, name, sizeof(name));
	csv_set_string(row, "example", name);
	csv_set_u64(row, "example_steps", xp_lanes_count());
}

void weaken_fill(struct csv_row *row, const char *run_id, const struct xp_trial *t)
{
	static const char *const rounds[] = { [XP_SINGLE] = "single", [XP_PAIR] = "pair", [XP_SET] = "set" };
	char text[160];

	csv_set_string(row, "run_id", run_id);
	csv_set_string(row, "backend", t->cell->backend->name);
	csv_set_string(row, "round", rounds[t->round]);
	set_joined(row, "site", t, site_name);
	set_joined(row, "word", t, site_word);
	set_joined(row, "function", t, site_function);
	set_joined(row, "order", t, site_order);
	set_joined(row, "weakened_to", t, site_to);
	csv_set_string(row, "model", t->cell->model);
	csv_set_string(row, "preset", t->cell->scenario.name);
	csv_set_string(row, "form", t->cell->scenario.form == XP_CORE ? "core" : "full");
	if (t->broke) {
		xp_violations(t->broke, text, sizeof(text));
		csv_set_string(row, "violation", text);
	}
	fill_result(row, t);
}
