// SPDX-License-Identifier: GPL-2.0-or-later
/* The page: head, headline, figures, and the file it goes to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/figure/figure.h"
#include "report/draw/html.h"
#include "report/draw/svg.h"
#include "report/report.h"
#include "results/error.h"
#include "results/file.h"

static const struct figure *const figures[] = {
	&figure_changes, &figure_trend,	  &figure_ladder, &figure_migration, &figure_verdicts, &figure_weaken,
	&figure_latency, &figure_matrix, &figure_broadcast, &figure_transports,
	&figure_kvm, &figure_lab, &figure_topology,
};
enum { N_FIGURES = sizeof(figures) / sizeof(figures[0]) };

static bool has_any(const struct figure *figure, const struct report_run *run, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= (figure->is_there ? figure->is_there(&run[i]) : report_has(&run[i], figure->needs)) ||
		       (figure == &figure_verdicts && report_has(&run[i], REPORT_STRESS));
	return any;
}

static bool is_shown(const struct figure *figure, const struct report_run *run, size_t n)
{
	return n >= figure->together && (!figure->optional || has_any(figure, run, n));
}

/* Those that are shown: first what was measured. */
static size_t find_figures(const struct figure *shown[N_FIGURES], const struct report_run *run, size_t n)
{
	size_t found = 0;

	for (int measured = 1; measured >= 0; measured--)
		for (size_t f = 0; f < N_FIGURES; f++)
			if (is_shown(figures[f], run, n) && has_any(figures[f], run, n) == measured)
				shown[found++] = figures[f];
	return found;
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

/* Three tiles, one sentence, and how noisy it was. */
static void write_answer(FILE *out, const struct report_run *run, size_t n)
{
	struct report_headline h;

	report_headline(run, &h);
	/* The first is read; of two the other one, too. */
	if (n > 2 && run->label > 'A') {
		fputs("<details class=\"more\"><summary>", out);
		html_printf(out, "%c: %s: %s", run->label, report_name(run), h.tile[0].line[0].figure);
		for (size_t k = 0; k < h.tile[1].n; k++)
			html_printf(out, "; %s", h.tile[1].line[k].figure);
		fputs("</summary>\n", out);
	} else if (n > 1) {
		fprintf(out, "<p class=\"run-name\"><b class=\"run\">%c</b></p>\n", run->label);
	}
	fputs("<div class=\"answer\"><div class=\"tiles\">\n", out);
	for (int i = 0; i < HEADLINE_TILES; i++) {
		fputs("<section class=\"tile\">", out);
		html_element(out, "h2", NULL, "%s", h.tile[i].title);
		for (size_t k = 0; k < h.tile[i].n; k++) {
			fputs("<p>", out);
			html_element(out, "b", NULL, "%s", h.tile[i].line[k].figure);
			html_text(out, h.tile[i].line[k].says);
			fputs("</p>\n", out);
		}
		fputs("</section>\n", out);
	}
	fputs("</div>\n", out);
	if (*h.noise)
		html_element(out, "p", h.busy ? "noise busy" : "noise", "%s", h.noise);
	html_element(out, "p", "headline", "%s",
		     *h.sentence ? h.sentence : "This run has nothing of two backends to compare.");
	fputs("</div>\n", out);
	write_identity(out, run, n);
	fputs(n > 2 && run->label > 'A' ? "</details>\n" : "", out);
}

static void write_header(FILE *out, const struct report_run *run, size_t n)
{
	const struct figure *shown[N_FIGURES];
	size_t n_shown = find_figures(shown, run, n);

	fputs("<header><h1>kickbench <span>what a vCPU kick costs, and whether it can get"
	      " lost</span></h1>\n",
	      out);
	for (size_t i = 0; i < n; i++) {
		if (report_has_kinds(run, n) &&
		    (!i || strcmp(report_kind(&run[i]), report_kind(&run[i - 1]))))
			html_element(out, "p", "kind", "%s", report_kind(&run[i]));
		write_answer(out, &run[i], n);
	}
	fputs("</header>\n<nav><ul>", out);
	for (size_t f = 0; f < n_shown; f++) {
		fprintf(out, "<li><a href=\"#%s\">", shown[f]->id);
		html_printf(out, "%s", shown[f]->title);
		fputs("</a></li>", out);
	}
	fputs("</ul></nav>\n", out);
}

static bool can_draw(const struct figure *figure, const struct report_run *run)
{
	return figure->always || report_has(run, figure->needs);
}

/* Drawn first: its legend, which stands above it, names what is drawn. */
static void write_drawing(FILE *out, const struct figure *figure, const struct report_run *run)
{
	char *text = NULL;
	size_t size;
	FILE *drawing = open_memstream(&text, &size);

	if (!drawing)
		return;
	palette_forget();
	figure->draw(drawing, run);
	fclose(drawing);
	palette_legend(out, figure->keys);
	fwrite(text, 1, size, out);
	free(text);
}

static void write_figure(FILE *out, const struct figure *figure, const struct report_run *run, size_t n)
{
	fprintf(out, "<figure id=\"%s\">\n", figure->id);
	html_element(out, "h2", NULL, "%s", figure->title);
	html_element(out, "p", "asks", "%s", figure->asks);
	html_element(out, "figcaption", NULL, "%s", figure->method);
	fputs("<div class=\"panels\">\n", out);
	for (size_t i = 0; i < (figure->together ? 1 : n); i++) {
		fprintf(out, "<section class=\"panel\" data-run=\"%c\">\n", run[i].label);
		if (n > 1 && !figure->together)
			html_element(out, "p", "run-name", "%c: %s%s%s", run[i].label, report_name(&run[i]),
				     report_has_kinds(run, n) ? ", " : "",
				     report_has_kinds(run, n) ? report_kind(&run[i]) : "");
		if (can_draw(figure, &run[i]))
			write_drawing(out, figure, &run[i]);
		else
			html_missing(out, "%s", run[i].missing[figure->needs]);
		if (figure->repeat)
			report_repeat(out, &run[i], figure->repeat, figure->needs, figure->scenarios);
		fputs("</section>\n", out);
	}
	fputs("</div></figure>\n", out);
}

static void write_page(FILE *out, const struct report_run *run, size_t n)
{
	const struct figure *shown[N_FIGURES];
	size_t n_shown = find_figures(shown, run, n);

	report_backends_learn(run, n);
	write_head(out, run, n);
	write_header(out, run, n);
	fputs("<main>\n", out);
	for (size_t f = 0; f < n_shown; f++)
		write_figure(out, shown[f], run, n);
	fputs("</main>\n<footer><p>", out);
	for (size_t i = 0; i < n; i++)
		html_printf(out, "%s%s", i ? ", " : "Made by kickbench report from ", run[i].dir);
	fputs(". A table is folded under every figure; the folder's CSV files have every"
	      " repetition.</p></footer>\n"
	      "</body></html>\n",
	      out);
}

/* Where the pictures of a figure go. */
struct report_pictures {
	const struct figure *figure;
	const struct report_run *run;
	const char *dir;
	char **text; /* what they are drawn into */
	bool several;
	int n, in_figure, failed;
};

static void write_alone(FILE *out, const char *picture, int width, int height, enum palette_keys keys)
{
	const char *body = strstr(picture, "</desc>\n") + strlen("</desc>\n");
	const char *head = strchr(picture, '>');
	int legend = palette_legend_svg(NULL, keys, width, height);

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
		width, height + legend, width, height + legend);
	fwrite(head, 1, (size_t)(body - head), out);
	svg_style(out);
	fwrite(body, 1, strlen(body) - strlen("</svg>\n"), out);
	palette_legend_svg(out, keys, width, height);
	fputs("</svg>\n", out);
}

static void write_picture(void *arg, FILE *drawing, long from, int width, int height)
{
	struct report_pictures *p = arg;
	char path[PATH_MAX + 64], *text = NULL;
	size_t size;
	FILE *out;
	int failed;

	fflush(drawing);
	if (p->several)
		snprintf(path, sizeof(path), "%s/%c-%s-%d.svg", p->dir, p->run->label, p->figure->id,
			 ++p->in_figure);
	else
		snprintf(path, sizeof(path), "%s/%s-%d.svg", p->dir, p->figure->id, ++p->in_figure);
	out = open_memstream(&text, &size);
	if (out)
		write_alone(out, *p->text + from, width, height, p->figure->keys);
	failed = !out || fclose(out) ? -ENOMEM : results_file_check(path, "<svg ");
	if (!failed)
		failed = results_file_write(path, text, size);
	p->failed = p->failed ? p->failed : failed;
	free(text);
	p->n++;
	palette_forget();
}

int report_write_figures(const struct report_run *run, size_t n, const char *dir, char *err, size_t err_size)
{
	char *text = NULL;
	size_t size;
	struct report_pictures p = { .dir = dir, .text = &text, .several = n > 1 };

	if (mkdir(dir, 0777) && errno != EEXIST)
		return results_fail(-errno, err, err_size, "%s: %s", dir, strerror(errno));
	report_backends_learn(run, n);
	svg_watch(write_picture, &p);
	for (size_t i = 0; i < n * N_FIGURES; i++) {
		FILE *drawing = open_memstream(&text, &size);

		p.figure = figures[i % N_FIGURES];
		p.run = &run[i / N_FIGURES];
		p.in_figure = 0;
		palette_forget();
		if (drawing && is_shown(p.figure, run, n) && can_draw(p.figure, p.run) &&
		    (!p.figure->together || p.run == run))
			p.figure->draw(drawing, p.run);
		if (drawing)
			fclose(drawing);
		free(text);
		text = NULL;
	}
	svg_watch(NULL, NULL);
	return p.failed ? results_fail(p.failed, err, err_size, "%s: %s", dir, strerror(-p.failed)) : p.n;
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
