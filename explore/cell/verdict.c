// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts in words, and what a backend declares. */
#include <stdio.h>
#include <string.h>

#include "explore/cell/explore.h"

unsigned int xp_worst(unsigned int found)
{
	int i;

	for (i = 0; i < KICK_N_PROPERTIES; i++)
		if (found & kick_properties[i].bit)
			return kick_properties[i].bit;
	return 0;
}

void xp_violations(unsigned int found, char *text, size_t size)
{
	size_t at = 0;
	int i;

	text[0] = 0;
	for (i = 0; i < KICK_N_PROPERTIES; i++)
		if (found & kick_properties[i].bit && at < size)
			at += snprintf(text + at, size - at, "%s%s", at ? ", " : "",
				       kick_properties[i].verdict);
	if (!found)
		snprintf(text, size, "HOLDS");
}

bool xp_by_states(const struct xp_cell *cell)
{
	return cell->status == XP_EXHAUSTIVE && cell->states && cell->tried >> XP_STATEFUL & 1;
}

static const char *file_of(const struct xp_site *site)
{
	const char *slash = strrchr(site->file, '/');

	return slash ? slash + 1 : site->file;
}

void xp_assumed_text(const struct xp_assumed *assumed, char *text, size_t size)
{
	size_t at = 0;

	text[0] = 0;
	for (int i = 0; i < assumed->n && at < size; i++) {
		const struct xp_site *load = assumed->pair[i].load, *store = assumed->pair[i].store;

		at += snprintf(text + at, size - at, "%s%s -> %s (%s:%d, %s:%d)", i ? ", " : "", load->say,
			       store->say, file_of(load), load->line, file_of(store), store->line);
	}
}

/*
 * What else is to be said: of a curiosity, that it is one; of what stress cannot tell, that only this judge
 * does; of walkers that hold, what is not seen: no model here lets a load pass a later store of its thread,
 * such as a walker's last read its end.
 */
static const char *notes(const struct xp_cell *cell, char *text, size_t size)
{
	char on[1200];
	size_t at = 0;
	int i;

	text[0] = 0;
	xp_assumed_text(&cell->rests_on, on, sizeof(on));
	if (cell->scenario.walk && !cell->found && !xp_find_model(cell->model)->ahead)
		snprintf(text, size, "; not visible: a read that comes after its walk's end");
	if (!strcmp(kick_grade(cell->found), "curiosity"))
		at = snprintf(text, size, "; a curiosity, no fault");
	if (cell->rests && at < size)
		at += snprintf(text + at, size - at, "; %s rests on a dependency: %s",
			       cell->rests == cell->found ? "it" : "some of it",
			       on[0] ? on : "of a load and what comes after it");
	if (cell->rests && cell->rests_on_more && at < size)
		at += snprintf(text + at, size - at, ", and perhaps on others");
	if (cell->unasked && at < size)
		at += snprintf(text + at, size - at, "; whether it rests on a dependency was not asked");
	for (i = 0; i < KICK_N_PROPERTIES && at < size; i++)
		if (cell->found & kick_properties[i].bit && kick_properties[i].judges == KICK_EXPLORE_JUDGES)
			at += snprintf(text + at, size - at, "; only explore judges %s",
				       kick_properties[i].verdict);
	return text;
}

/* What may decide it. */
static const char *advice(const struct xp_cell *cell)
{
	const struct xp_model *model = xp_find_model(cell->model);

	if (cell->too_long && strstr(cell->reason, "a loop at"))
		return "";
	if (cell->too_long)
		return "; a loop of the backend's waits for others: bound it, or wait through the world";
	if (model && model->graph)
		return "; try more --time, --jobs, fewer --kickers or --exits";
	if (cell->tried >> XP_STATEFUL & 1)
		return "; try more --time or --memory, fewer --kickers or --exits";
	return "; try --strategy stateful, more --time";
}

/* Of an estimate two digits: it knows no more. */
static void sampled(const struct xp_cell *cell, const char *what, const char *also, char *line, size_t size)
{
	const struct xp_estimated *e = &cell->estimated;
	unsigned long long n = cell->executions;

	if (e->walks)
		snprintf(line, size, "%s: about %.2g executions, from %.2g to %.2g with 95 %% (%s, %d walks)",
			 cell->found ? what : "UNDECIDED", e->ends,
			 e->ends > e->error ? e->ends - e->error : 0, e->ends + e->error, cell->model,
			 e->walks);
	else if (cell->found)
		snprintf(line, size, "%s (sampled: %s, %llu of %llu executions, p = %.2g%s)", what,
			 cell->model, (unsigned long long)cell->hits, n, cell->hits / (double)n, also);
	else
		snprintf(line, size,
			 "UNDECIDED: 0 in %llu random executions (%s, p < %.2g at 95 %%); "
			 "the default strategy may prove it",
			 n, cell->model, 3.0 / (n ? n : 1));
}

void xp_verdict(const struct xp_cell *cell, char *line, size_t size)
{
	unsigned long long n = cell->executions;
	char what[160], also[1600], some[XP_U128_TEXT], all[XP_U128_TEXT];

	xp_violations(cell->found, what, sizeof(what));
	notes(cell, also, sizeof(also));
	switch (cell->status) {
	case XP_NA:
		snprintf(line, size, "na: %s", cell->reason);
		break;
	case XP_FAILED:
		snprintf(line, size, "FAILED: %s", cell->reason);
		break;
	case XP_EXHAUSTIVE:
		if (cell->counts.n) {
			xp_u128_text(cell->counts.odds[0].n, some);
			xp_u128_text(cell->counts.executions, all);
			snprintf(line, size, "%s (exhaustive: %s, %s of %s interleavings%s)", what,
				 cell->model, some, all, also);
			break;
		}
		if (xp_by_states(cell))
			snprintf(line, size, "%s (exhaustive: %s, %llu states, %llu ends, stateful%s%s)",
				 what, cell->model, (unsigned long long)cell->states, n,
				 cell->weaker ? ", seq_cst taken for acq_rel" : "", also);
		else
			snprintf(line, size, "%s (exhaustive: %s, %llu executions%s)", what, cell->model, n,
				 also);
		break;
	case XP_BOUND:
		if (cell->found)
			snprintf(line, size, "%s (at preemption bound %d: %s, %llu executions%s)", what,
				 cell->bound, cell->model, n, also);
		else
			snprintf(line, size, "HOLDS up to preemption bound %d (%s, %llu executions)",
				 cell->bound, cell->model, n);
		break;
	case XP_SAMPLED:
		sampled(cell, what, also, line, size);
		break;
	case XP_BUDGET:
		snprintf(some, sizeof(some), cell->states ? ", %llu states" : "",
			 (unsigned long long)cell->states);
		snprintf(line, size, "%s%s (%s, not exhaustive: %llu executions%s%s%s%s)",
			 cell->found ? what : "UNDECIDED: ", cell->found ? "" : "nothing found",
			 cell->model, n, some, cell->reason[0] ? "; " : "", cell->reason,
			 cell->found ? also : advice(cell));
		break;
	}
}

static unsigned int judged(void)
{
	unsigned int bits = 0;
	int i;

	for (i = 0; i < KICK_N_PROPERTIES; i++)
		bits |= kick_properties[i].judges & KICK_EXPLORE_JUDGES ? kick_properties[i].bit : 0;
	return bits;
}

bool xp_misdeclared(const struct xp_backend *backend, char *why, size_t size)
{
	const struct kick_expect *e = backend->decl->explore;
	size_t i;

	for (i = 0; i < sizeof(backend->decl->explore) / sizeof(*e) && e[i].preset; i++) {
		const char *wrong = NULL;

		if (!xp_preset(e[i].preset))
			wrong = "which is no preset";
		else if (!e[i].models || e[i].models & ~(KICK_M_ALL | KICK_M_LKMM | KICK_M_ARMV8))
			wrong = "in no memory model";
		else if (e[i].finds & ~judged())
			wrong = "where it finds what explore does not judge";
		if (!wrong)
			continue;
		snprintf(why, size, "its declaration names %s, %s", e[i].preset, wrong);
		return true;
	}
	return false;
}

static bool declared_apart(const struct xp_backend *backend, const char *preset, unsigned int model_bit)
{
	const struct kick_expect *e = backend->decl->explore;

	for (size_t i = 0; i < sizeof(backend->decl->explore) / sizeof(*e) && e[i].preset; i++)
		if (!strcmp(e[i].preset, preset) && e[i].models & model_bit)
			return true;
	return false;
}

/* What is not listed must hold; lkmm and armv8 find what rc11 does where no line of the preset names them. */
unsigned int xp_declared(const struct xp_backend *backend, const char *preset, unsigned int model_bit)
{
	const struct kick_expect *e = backend->decl->explore;
	unsigned int finds = 0;
	size_t i;

	if (model_bit & (KICK_M_LKMM | KICK_M_ARMV8) && !declared_apart(backend, preset, model_bit)) {
		if (model_bit == KICK_M_LKMM && backend->decl->races && xp_preset(preset)->migrations)
			finds = KICK_V_RACE;
		model_bit = KICK_M_RC11;
	}
	for (i = 0; i < sizeof(backend->decl->explore) / sizeof(*e) && e[i].preset; i++)
		if (!strcmp(e[i].preset, preset) && e[i].models & model_bit)
			finds |= e[i].finds;
	return finds;
}
