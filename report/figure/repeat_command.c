// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that measure again what a figure shows: of its rows, and of run.json. */
#include "report/figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/data/backends.h"
#include "report/data/losses.h"
#include "report/draw/html.h"
#include "results/command.h"

/* An option, the column of its values, the scenario whose rows count (NULL: all), and its default. */
struct repeat_option {
	const char *option, *column, *only, *usual;
};

static const struct repeat_verb {
	const char *verb;
	struct repeat_option option[8];
} verbs[] = {
	{ "bench",
	  { { .option = "--scenario", .column = "scenario" },
	    { .option = "--backend", .column = "backend" },
	    { .option = "--migrations-per-s", .column = "migrations_per_s", .only = "migrate" },
	    { .option = "--kickers", .column = "kickers", .only = "contend" },
	    { .option = "--vcpus", .column = "vcpus", .only = "broadcast" },
	    { .option = "--in-guest", .column = "in_guest_pct", .only = "broadcast" },
	    { .option = "--transport", .column = "transport", .usual = "doorbell" } } },
	{ "bench --scenario matrix", { { .option = "--backend", .column = "backend" } } },
	{ "explore",
	  { { .option = "--backend", .column = "backend" },
	    { .option = "--scenario", .column = "scenario" },
	    { .option = "--model", .column = "model" },
	    { .option = "--form", .column = "form", .usual = "full" },
	    { .option = "--bound", .column = "bound" } } },
	{ "explore --weaken",
	  { { .option = "--backend", .column = "backend" },
	    { .option = "--scenario", .column = "preset" },
	    { .option = "--model", .column = "model" },
	    { .option = "--form", .column = "form", .usual = "full" } } },
	{ "stress",
	  { { .option = "--backend", .column = "backend" }, { .option = "--seed", .column = "seed" } } },
	{ "kvm", { { .option = "--kick", .column = "kick" } } },
};

/*
 * "kickbench bench", or what loads the module and says `bench` itself, where rows are the module's.
 * -> what is left of the verb: its options.
 */
static const char *write_program(FILE *out, const struct report_run *run, const char *verb)
{
	bool judges = report_member(run, "kick_judge") && !strncmp(verb, "bench", strlen("bench"));

	fputs(judges ? "scripts/kernel-judge" : "kickbench ", out);
	return verb + (judges ? strlen("bench") : 0);
}

/* The run's own command line, quoted for a shell; "" if it is not known.  To be freed. */
static char *whole_command(const struct report_run *run)
{
	const cJSON *item, *command = report_member(run, "command");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	cJSON_ArrayForEach(item, command) {
		if (!cJSON_IsString(item))
			continue;
		if (item == command->child) {
			fputs(write_program(out, run, item->valuestring), out);
			continue;
		}
		fputc(' ', out);
		command_word(item->valuestring, out);
	}
	fclose(out);
	return text;
}

/* Is word one of a list with commas? */
static bool is_among(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = length ? strstr(list, word) : NULL; at; at = strstr(at + 1, word))
		if ((at == list || at[-1] == ',') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

enum { LIST_SIZE = 4096 };

/* " --backend old,patched": what the rows of these scenarios have there, in the order of the file. */
static void write_option(FILE *out, const struct csv_table *t, const struct repeat_option *o,
			 const char *scenarios)
{
	char list[LIST_SIZE] = "";

	for (size_t row = 0; row < t->n_rows; row++) {
		const char *value = report_cell(t, row, o->column);
		const char *scenario = report_cell(t, row, "scenario");

		/* A floor is a scenario, but neither a backend nor a kind of kick. */
		if (!*value || is_among(list, value) ||
		    (!strcmp(value, "floor") && strcmp(o->column, "scenario")) ||
		    (scenarios && !is_among(scenarios, scenario)) || (o->only && strcmp(scenario, o->only)))
			continue;
		report_add(list, sizeof(list), "%s%s", *list ? "," : "", value);
	}
	if (!*list || (o->usual && !strcmp(list, o->usual)))
		return;
	html_printf(out, " %s ", o->option);
	/* A line may end after a comma, and nowhere else. */
	for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
		html_printf(out, "%.*s", (int)strcspn(at, ","), at);
		fputs(at[strcspn(at, ",")] ? ",<wbr/>" : "", out);
	}
}

/* Repetitions, the longest window of the rows, the seed. */
static void write_plan(FILE *out, const struct report_run *run, const char *scenarios)
{
	const struct csv_table *t = &run->table[REPORT_BENCH];
	const cJSON *repetitions = report_member(run, "plan.repetitions"), *seed = report_member(run, "seed");
	const cJSON *command = report_member(run, "command");
	double window = 0;
	char *text, widening[64];

	for (size_t row = 0; row < t->n_rows; row++) /* in the kernel a window is as long as its kicks take */
		if (is_among(scenarios, report_cell(t, row, "scenario")) &&
		    !is_among("reschedule,call", report_cell(t, row, "transport")))
			window = fmax(window, report_number(t, row, "window_ns"));
	if (cJSON_IsNumber(repetitions))
		html_printf(out, " --reps %.0f", repetitions->valuedouble);
	if (window > 0)
		html_printf(out, fmod(window, 1e6) ? " --window %.0fns" : " --window %.0fms",
			    fmod(window, 1e6) ? window : window / 1e6);
	report_widening(run, widening);
	if (is_among(scenarios, "migrate") && *widening && strcmp(strrchr(widening, ' '), " 10us") != 0)
		html_printf(out, " --widen%s", strrchr(widening, ' '));
	for (const cJSON *word = command ? command->child : NULL; word && word->next; word = word->next)
		if (cJSON_IsString(word) && !strcmp(word->valuestring, "--kicks") &&
		    cJSON_IsString(word->next))
			html_printf(out, " --kicks %s", word->next->valuestring);
	if (cJSON_IsNumber(seed) || cJSON_IsRaw(seed)) { /* raw: beyond what a double has */
		text = cJSON_PrintUnformatted(seed);
		html_printf(out, " --seed %s", text ? text : "");
		free(text);
	}
}

static void write_command(FILE *out, const struct report_run *run, const char *verb,
			  enum report_file file, const char *scenarios)
{
	const struct repeat_verb *v = verbs, *end = verbs + sizeof(verbs) / sizeof(verbs[0]);

	html_printf(out, "%s", write_program(out, run, verb));
	while (v < end && strcmp(v->verb, verb))
		v++;
	for (size_t i = 0; v < end && v->option[i].option; i++)
		write_option(out, &run->table[file], &v->option[i], scenarios);
	if (scenarios && report_has(run, REPORT_BENCH))
		write_plan(out, run, scenarios);
	else if (scenarios)
		html_printf(out, " --scenario %s", scenarios);
}

void report_repeat(FILE *out, const struct report_run *run, const char *verb, enum report_file file,
		   const char *scenarios)
{
	char *whole = whole_command(run);

	fputs("<p class=\"repeat\">Repeat it: <code>", out);
	write_command(out, run, verb, file, scenarios);
	fputs("</code>", out);
	if (whole && *whole) {
		fputs(" &#183; the whole run: <code>", out);
		html_text(out, whole);
		fputs("</code>", out);
	}
	fputs("</p>\n", out);
	free(whole);
}
