// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands out of run.json. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/draw/html.h"
#include "results/command.h"

/* The run's own command line, quoted for a shell; "" if it is not known.  Static. */
static const char *whole_command(const struct report_run *run)
{
	static char text[8192];
	const cJSON *item, *command = report_member(run, "command");
	FILE *out = fmemopen(text, sizeof(text) - 1, "w");

	memset(text, 0, sizeof(text));
	if (!out || !cJSON_IsArray(command) || !cJSON_GetArraySize(command)) {
		if (out)
			fclose(out);
		return "";
	}
	fputs("kickbench", out);
	cJSON_ArrayForEach(item, command) {
		if (cJSON_IsString(item)) {
			fputc(' ', out);
			command_word(item->valuestring, out);
		}
	}
	fclose(out);
	return text;
}

static void write_plan(FILE *out, const struct report_run *run)
{
	const cJSON *item, *backends = report_member(run, "plan.backends");
	const cJSON *repetitions = report_member(run, "plan.repetitions"),
		    *seed = report_member(run, "seed");
	char *text;
	int n = 0;

	cJSON_ArrayForEach(item, backends)
		if (cJSON_IsString(item))
			html_printf(out, "%s%s", n++ ? "," : " --backend ", item->valuestring);
	if (cJSON_IsNumber(repetitions))
		html_printf(out, " --reps %.0f", repetitions->valuedouble);
	if (cJSON_IsNumber(seed) || cJSON_IsRaw(seed)) { /* raw: beyond what a double has */
		text = cJSON_PrintUnformatted(seed);
		html_printf(out, " --seed %s", text ? text : "");
		free(text);
	}
}

void report_repeat(FILE *out, const struct report_run *run, const char *what)
{
	fputs("<p class=\"repeat\">Repeat it: <code>", out);
	html_printf(out, "kickbench %s", what);
	if (!strncmp(what, "bench ", 6))
		write_plan(out, run);
	fputs("</code>", out);
	if (*whole_command(run)) {
		fputs(" &#183; the whole run: <code>", out);
		html_text(out, whole_command(run));
		fputs("</code>", out);
	}
	fputs("</p>\n", out);
}
