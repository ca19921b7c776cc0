// SPDX-License-Identifier: GPL-2.0-or-later
/* What the extra cmpxchg costs here, what it buys under migration, and what the model checker says. */
#include "report/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add(char text[HEADLINE_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(char text[HEADLINE_SIZE], const char *format, ...)
{
	size_t used = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + used, HEADLINE_SIZE - used, format, ap);
	va_end(ap);
}

/* The price: form kick, path self, hot line. */
static void add_price(const struct report_run *run, char text[HEADLINE_SIZE])
{
	const struct case_want old_want[] = { { "backend", "old" }, { "scenario", "fastpath" },
					      { "path", "self" },   { "line", "hot" },
					      { "form", "kick" },   { 0 } };
	const struct case_want cas_want[] = { { "scenario", "floor" }, { "path", "cas_fail" }, { 0 } };
	size_t old = 0, patched, cas = 0;
	struct case_figure d;
	double floor;

	if (!case_next(&run->bench, &old, old_want) ||
	    !case_of_backend(&run->bench, old, "patched", &patched) ||
	    !case_difference(&run->bench, old, patched, "ns_per_op", &d))
		return;
	add(text,
	    "Here the extra cmpxchg costs %+.2f ns [%.2f, %.2f] per kick (form kick, path self, hot line",
	    d.median, d.ci.low, d.ci.high);
	floor = case_next(&run->bench, &cas, cas_want) ? case_median(&run->bench, cas, "ns_per_op") : NAN;
	if (floor > 0)
		add(text, "; %.2f of a failed local cmpxchg", d.median / floor);
	add(text, ")");
}

struct worth {
	uint64_t kicks, misdirected, poisoned, lost;
};

static struct worth add_up(const struct report_run *run, const char *backend)
{
	const struct case_want want[] = { { "backend", backend }, { "scenario", "migrate" }, { 0 } };
	struct worth w = { 0 };

	for (size_t i = 0; case_next(&run->bench, &i, want); i++) {
		if (!(case_number(&run->bench, i, "migrations_per_s") > 0))
			continue;
		w.kicks += case_sum(&run->bench, i, "kicks");
		w.misdirected += case_sum(&run->bench, i, "ipis_misdirected");
		w.poisoned += case_sum(&run->bench, i, "poisoned");
		w.lost += case_sum(&run->bench, i, "lost");
	}
	return w;
}

static void add_side(char text[HEADLINE_SIZE], const char *name, struct worth w)
{
	add(text, "%s %llu misdirected IPIs, %llu poisoned stints, %llu lost kicks in %llu", name,
	    (unsigned long long)w.misdirected, (unsigned long long)w.poisoned, (unsigned long long)w.lost,
	    (unsigned long long)w.kicks);
}

static void add_worth(const struct report_run *run, char text[HEADLINE_SIZE])
{
	struct worth old = add_up(run, "old"), patched = add_up(run, "patched");

	if (!old.kicks || !patched.kicks)
		return;
	add(text, "%s",
	    *text ? ", and buys this on the emulated machine under migration, widened windows"
		    " included: "
		  : "Under migration, widened windows included: ");
	add_side(text, "old", old);
	add_side(text, "; patched", patched);
}

/* The models under which `backend` shows `found` in two-kicks, with what the verdict is worth. */
struct verdicts {
	char models[128];
	unsigned int n, n_cells;
};

static bool is_found(const char *found, const char *what)
{
	return !strcmp(what, "HOLDS") ? !strcmp(found, what) : strstr(found, what) != NULL;
}

static struct verdicts verdicts_of(const struct report_run *run, const char *backend, const char *found)
{
	const struct csv_table *t = &run->table[REPORT_EXPLORE];
	int name = csv_table_find(t, "backend"), scenario = csv_table_find(t, "scenario");
	int status = csv_table_find(t, "status"), result = csv_table_find(t, "found");
	struct verdicts v = { .n = 0 };

	for (size_t row = 0; row < t->n_rows; row++) {
		size_t used = strlen(v.models);
		bool proved = !strcmp(csv_cell(t, row, status), "exhaustive");

		if (strcmp(csv_cell(t, row, name), backend) ||
		    strcmp(csv_cell(t, row, scenario), "two-kicks"))
			continue;
		v.n_cells++;
		if (!is_found(csv_cell(t, row, result), found) || (!strcmp(found, "HOLDS") && !proved))
			continue;
		snprintf(v.models + used, sizeof(v.models) - used, "%s%s", used ? ", " : "",
			 csv_cell(t, row, csv_table_find(t, "model")));
		v.n++;
	}
	return v;
}

static void add_model(const struct report_run *run, char text[HEADLINE_SIZE])
{
	struct verdicts lost = verdicts_of(run, "old", "LOST");
	struct verdicts holds = verdicts_of(run, "patched", "HOLDS");

	if (!lost.n_cells && !holds.n_cells)
		return;
	add(text, "%s",
	    *text ? "; in our model, with two kicks and one migration, "
		  : "In our model, with two kicks and one migration, ");
	if (lost.n)
		add(text, "old loses a kick (%s)", lost.models);
	else
		add(text, "no lost kick of old was found");
	if (holds.n)
		add(text, " and patched holds, exhaustively (%s)", holds.models);
	if (holds.n < holds.n_cells)
		add(text, "; %u of %u cells of patched do not say so", holds.n_cells - holds.n,
		    holds.n_cells);
}

void report_headline(const struct report_run *run, char text[HEADLINE_SIZE])
{
	*text = '\0';
	add_price(run, text);
	add_worth(run, text);
	add_model(run, text);
	if (*text)
		add(text, ".");
}
