// SPDX-License-Identifier: GPL-2.0-or-later
/* What the patch costs here, what it buys under migration, and what the model checker says. */
#include "report/headline.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cjson/cJSON.h>

#include "report/data/backends.h"
#include "report/data/losses.h"

#define add(text, ...) report_add(text, HEADLINE_SIZE, __VA_ARGS__)

/* The next line of a tile: its figure is set; -> where the words go. */
static char *line(struct report_tile *tile, const char *format, ...) __attribute__((format(printf, 2, 3)));

static char *line(struct report_tile *tile, const char *format, ...)
{
	struct report_line *l = &tile->line[tile->n < HEADLINE_LINES ? tile->n++ : HEADLINE_LINES - 1];
	va_list ap;

	va_start(ap, format);
	vsnprintf(l->figure, sizeof(l->figure), format, ap);
	va_end(ap);
	return l->says;
}

enum { MOST_NAMED = 5, SAYS = sizeof(((struct report_line *)0)->says) };

/* The case that has the price, in the kernel where it was measured there.  -> false: none. */
static bool price_case(const struct cases *cases, const struct case_want *want, size_t *from)
{
	size_t i = 0;

	if (!case_next(cases, from, want))
		return false;
	for (i = *from; case_next(cases, &i, want); i++)
		if (case_in_kernel(cases, i) && case_n_ok(cases, i)) {
			*from = i;
			break;
		}
	return true;
}

/* The price: form kick, path self, hot line. */
static void add_price(struct report_headline *h, const struct report_run *run, const char *base,
		      const char *subject)
{
	const struct case_want base_want[] = { { "backend", base }, { "scenario", "fastpath" },
					       { "path", "self" },  { "line", "hot" },
					       { "form", "kick" },  { 0 } };
	const struct case_want cas_want[] = { { "scenario", "floor" }, { "path", "cas_fail" }, { 0 } };
	bool is_patch = !strcmp(base, "old") && !strcmp(subject, "patched"), first = !*h->sentence;
	size_t from = 0, to, cas = 0;
	struct case_figure d;
	char share[64] = "";
	double floor;

	if (!price_case(&run->bench, base_want, &from) ||
	    !case_of_backend(&run->bench, from, subject, &to) ||
	    !case_difference(&run->bench, from, to, "ns_per_op", &d) || d.n < 2) /* no interval of one */
		return;
	floor = case_next(&run->bench, &cas, cas_want) ? case_median(&run->bench, cas, "ns_per_op") : NAN;
	if (floor > 0 && is_patch)
		snprintf(share, sizeof(share), "; %.2f of a failed local cmpxchg", d.median / floor);
	snprintf(line(&h->tile[0], "%+.2f ns [%.2f, %.2f]", d.median, d.ci.low, d.ci.high), SAYS,
		 "per kick: %s against %s, form kick, path self, hot line; 95 %% interval of %zu"
		 " repetitions%s",
		 subject, base, d.n, share);
	if (first)
		add(h->sentence, case_in_kernel(&run->bench, from) ? "In the kernel, here, " : "Here ");
	add(h->sentence, first ? "%s %+.2f ns [%.2f, %.2f] per kick" : ", %s %+.2f ns [%.2f, %.2f]",
	    is_patch ? "the extra cmpxchg costs" : subject, d.median, d.ci.low, d.ci.high);
	if (!is_patch)
		add(h->sentence, " against %s", base);
	if (first)
		add(h->sentence, " (form kick, path self, hot line%s)", share);
}

/* "by patched 0 in 370152 (95 %: below 8.1 per million)" */
static void say_loss(char *text, size_t size, const char *backend, struct report_loss l)
{
	snprintf(text, size, "by %s %llu in %llu", backend, (unsigned long long)l.lost,
			    (unsigned long long)l.kicks);

	/* The rule of three: so many zeros rule out more than 3/N. */
	if (!l.lost)
		report_add(text, size, " (95 %%: below %.*f per million)",
			 l.kicks > 300000 ? 1 : 0, 3e6 / (double)l.kicks);
}

/* None was lost yet, but the next one would have been: claimed stints that nobody ends.  -> text. */
static const char *say_poisoned(char text[128], struct report_loss l)
{
	*text = '\0';
	if (!l.lost && l.poisoned)
		snprintf(text, 128, ", %llu stint%s poisoned", (unsigned long long)l.poisoned,
			 l.poisoned == 1 ? "" : "s");
	return text;
}

static void add_losses(struct report_headline *h, const struct report_run *run, bool held,
		       const char *const *backend, size_t n)
{
	const char *how = held ? "with the window held open" : "as it is";
	const char *place = report_losses_in_kernel(run) ? "kernel's own threads" : "emulated machine";
	char *says = NULL, text[128];

	for (size_t i = 0; i < n; i++) {
		struct report_loss l = report_losses_of(run, backend[i], held);

		if (!l.kicks)
			continue;
		if (!says) {
			says = line(&h->tile[1], "%llu in %llu", (unsigned long long)l.lost,
				    (unsigned long long)l.kicks);
			snprintf(says, SAYS, "lost by %s, %s%s", backend[i], how, say_poisoned(text, l));
			if (*h->sentence)
				add(h->sentence, ";");
			if (h->tile[1].n == 1)
				add(h->sentence, "%s the %s, under migration,",
				    *h->sentence ? " on" : "On", place);
			add(h->sentence, " %s, %s loses %llu kick%s in %llu%s", how, backend[i],
			    (unsigned long long)l.lost, l.lost == 1 ? "" : "s",
			    (unsigned long long)l.kicks, say_poisoned(text, l));
			continue;
		}
		say_loss(text, sizeof(text), backend[i], l);
		report_add(says, SAYS, "; %s", text);
		report_add(says, SAYS, "%s", say_poisoned(text, l));
		add(h->sentence, " and %s %llu in %llu%s", backend[i], (unsigned long long)l.lost,
		    (unsigned long long)l.kicks, text);
	}
}

/* What explore says of a backend in a preset: per answer the models that gave it. */
enum answer { ANSWER_LOST, ANSWER_FOUND, ANSWER_HOLDS, ANSWER_OPEN, N_ANSWERS };

struct report_answers {
	char models[N_ANSWERS][128];
	unsigned int n[N_ANSWERS];
};

static enum answer answer_of(const struct csv_table *t, size_t row)
{
	const char *found = report_cell(t, row, "found");

	if (strstr(found, "LOST"))
		return ANSWER_LOST;
	if (*found && strcmp(found, "HOLDS"))
		return ANSWER_FOUND;
	return *found && !strcmp(report_cell(t, row, "status"), "exhaustive") ? ANSWER_HOLDS : ANSWER_OPEN;
}

static struct report_answers answers_of(const struct csv_table *t, const char *backend, const char *preset)
{
	struct report_answers a = { .n = { 0 } };

	for (size_t row = 0; row < t->n_rows; row++) {
		enum answer answer = answer_of(t, row);
		char *models = a.models[answer];

		if (strcmp(report_cell(t, row, "backend"), backend) ||
		    strcmp(report_cell(t, row, "scenario"), preset) ||
		    !strcmp(report_cell(t, row, "status"), "na"))
			continue;
		report_add(models, sizeof(a.models[answer]), "%s%s", *models ? ", " : "",
			   report_cell(t, row, "model"));
		a.n[answer]++;
	}
	return a;
}

static void add_answers(struct report_headline *h, const char *backend, const struct report_answers *a,
			bool first)
{
	static const char *const word[] = { "LOST", "not sound", "holds", "undecided" };
	static const char *const said[] = { "loses a kick", "is not sound", "holds, exhaustively",
					    "is undecided" };
	static const char *const under[] = { "under", "found under", "exhaustively, under", "under" };

	for (int i = 0, any = 0; i < N_ANSWERS; i++) {
		if (!a->n[i])
			continue;
		snprintf(line(&h->tile[2], "%s %s", backend, word[i]), SAYS, "%s %s", under[i],
			 a->models[i]);
		add(h->sentence, "%s%s %s (%s)", any ? "," : first ? "" : " and ", any ? "" : backend,
		    said[i], a->models[i]);
		any = 1;
	}
}

/* Two kicks and one migration, where they were explored. */
static const char *preset_of(const struct csv_table *t)
{
	for (size_t row = 0; row < t->n_rows; row++)
		if (!strcmp(report_cell(t, row, "scenario"), "two-kicks"))
			return "two-kicks";
	return t->n_rows ? report_cell(t, 0, "scenario") : "";
}

static void add_models(struct report_headline *h, const struct report_run *run, const char *const *backend,
		       size_t n)
{
	const struct csv_table *t = &run->table[REPORT_EXPLORE];
	const char *preset = preset_of(t);
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		struct report_answers a = answers_of(t, backend[i], preset);

		if (!a.n[ANSWER_LOST] && !a.n[ANSWER_FOUND] && !a.n[ANSWER_HOLDS] && !a.n[ANSWER_OPEN])
			continue;
		if (first && !strcmp(preset, "two-kicks"))
			add(h->sentence, "%s our model, with two kicks and one migration, ",
			    *h->sentence ? "; in" : "In");
		else if (first)
			add(h->sentence, "%s our model, in %s, ", *h->sentence ? "; in" : "In", preset);
		add_answers(h, backend[i], &a, first);
		first = false;
	}
}

static double seconds_of(const struct report_run *run, const char *member)
{
	struct tm tm = { 0 };

	return strptime(report_text(run, member), "%Y-%m-%dT%H:%M:%SZ", &tm) ? (double)timegm(&tm) : NAN;
}

/* Runs without threads of their own have no layout, but know what is online: "0-3,8"; 0: nobody does. */
static int n_pus(const struct report_run *run)
{
	int n = cJSON_GetArraySize(report_member(run, "pu_layout.cpu")), from, to, length;
	const char *at = n ? "" : report_text(run, "machine.cpus_online");

	for (; sscanf(at, "%6d%n", &from, &length) == 1; at += *at == ',') {
		at += length;
		to = from;
		if (sscanf(at, "-%6d%n", &to, &length) == 1)
			at += length;
		n += to - from + 1;
	}
	return n > 0 ? n : 0;
}

/* Load at the start against PUs, and the time that the hypervisor gave to others. */
static void add_noise(struct report_headline *h, const struct report_run *run)
{
	const cJSON *steal_ms = report_member(run, "noise.steal_ms");
	const cJSON *throttled_ms = report_member(run, "noise.throttled_ms");
	int n = n_pus(run);
	double seconds = seconds_of(run, "finished") - seconds_of(run, "started"), steal = NAN, load;
	char *end, text[64] = "";

	load = strtod(report_text(run, "machine.loadavg"), &end);
	if (!*report_text(run, "machine.loadavg"))
		return;
	if (cJSON_IsNumber(steal_ms) && seconds > 0 && n)
		steal = steal_ms->valuedouble / (seconds * 10 * n);
	if (!isnan(steal))
		snprintf(text, sizeof(text), ", steal %.2g %%", steal);
	if (cJSON_IsNumber(throttled_ms) && throttled_ms->valuedouble > 0)
		report_add(text, sizeof(text), ", throttled for %.0f ms", throttled_ms->valuedouble);
	h->busy = (n && load >= .5 * n) || steal >= 1 || strstr(text, "throttled");
	snprintf(h->noise, sizeof(h->noise), "%s: load %.3g", h->busy ? "busy" : "quiet", load);
	if (n)
		report_add(h->noise, sizeof(h->noise), " on %d PU%s", n, n > 1 ? "s" : "");
	report_add(h->noise, sizeof(h->noise), "%s", text);
}

/* Of rows that were measured, and come to no figure: their verdict, and the first one's reason. */
static bool why_none(const struct report_run *run, int tile, const char *const *backend, size_t n,
		     const char **word, const char **reason)
{
	const struct csv_table *t = &run->table[REPORT_STRESS];
	const struct case_want price[] = { { "scenario", "fastpath" }, { "path", "self" },  { "line", "hot" },
					   { "form", "kick" },	       { "backend", NULL }, { 0 } };
	const struct case_want loss[] = { { "scenario", "migrate" }, { "backend", NULL }, { 0 } };

	for (size_t b = 0; b < n; b++) {
		struct case_want want[6];
		size_t i = 0;

		memcpy(want, tile ? loss : price, tile ? sizeof(loss) : sizeof(price));
		want[tile ? 1 : 4].value = backend[b];
		for (; case_next(&run->bench, &i, want); i++) {
			*word = verdict_word(case_worst(&run->bench, i, reason));
			if (**reason)
				return true;
		}
	}
	for (size_t row = 0; tile && row < t->n_rows; row++) {
		*word = report_cell(t, row, "verdict");
		*reason = report_cell(t, row, "reason");
		if (**reason)
			return true;
	}
	return false;
}

void report_headline(const struct report_run *run, struct report_headline *h)
{
	static const char *const titles[] = { "What a kick costs", "Kicks lost under migration, emulated",
					      "What the models say" };
	static const enum report_file needs[] = { REPORT_BENCH, REPORT_BENCH, REPORT_EXPLORE };
	const char *list[1 + REPORT_MAX_BACKENDS], *word, *reason;
	bool in_kernel = report_losses_in_kernel(run);
	size_t n, more;

	*h = (struct report_headline){ .busy = false };
	list[0] = report_base(run);
	n = 1 + report_subjects(run, list + 1);
	more = n > MOST_NAMED ? n - MOST_NAMED : 0;
	n -= more;
	for (size_t i = 1; i < n; i++)
		add_price(h, run, list[0], list[i]);
	add_losses(h, run, false, list, n);
	add_losses(h, run, true, list, n);
	add_models(h, run, list, n);
	add_noise(h, run);
	if (*h->sentence && more)
		add(h->sentence, "; %zu more protocols are in the figures", more);
	if (*h->sentence)
		add(h->sentence, ".");
	else if (why_none(run, 0, list, n, &word, &reason) || why_none(run, 1, list, n, &word, &reason))
		add(h->sentence, "What was measured shows nothing: the reasons stand above.");
	for (int i = 0; i < HEADLINE_TILES; i++) {
		h->tile[i].title = titles[i];
		if (i == 1 && in_kernel)
			h->tile[i].title = "Kicks lost under migration, in the kernel";
		if (!h->tile[i].n && run->spoilt[needs[i]])
			snprintf(line(&h->tile[i], "not readable"), SAYS, "%.*s", SAYS - 1,
				 run->missing[needs[i]]);
		else if (!h->tile[i].n && i < 2 && why_none(run, i, list, n, &word, &reason))
			snprintf(line(&h->tile[i], "%s", word), SAYS, "%.*s", SAYS - 1, reason);
		else if (!h->tile[i].n)
			snprintf(line(&h->tile[i], "not measured"), SAYS, "in this run, of %s%s%s",
				 *list[0] ? list[0] : "any backend", n > 1 ? " and " : "",
				 n > 1 ? list[1] : "");
	}
}
