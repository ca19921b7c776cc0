// SPDX-License-Identifier: GPL-2.0-or-later
/* From rows to tests, and from tests to KTAP and JUnit's XML. */
#include "results/sink_tests.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "results/schema.h"
#include "results/verdict.h"

/* A row in hand, or in a file. */
struct cells {
	const char *(*get)(const struct cells *cells, const char *column);
	const struct csv_row *row;
	const struct csv_table *table;
	size_t at;
};

static const char *get_of_row(const struct cells *c, const char *column)
{
	const char *text = csv_get(c->row, column);

	return text ? text : "";
}

static const char *get_of_table(const struct cells *c, const char *column)
{
	return csv_cell(c->table, c->at, csv_table_find(c->table, column));
}

/* What names a test, by judge; in words that no other row of the run has. */
static const char *const names[][8] = {
	{ "explore", "backend", "scenario", "model" },
	{ "stress", "backend", "windows" },
	{ "bench", "backend", "cell", "transport", "distance" },
	{ "kvm", "kick", "form", "state", "migrate", "distance" },
	{ "weaken", "backend", "file", "line", "weakened_to", "preset", "model" },
};
enum { N_SUITES = sizeof(names) / sizeof(names[0]) };

static const char *const *names_of(const char *suite)
{
	for (int i = 0; i < N_SUITES; i++)
		if (!strcmp(names[i][0], suite))
			return names[i];
	return NULL;
}

/* Of stress and kvm: "LOST 12, POISONED 3". */
static void tell_counts(const struct cells *c, char *why, size_t size)
{
	static const char *const counts[] = { "lost", "poisoned", "weak",  "wait", "account",  "coalesce",
					      "cpu",  "self",	  "wake",  "mode", "deadlock", "stale" };
	size_t at = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const char *n = c->get(c, counts[i]);

		if (!*n || !strcmp(n, "0") || at >= size)
			continue;
		at += (size_t)snprintf(why + at, size - at, "%s%s %s", at ? ", " : "", counts[i], n);
	}
	for (size_t i = 0; i < at && why[i]; i++)
		why[i] = (char)toupper((unsigned char)why[i]);
}

/* What a reader wants to know of it, in a line. */
static void tell_why(const struct cells *c, enum verdict verdict, char *why, size_t size)
{
	const char *found = c->get(c, "found"), *reason = c->get(c, "reason"),
		   *first = c->get(c, "violation");

	*why = 0;
	found = *found ? found : first;
	if (verdict == VERDICT_VIOLATED && !*found && !*reason) {
		snprintf(why, size, "in another window of this run"); /* of which the verdict is */
		tell_counts(c, why, size);
	} else if (verdict == VERDICT_VIOLATED)
		snprintf(why, size, "%s%s%s%s", found, *found && *reason ? "; " : "", reason,
			 *c->get(c, "replay") ? "; explore --replay shows it" : "");
	else if (verdict == VERDICT_INCONCLUSIVE)
		snprintf(why, size, "undecided%s%s", *reason ? ": " : "", reason);
	else if (verdict == VERDICT_NA)
		snprintf(why, size, "%s", *reason ? reason : "na");
}

static void add_cells(struct sink_tests *tests, const char *suite, const struct cells *c)
{
	static const enum sink_outcome outcomes[N_VERDICTS] = {
		[VERDICT_NONE] = SINK_BROKEN,	  [VERDICT_NA] = SINK_SKIPPED,
		[VERDICT_OK] = SINK_PASSED,	  [VERDICT_INCONCLUSIVE] = SINK_SKIPPED,
		[VERDICT_VIOLATED] = SINK_FAILED,
	};
	const char *const *column = names_of(suite);
	enum verdict verdict = verdict_of(c->get(c, "verdict"));
	enum sink_outcome outcome = outcomes[verdict];
	char name[512] = "", why[512];
	size_t at = 0;

	if (!column || !*c->get(c, "verdict"))
		return;
	while (*++column)
		if (*c->get(c, *column) && at < sizeof(name))
			at += (size_t)snprintf(name + at, sizeof(name) - at, "%s%s", at ? "/" : "",
					       c->get(c, *column));
	/*
	 * The engine refuses it, or the backend took its process down: that is no missing answer.
	 */
	if (!strcmp(c->get(c, "status"), "failed") || !strncmp(c->get(c, "reason"), "FAILED", 6))
		outcome = SINK_BROKEN;
	/* What a text weakened on purpose shows is what that barrier is for. */
	if (outcome == SINK_FAILED && !strcmp(suite, "weaken"))
		outcome = SINK_PASSED;
	if (outcome == SINK_FAILED && tests->declared && !strcmp(c->get(c, "expected"), "caught"))
		outcome = SINK_PASSED;
	tell_why(c, verdict, why, sizeof(why));
	if (outcome == SINK_BROKEN && *c->get(c, "reason"))
		snprintf(why, sizeof(why), "%s", c->get(c, "reason"));
	sink_tests_add(tests, suite, name, outcome, atof(c->get(c, "seconds")), why);
}

static int take_row(struct sink *sink, const struct csv_row *row)
{
	const struct cells cells = { .get = get_of_row, .row = row };

	add_cells((struct sink_tests *)sink, row->schema->name, &cells);
	return 0;
}

void sink_tests_init(struct sink_tests *tests)
{
	*tests = (struct sink_tests){ .sink = { .row = take_row } };
}

void sink_tests_fini(struct sink_tests *tests)
{
	for (size_t i = 0; i < tests->n; i++) {
		free(tests->test[i].suite);
		free(tests->test[i].name);
		free(tests->test[i].why);
	}
	free(tests->test);
	sink_tests_init(tests);
}

static struct sink_test *find(struct sink_tests *tests, const char *suite, const char *name)
{
	for (size_t i = tests->n; i-- > 0;)
		if (!strcmp(tests->test[i].name, name) && !strcmp(tests->test[i].suite, suite))
			return &tests->test[i];
	return NULL;
}

/* One line. */
static char *line_of(const char *text)
{
	char *line = strdup(text);

	for (char *c = line; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = ' ';
	return line;
}

void sink_tests_add(struct sink_tests *tests, const char *suite, const char *name,
		    enum sink_outcome outcome, double seconds, const char *why)
{
	struct sink_test *t = find(tests, suite, name);

	if (t) {
		t->seconds += seconds;
		if (outcome <= t->outcome)
			return;
		free(t->why);
		t->why = line_of(why);
		t->outcome = outcome;
		if (!t->why)
			tests->failed = -ENOMEM;
		return;
	}
	if (tests->n == tests->room) {
		size_t room = tests->room ? 2 * tests->room : 64;
		struct sink_test *grown = realloc(tests->test, room * sizeof(*grown));

		if (!grown) {
			tests->failed = -ENOMEM;
			return;
		}
		tests->test = grown;
		tests->room = room;
	}
	t = &tests->test[tests->n++];
	*t = (struct sink_test){ line_of(suite), line_of(name), line_of(why), outcome, seconds };
	if (!t->suite || !t->name || !t->why)
		tests->failed = -ENOMEM;
}

void sink_tests_add_folder(struct sink_tests *tests, const char *path)
{
	for (int i = 0; i < N_SUITES; i++) {
		struct csv_table table = { 0 };
		struct cells cells = { .get = get_of_table, .table = &table };
		char file[PATH_MAX + 32], err[256];
		int failed;

		snprintf(file, sizeof(file), "%s/%s.csv", path, names[i][0]);
		failed = csv_read(file, &table, err, sizeof(err));
		if (failed && failed != -ENOENT)
			tests->failed = failed;
		for (; cells.at < table.n_rows; cells.at++)
			add_cells(tests, names[i][0], &cells);
		csv_table_fini(&table);
	}
}

/* KTAP: # begins what is not the name; a name is any other text. */
static void ktap_text(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(*text == '#' ? '_' : *text, out);
}

static size_t count(const struct sink_tests *tests, const char *suite, enum sink_outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < tests->n; i++)
		n += tests->test[i].outcome == outcome &&
		     (!suite || !strcmp(tests->test[i].suite, suite));
	return n;
}

int sink_tests_ktap(const struct sink_tests *tests, FILE *out)
{
	if (tests->failed)
		return tests->failed;
	fprintf(out, "KTAP version 1\n1..%zu\n", tests->n);
	for (size_t i = 0; i < tests->n; i++) {
		const struct sink_test *t = &tests->test[i];
		bool ok = t->outcome == SINK_PASSED || t->outcome == SINK_SKIPPED;

		if (!ok && *t->why)
			fprintf(out, "# %s\n", t->why);
		fprintf(out, "%s %zu ", ok ? "ok" : "not ok", i + 1);
		ktap_text(out, t->suite);
		fputc('/', out);
		ktap_text(out, t->name);
		if (t->outcome == SINK_SKIPPED)
			fprintf(out, " # SKIP %s", t->why);
		fputc('\n', out);
	}
	fprintf(out, "# Totals: pass:%zu fail:%zu xfail:0 xpass:0 skip:%zu error:%zu\n",
		count(tests, NULL, SINK_PASSED), count(tests, NULL, SINK_FAILED),
		count(tests, NULL, SINK_SKIPPED), count(tests, NULL, SINK_BROKEN));
	return 0;
}

static void xml_text(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
}

static void junit_test(FILE *out, const struct sink_test *t)
{
	static const char *const elements[] = { "skipped", NULL, "failure", "error" };
	const char *element = elements[t->outcome];

	fputs("    <testcase classname=\"kickbench.", out);
	xml_text(out, t->suite);
	fputs("\" name=\"", out);
	xml_text(out, t->name);
	fprintf(out, "\" time=\"%.3f\"", t->seconds);
	if (!element) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n      <%s message=\"", element);
	xml_text(out, t->why);
	fprintf(out, t->outcome == SINK_SKIPPED ? "\"/>\n" : "\" type=\"%s\"/>\n",
		t->outcome == SINK_FAILED ? "violated" : "failed");
	fputs("    </testcase>\n", out);
}

static void junit_suite(FILE *out, const struct sink_tests *tests, const char *suite, int id)
{
	char host[256] = "localhost", when[32];
	time_t now = time(NULL);
	double seconds = 0;
	size_t n = 0;

	gethostname(host, sizeof(host) - 1);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", gmtime(&now));
	for (size_t i = 0; i < tests->n; i++)
		if (!strcmp(tests->test[i].suite, suite)) {
			seconds += tests->test[i].seconds;
			n++;
		}
	fprintf(out, "  <testsuite id=\"%d\" package=\"kickbench\" name=\"", id);
	xml_text(out, suite);
	fputs("\" hostname=\"", out);
	xml_text(out, host);
	fprintf(out,
		"\" timestamp=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"%zu\" time=\"%.3f\">\n"
		"    <properties/>\n",
		when, n, count(tests, suite, SINK_FAILED), count(tests, suite, SINK_BROKEN),
		count(tests, suite, SINK_SKIPPED), seconds);
	for (size_t i = 0; i < tests->n; i++)
		if (!strcmp(tests->test[i].suite, suite))
			junit_test(out, &tests->test[i]);
	fputs("    <system-out/>\n    <system-err/>\n  </testsuite>\n", out);
}

int sink_tests_junit(const struct sink_tests *tests, FILE *out)
{
	int id = 0;

	if (tests->failed)
		return tests->failed;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t i = 0; i < tests->n; i++) {
		size_t k = 0;

		while (k < i && strcmp(tests->test[k].suite, tests->test[i].suite))
			k++;
		if (k == i)
			junit_suite(out, tests, tests->test[i].suite, id++);
	}
	fputs("</testsuites>\n", out);
	return 0;
}
