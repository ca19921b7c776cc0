// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of cells and counter-examples, and the way back from a name to what it names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/cell/cell.h"
#include "explore/cell/refusal.h"
#include "explore/world/weaken.h"

bool xp_seal(struct xp_cell *cell)
{
	static struct xp_program program;

	xp_scenario_program(cell->backend, &cell->example.scenario, &program);
	xp_example_load(cell->example.schedule);
	xp_turns_begin();
	xp_guard_begin();
	xp_begin(&program, xp_find_model(cell->model), &xp_replay);
	xp.recording = true;
	xp_execute();
	xp.recording = false;
	xp_guard_end();
	cell->example.op_hash = xp.op_hash;
	cell->example.steps = xp.depth;
	cell->example.preemptions = xp_example_preemptions();
	return !xp.error[0] && xp.end == XP_ENDED;
}

/* Splits "a/b/c/..." in place; returns how many parts there were. */
static int split(char *text, char **part, int n)
{
	char *save = NULL, *word;
	int i = 0;

	for (word = strtok_r(text, "/", &save); word && i < n; word = strtok_r(NULL, "/", &save))
		part[i++] = word;
	return i;
}

/* "BACKEND/PRESET/MODEL/FORM/PARAMETERS" */
static int print_name(const struct xp_cell *cell, const struct xp_scenario *s, char *text, size_t size)
{
	char weak[XP_NAME - XP_SCHEDULE], parameters[64];

	xp_parameters_print(s, parameters, sizeof(parameters));
	xp_weakenings_print(cell->weak, weak, sizeof(weak));
	return snprintf(text, size, "%s%s/%s/%s/%s/%s", cell->backend->name, weak, s->name, cell->model,
			s->form == XP_CORE ? "core" : "full", parameters);
}

void xp_cell_name(const struct xp_cell *cell, char *text, size_t size)
{
	print_name(cell, &cell->scenario, text, size);
}

void xp_example_name(const struct xp_cell *cell, char *text, size_t size)
{
	const struct xp_example *e = &cell->example;
	size_t at = print_name(cell, &e->scenario, text, size);

	if (at < size)
		snprintf(text + at, size - at, "/%016llx/%s", (unsigned long long)e->op_hash,
			 e->schedule);
}

static int refuse(char *err, size_t err_size, int code, const char *why)
{
	snprintf(err, err_size, "%s", why);
	return code;
}

/* "patched~kvm.h:128:smp_mb=dropped": the backend's name alone is left. */
static bool parse_weakenings(char *text, struct xp_cell *cell)
{
	static struct xp_weakenings weak;
	char *tilde = strchr(text, '~');

	if (!tilde)
		return true;
	*tilde = 0;
	cell->weak = &weak;
	return xp_weakenings_parse(tilde + 1, &weak);
}

/* The first five parts of a name into a cell; NULL, or what is wrong. */
static const char *parse_cell(char *const part[5], struct xp_cell *cell)
{
	struct xp_scenario *s = &cell->scenario;

	cell->backend = xp_backend(part[0]);
	if (!cell->backend || !xp_preset(part[1]) || !xp_find_model(part[2]))
		return "unknown backend, preset or model";
	cell->model = xp_find_model(part[2])->name;
	*s = *xp_preset(part[1]);
	s->form = !strcmp(part[3], "core") ? XP_CORE : XP_FULL;
	return xp_parameters_parse(part[4], s) ? NULL : "bad parameters";
}

/* All seven. */
static const char *parse_name(char *text, struct xp_cell *cell, unsigned long long *hash)
{
	const char *wrong;
	char *part[7];

	if (split(text, part, 7) != 7)
		return "not BACKEND/PRESET/MODEL/FORM/PARAMETERS/HASH/SCHEDULE";
	if (!parse_weakenings(part[0], cell))
		return "what follows the backend is not ~FILE:LINE:WORD=ORDER";
	wrong = parse_cell(part, cell);
	if (wrong)
		return wrong;
	if (sscanf(part[5], "%llx", hash) != 1)
		return "bad parameters";
	cell->example.scenario = cell->scenario;
	snprintf(cell->example.schedule, XP_SCHEDULE, "%s", part[6]);
	return xp_na(cell->backend, &cell->scenario);
}

static int read_name(const char *text, struct xp_cell *cell, unsigned long long *hash, char *err,
		     size_t err_size)
{
	static char copy[XP_NAME];
	const char *wrong;

	if (strlen(text) >= sizeof(copy))
		return refuse(err, err_size, -EINVAL, "the schedule is too long");
	strcpy(copy, text);
	memset(cell, 0, sizeof(*cell));
	wrong = parse_name(copy, cell, hash);
	return wrong ? refuse(err, err_size, -EINVAL, wrong) : 0;
}

const char *xp_cell_named(const char *name, struct xp_cell *cell)
{
	char text[XP_NAME - XP_SCHEDULE], *part[6];
	int n;

	if (strlen(name) >= sizeof(text))
		return "the name is too long";
	strcpy(text, name);
	n = split(text, part, 6);
	memset(cell, 0, sizeof(*cell));
	cell->all_orders = n == 6 && !strcmp(part[5], "all-orders");
	return n == 5 || cell->all_orders ? parse_cell(part, cell) :
					    "not BACKEND/PRESET/MODEL/FORM/PARAMETERS";
}

int xp_example_cell(const char *text, struct xp_cell *cell, char *err, size_t err_size)
{
	unsigned long long hash;

	return read_name(text, cell, &hash, err, err_size);
}

int xp_example_replay(const char *text, struct xp_cell *cell, char *err, size_t err_size)
{
	unsigned long long hash;
	int failed = read_name(text, cell, &hash, err, err_size);

	if (failed)
		return failed;
	xp_weaken(cell->weak);
	if (!xp_seal(cell)) {
		xp_error_text(cell->scenario.name, cell->model, err, err_size);
		return -ESTALE;
	}
	if (xp_weaken_missed(cell->weak, cell->backend->name))
		return refuse(err, err_size, -EINVAL, "nothing that it weakens is met, or can be that weak");
	cell->found = cell->example.found = xp.found;
	cell->has_example = true;
	if (cell->example.op_hash != hash)
		return refuse(err, err_size, -ESTALE,
			      "the operations are not those that the schedule was made from");
	return 0;
}
