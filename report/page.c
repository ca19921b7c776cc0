// SPDX-License-Identifier: GPL-2.0-or-later
/* The page: head, headline, figures, and the file it goes to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"
#include "report/report.h"
#include "results/error.h"
#include "results/file.h"

static const struct figure *const figures[] = {
	&figure_ladder, &figure_migration, &figure_verdicts, &figure_weaken, &figure_latency,
	&figure_matrix, &figure_broadcast, &figure_kvm,	     &figure_lab,    &figure_topology,
};
enum { N_FIGURES = sizeof(figures) / sizeof(figures[0]) };

static bool is_shown(const struct figure *figure, const struct report_run *run, size_t n)
{
	bool any = !figure->optional;

	for (size_t i = 0; i < n; i++)
		any |= report_has(&run[i], figure->needs);
	return any;
}

static void write_head(FILE *out, const struct report_run *run, size_t n)
{
	fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head>"
	      "<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>kickbench:",
	      out);
	for (size_t i = 0; i < n; i++)
		html_printf(out, "%s %s", i ? "," : "", report_name(&run[i]));
	fputs("</title>\n<style>\n", out);
	fputs(report_style, out);
	fputs("</style></head>\n<body>\n", out);
}

/* "20261123T174400Z-host: AMD EPYC, 2026-11-23, complete" */
static void write_identity(FILE *out, const struct report_run *run, size_t n)
{
	const char *state = report_text(run, "state");

	fputs("<p class=\"identity\">", out);
	if (n > 1)
		fprintf(out, "<b class=\"run\">%c</b> ", run->label);
	html_printf(out, "%s", report_name(run));
	if (!run->run) {
		fputs(" \302\267 no run.json: machine, build and command are unknown</p>\n", out);
		return;
	}
	html_printf(out, " \302\267 %s \302\267 kernel %s \302\267 %s",
		    report_text(run, "machine.cpu_model"), report_text(run, "machine.kernel"),
		    report_text(run, "build.compiler"));
	if (strcmp(state, "complete"))
		html_printf(out, " \302\267 state: %s; what was measured until then is shown", state);
	fputs("</p>\n", out);
}

static void write_header(FILE *out, const struct report_run *run, size_t n)
{
	char text[HEADLINE_SIZE];

	fputs("<header><h1>kickbench <span>what a vCPU kick costs, and whether it can get"
	      " lost</span></h1>\n",
	      out);
	for (size_t i = 0; i < n; i++) {
		report_headline(&run[i], text);
		if (!*text)
			snprintf(text, sizeof(text),
				 "This run has no figures of both old and patched to speak of.");
		fputs("<p class=\"headline\">", out);
		if (n > 1)
			fprintf(out, "<b class=\"run\">%c</b> ", run[i].label);
		html_text(out, text);
		fputs("</p>\n", out);
		write_identity(out, &run[i], n);
	}
	fputs("</header>\n<nav><ul>", out);
	if (n > 1)
		fputs("<li><a href=\"#compare\">Compared</a></li>", out);
	for (size_t f = 0; f < N_FIGURES; f++)
		if (is_shown(figures[f], run, n)) {
			fprintf(out, "<li><a href=\"#%s\">", figures[f]->id);
			html_printf(out, "%s", figures[f]->title);
			fputs("</a></li>", out);
		}
	fputs("</ul></nav>\n", out);
}

static void write_figure(FILE *out, const struct figure *figure, const struct report_run *run, size_t n)
{
	fprintf(out, "<figure id=\"%s\">\n", figure->id);
	html_element(out, "h2", NULL, "%s", figure->title);
	html_element(out, "p", "asks", "%s", figure->asks);
	fputs("<div class=\"panels\">\n", out);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "<section class=\"panel\" data-run=\"%c\">\n", run[i].label);
		if (n > 1)
			html_element(out, "p", "run-name", "%c: %s", run[i].label, report_name(&run[i]));
		if (figure->always || report_has(&run[i], figure->needs))
			figure->draw(out, &run[i]);
		else
			html_missing(out, "%s", run[i].missing[figure->needs]);
		if (*figure->repeat)
			report_repeat(out, &run[i], figure->repeat);
		fputs("</section>\n", out);
	}
	fputs("</div>\n<figcaption>", out);
	html_text(out, figure->method);
	fputs("</figcaption></figure>\n", out);
}

static void write_page(FILE *out, const struct report_run *run, size_t n)
{
	write_head(out, run, n);
	write_header(out, run, n);
	fputs("<main>\n", out);
	if (n > 1)
		report_changes(out, run, n);
	for (size_t f = 0; f < N_FIGURES; f++)
		if (is_shown(figures[f], run, n))
			write_figure(out, figures[f], run, n);
	fputs("</main>\n<footer><p>", out);
	for (size_t i = 0; i < n; i++)
		html_printf(out, "%s%s", i ? ", " : "Made by kickbench report from ", run[i].dir);
	fputs(". A table is folded under every figure; the folder's CSV files have every"
	      " repetition.</p></footer>\n"
	      "</body></html>\n",
	      out);
}

int report_write(const struct report_run *run, size_t n, const char *path, char *err, size_t err_size)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int failed = out ? 0 : -ENOMEM;

	if (out) {
		write_page(out, run, n);
		failed = fclose(out) ? -ENOMEM : results_file_write(path, text, size);
	}
	free(text);
	return failed ? results_fail(failed, err, err_size, "%s: %s", path, strerror(-failed)) : 0;
}
