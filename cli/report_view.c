// SPDX-License-Identifier: GPL-2.0-or-later
/* The headline, wrapped; and a run's own report. */
#include "cli/report_view.h"

#include <limits.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/terminal.h"
#include "report/report.h"

enum { COLUMNS = 100 };

/* Lines of whole words. */
static void print_wrapped(const char *text, FILE *out)
{
	size_t used = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (used && used + 1 + length > COLUMNS) {
			fputc('\n', out);
			used = 0;
		}
		used += (size_t)fprintf(out, "%s%.*s", used ? " " : "", (int)length, text);
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

bool report_view_headline(const struct report_run *run, FILE *out)
{
	char text[HEADLINE_SIZE];

	headline_make(run, text);
	if (!*text)
		return false;
	fputs(terminal_bold(out), out);
	print_wrapped(text, out);
	fputs(terminal_plain(out), out);
	return true;
}

int report_view_run(const char *dir, FILE *out)
{
	static struct report_run run;
	char path[PATH_MAX + 16], err[PATH_MAX + 128];
	int code = EXIT_AS_STATED;

	if (report_run_load(&run, dir, err, sizeof(err)))
		return env_error("%s", err);
	run.label = 'A';
	snprintf(path, sizeof(path), "%s/report.html", dir);
	if (report_write(&run, 1, path, err, sizeof(err)))
		code = env_error("%s", err);
	fputc('\n', out);
	if (report_view_headline(&run, out))
		fputc('\n', out);
	if (!code)
		fprintf(out, "report: %s\n", path);
	report_run_fini(&run);
	return code;
}
