// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables of a run: what a kick costs on each path, what migration does to it, what a broadcast costs.
 */
#include "cli/headline.h"

#include <math.h>
#include <string.h>

#include "results/stats.h"

enum { RESAMPLES = 5000 };

static const struct bench_case *case_at(const struct summary *s, size_t i)
{
	return &s->plan->cell[i];
}

static bool is_of(const struct summary *s, size_t i, const struct bench_scenario *scenario,
		  const char *backend)
{
	const struct bench_case *c = case_at(s, i);

	return c->scenario == scenario && c->backend && !strcmp(c->backend->name, backend);
}

static const struct summary_cell *floor_cell(const struct summary *s, const char *path)
{
	for (size_t i = 0; i < s->plan->n_cells; i++)
		if (case_at(s, i)->scenario == &bench_floor && !strcmp(case_at(s, i)->path, path))
			return &s->cell[i];
	return NULL;
}

/* "+5.44 [5.40, 5.51]": the difference of the medians and its 95 % interval. */
static void difference(char *buf, size_t size, const double *a, size_t na, const double *b, size_t nb)
{
	struct stats_interval ci;

	buf[0] = '\0';
	if (na && nb && !stats_difference_interval(a, na, b, nb, .95, RESAMPLES, 1, &ci))
		snprintf(buf, size, "%+.2f [%.2f, %.2f]", stats_median(b, nb) - stats_median(a, na), ci.low,
			 ci.high);
}

static void ops(char *buf, size_t size, const struct summary_cell *cell)
{
	buf[0] = '\0';
	if (cell && cell->has_counts)
		snprintf(buf, size, "%lu+%lu", cell->counts.locked_rmws, cell->counts.fences);
}

static void number(char *buf, size_t size, double x)
{
	if (isnan(x))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, x < 1000 ? "%.2f" : "%.0f", x);
}

/* What a cell is called in a row: path, line, form, put. */
static void print_case(const struct bench_case *c, FILE *out)
{
	fprintf(out, "%-9s %-6s %-12s %-6s", c->path, c->line ? c->line : "", c->form ? c->form : "",
		c->put && !strcmp(c->path, "outside") ? c->put : "");
}

static void print_price_row(const struct summary *s, size_t i, FILE *out)
{
	const struct summary_cell *old = &s->cell[i];
	const struct summary_cell *patched = summary_of_backend(s, i, "patched");
	const struct summary_cell *mainline = summary_of_backend(s, i, "mainline");
	char ns[3][16], diff[48], n_old[16], n_patched[16];

	if (!patched)
		return;
	number(ns[0], sizeof(ns[0]), summary_ns(old));
	number(ns[1], sizeof(ns[1]), summary_ns(patched));
	number(ns[2], sizeof(ns[2]), mainline ? summary_ns(mainline) : NAN);
	difference(diff, sizeof(diff), old->ns, old->n, patched->ns, patched->n);
	ops(n_old, sizeof(n_old), old);
	ops(n_patched, sizeof(n_patched), patched);
	print_case(case_at(s, i), out);
	fprintf(out, " %7s %7s  %-23s %7s  %5s -> %s\n", ns[0], ns[1], diff, ns[2], n_old, n_patched);
}

/* What the hardware takes, and what the harness adds: the figures that all others stand on. */
static void print_floors(const struct summary *s, FILE *out)
{
	static const char *const paths[] = { "empty", "load", "cas_fail", "cas_ok", "barrier" };
	const struct summary_cell *pingpong = floor_cell(s, "pingpong");

	fprintf(out, "Floors, ns:");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct summary_cell *cell = floor_cell(s, paths[i]);

		if (cell && cell->n)
			fprintf(out, "  %s %.2f", paths[i], summary_ns(cell));
	}
	if (pingpong && pingpong->n_p50)
		fprintf(out, "\n  ping-pong %.0f (p50, PU %d and %d)", summary_p50(pingpong),
			s->plan->pairs[0].kicker, s->plan->pairs[0].vcpu);
	fprintf(out, "\n\n");
}

/* Table 1: the price of the patch on every path and form. */
static void print_price(const struct summary *s, FILE *out)
{
	fprintf(out, "The price of the patch: ns per kick (medians), and locked RMWs + full barriers,"
		     " old -> patched\n"
		     "%-9s %-6s %-12s %-6s %7s %7s  %-23s %7s  %s\n",
		"path", "line", "form", "put", "old", "patched", "difference [95 % CI]", "mainline",
		"locked+mb");
	for (size_t i = 0; i < s->plan->n_cells; i++)
		if (is_of(s, i, &bench_fastpath, "old") && s->cell[i].n)
			print_price_row(s, i, out);
}

/* The paths of table 2, one column each. */
static const struct {
	const struct bench_scenario *scenario;
	const char *path, *put, *loop, *title;
} columns[] = {
	{ &bench_fastpath, "unloaded", "sticky", NULL, "unloaded" },
	{ &bench_fastpath, "self", "sticky", NULL, "self" },
	{ &bench_fastpath, "outside", "sticky", NULL, "outside" },
	{ &bench_fastpath, "exiting", "sticky", NULL, "exiting" },
	{ &bench_roundtrip, "in_guest", NULL, "closed", "roundtrip p50" },
	{ &bench_entry, "entry", NULL, NULL, "entry+exit" },
};
enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static const struct summary_cell *in_column(const struct summary *s, int column, const char *backend)
{
	for (size_t i = 0; i < s->plan->n_cells; i++) {
		const struct bench_case *c = case_at(s, i);

		if (is_of(s, i, columns[column].scenario, backend) && same(c->path, columns[column].path) &&
		    same(c->put, columns[column].put) && same(c->loop, columns[column].loop) &&
		    (!c->form || !strcmp(c->form, "kick")) && (!c->line || !strcmp(c->line, "hot")))
			return &s->cell[i];
	}
	return NULL;
}

static const double *samples(int column, const struct summary_cell *cell, size_t *n)
{
	bool p50 = columns[column].scenario == &bench_roundtrip;

	*n = !cell ? 0 : p50 ? cell->n_p50 : cell->n;
	return !cell ? NULL : p50 ? cell->p50 : cell->ns;
}

/* "10.86 +5.44±.06": the median, and where it differs from old with half its interval. */
static void print_against_old(const struct summary *s, int column, const char *backend, FILE *out)
{
	char text[64] = "-";
	size_t n, n_old;
	const double *x = samples(column, in_column(s, column, backend), &n);
	const double *old = samples(column, in_column(s, column, "old"), &n_old);
	struct stats_interval ci;

	if (n)
		snprintf(text, sizeof(text), columns[column].scenario == &bench_roundtrip ? "%.0f" : "%.2f",
			 stats_median(x, n));
	if (n && n_old && x != old &&
	    !stats_difference_interval(old, n_old, x, n, .95, RESAMPLES, 1, &ci) &&
	    (ci.low > 0 || ci.high < 0)) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, " %+.1f",
			 stats_median(x, n) - stats_median(old, n_old));
	}
	fprintf(out, " %13s", text);
}

/* Table 2: every protocol on the main paths. */
static void print_protocols(const struct summary *s, FILE *out)
{
	const struct bench_options *o = s->plan->options;

	fprintf(out, "\nEvery protocol, form kick, line hot: ns, and the difference to old where its 95 %% CI"
		     " excludes 0\n%-14s", "backend");
	for (int k = 0; k < N_COLUMNS; k++)
		fprintf(out, " %13.13s", columns[k].title);
	fputc('\n', out);
	for (size_t b = 0; b < o->n_backends; b++) {
		fprintf(out, "%-14s", o->backend[b]->name);
		for (int k = 0; k < N_COLUMNS; k++)
			print_against_old(s, k, o->backend[b]->name, out);
		fputc('\n', out);
	}
}

/* "402 (26k ppm)" would hide the N: "402 in 15503". */
static void print_count(uint64_t count, FILE *out)
{
	if (count)
		fprintf(out, " %11llu", (unsigned long long)count);
	else
		fprintf(out, " %11s", "0");
}

static void print_migration_row(const struct summary *s, size_t i, FILE *out)
{
	const struct summary_cell *cell = &s->cell[i];
	const struct bench_case *c = case_at(s, i);

	if (!cell->n || c->migrations_per_s <= 0)
		return;
	fprintf(out, "%-14s %9.0f %-7s in %9llu kicks:", c->backend->name, c->migrations_per_s,
		c->widen_ns ? "widened" : "as is", (unsigned long long)cell->kicks);
	if (bench_decl(c->backend)->features & KICK_F_CLAIM)
		print_count(cell->misdirected, out);
	else
		fprintf(out, " %11s", "-");
	print_count(cell->poisoned, out);
	print_count(cell->lost, out);
	fprintf(out, " %9llu\n", (unsigned long long)cell->spurious);
}

/* Table 3: what migration does. */
static void print_migration(const struct summary *s, FILE *out)
{
	static const char *const shown[] = { "old", "patched", "mainline" };

	fprintf(out, "\nKicks of a migrating vCPU; widened: up to 10 us more between the two racing "
		     "accesses\n%-14s %9s %-7s %19s %11s %11s %11s %9s\n",
		"backend", "moves/s", "window", "", "misdirected", "poisoned", "lost", "spurious");
	for (size_t b = 0; b < sizeof(shown) / sizeof(shown[0]); b++)
		for (size_t i = 0; i < s->plan->n_cells; i++)
			if (is_of(s, i, &bench_migrate, shown[b]))
				print_migration_row(s, i, out);
}

/* A broadcast's cell: to all of `vcpus`, nobody woken. */
static const struct summary_cell *cast_cell(const struct summary *s, const char *backend, int vcpus,
					    int in_guest_pct, bool wait)
{
	for (size_t i = 0; i < s->plan->n_cells; i++) {
		const struct bench_case *c = case_at(s, i);

		if (c->scenario == &bench_broadcast && !c->na && !c->wakeup && c->vcpus == vcpus &&
		    c->mask_width == vcpus && c->in_guest_pct == in_guest_pct && c->wait == wait &&
		    same(c->backend ? c->backend->name : NULL, backend))
			return &s->cell[i];
	}
	return NULL;
}

static void print_cast(const struct summary_cell *cell, double floor, FILE *out)
{
	char text[32] = "-";

	if (cell && cell->n && floor > 0)
		snprintf(text, sizeof(text), "%.0f (%.2fx)", summary_ns(cell), summary_ns(cell) / floor);
	else if (cell && cell->n)
		snprintf(text, sizeof(text), "%.0f", summary_ns(cell));
	fprintf(out, " %18s", text);
}

/* Table 4: one request to many vCPUs. */
static void print_broadcast(const struct summary *s, FILE *out)
{
	const struct bench_options *o = s->plan->options;
	int vcpus = o->n_vcpus ? o->vcpus[o->n_vcpus - 1] : 0;
	const struct summary_cell *floor = cast_cell(s, NULL, vcpus, 0, false);

	if (!floor || !floor->n)
		return;
	fprintf(out, "\nOne request to %d vCPUs, ns; floor, the locked operations by hand: %.0f\n%-14s %18s"
		     " %18s %18s\n", vcpus, summary_ns(floor), "backend", "all outside", "all in guest",
		"in guest, waiting");
	for (size_t b = 0; b < o->n_backends; b++) {
		const char *name = o->backend[b]->name;

		if (!(bench_decl(o->backend[b])->features & KICK_F_MASK))
			continue;
		fprintf(out, "%-14s", name);
		print_cast(cast_cell(s, name, vcpus, 0, false), summary_ns(floor), out);
		print_cast(cast_cell(s, name, vcpus, 100, false), 0, out);
		print_cast(cast_cell(s, name, vcpus, 100, true), 0, out);
		fputc('\n', out);
	}
}

void headline_print(const struct summary *s, FILE *out)
{
	print_floors(s, out);
	print_price(s, out);
	print_protocols(s, out);
	print_migration(s, out);
	print_broadcast(s, out);
}
