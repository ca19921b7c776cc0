// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explore --litmus: for each counter-example of the text as written, and for each order that carries
 * weight, the core of its shortest interleaving.  Of a weakened one there are two: weakened, where the
 * outcome is allowed, and with the orders of the text, where it must not be.
 */
#include "cli/explore_litmus.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/exit_code.h"
#include "cli/explore_watch.h"
#include "explore/study/barriers.h"
#include "explore/study/litmus.h"

enum { MOST = 256 };

struct run {
	struct explore_command *command;
	const struct xp_barriers *barriers;
	struct watch watch;
	FILE *expected;
	struct core {
		char name[200];
		const char *why; /* NULL: it is written */
	} core[MOST];
	int n_cores;
	int code;
};

/* A name for a file out of parts of any spelling. */
static void tame(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			*name = '-';
}

/* By name; a new one is not written yet.  NULL: there are too many. */
static struct core *core_of(struct run *run, const char *name)
{
	struct core *core = run->core;

	while (core < run->core + run->n_cores && strcmp(core->name, name))
		core++;
	if (core == run->core + MOST)
		return NULL;
	if (core == run->core + run->n_cores) {
		run->n_cores++;
		snprintf(core->name, sizeof(core->name), "%s", name);
		core->why = "";
	}
	return core;
}

/* What no preset had in a form that can be written. */
static void tell_missing(struct run *run)
{
	int i;

	for (i = 0; i < run->n_cores; i++) {
		if (!run->core[i].why)
			continue;
		printf("%-70s not written: %s\n", run->core[i].name, run->core[i].why);
		run->code = exit_code_worst(run->code, EXIT_UNDECIDED);
	}
}

static FILE *open_file(struct run *run, const struct xp_litmus *l, const char *suffix)
{
	char path[PATH_MAX];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s%s", run->command->litmus, l->name, suffix);
	out = fopen(path, "w");
	if (!out)
		run->code = exit_code_worst(run->code, env_error("%s: %s", path, strerror(errno)));
	return out;
}

static void write_kinds(struct run *run, const struct xp_litmus *l, const char *verdict)
{
	FILE *out;
	bool lkmm = false;

	out = open_file(run, l, ".c11.litmus");
	if (out) {
		xp_litmus_c11(out, l);
		fclose(out);
	}
	out = open_file(run, l, ".lkmm.litmus");
	if (out) {
		lkmm = xp_litmus_lkmm(out, l);
		if (!lkmm)
			fputs("(* an order of this one has no word in the kernel *)\n", out);
		fclose(out);
	}
	out = open_file(run, l, ".c");
	if (out) {
		xp_litmus_program(out, l);
		fclose(out);
	}
	printf("%-70s %s%s\n", l->name, verdict, lkmm ? "" : "  (no LKMM form)");
	if (run->expected)
		fprintf(run->expected, "%s %s\n", l->name, verdict);
}

/* The models in which this preset as written does not come to that. */
static void forbidden_in(const struct run *run, const char *preset, unsigned int broke, char *text,
			 size_t size)
{
	const struct xp_barriers *b = run->barriers;
	size_t i, at;

	at = snprintf(text, size, "forbidden");
	for (i = 0; i < b->n_bases && at < size; i++)
		if (b->base[i].usable && !(b->base[i].found & broke) &&
		    !strcmp(b->base[i].scenario.name, preset))
			at += snprintf(text + at, size - at, " %s", b->base[i].model);
}

/* Both forms of the execution that was replayed last. */
static void write_example(struct run *run, const char *name, const struct xp_cell *cell, unsigned int broke)
{
	static struct xp_litmus l;
	char verdict[80];
	struct core *core = core_of(run, name);

	if (!core)
		run->code = exit_code_worst(run->code, EXIT_UNDECIDED);
	if (!core || !core->why)
		return;
	snprintf(verdict, sizeof(verdict), "allowed %s", cell->model);
	snprintf(l.name, sizeof(l.name), "%s", name);
	core->why = xp_litmus_make(&l, false);
	if (core->why)
		return;
	write_kinds(run, &l, verdict);
	run->code = exit_code_worst(run->code, EXIT_AS_STATED);
	if (!cell->weak)
		return;
	xp_litmus_make(&l, true);
	snprintf(l.name, sizeof(l.name), "%s-as-written", name);
	forbidden_in(run, cell->scenario.name, broke, verdict, sizeof(verdict));
	write_kinds(run, &l, verdict);
}

static void begins(void *arg)
{
	struct run *run = arg;

	watch_end(&run->watch);
	watch_begin(&run->watch, run->command->seconds);
}

/* Of each site, in each model: the least that breaks, in the first preset that can be written. */
static void tried(void *arg, const struct xp_trial *trial)
{
	struct run *run = arg;
	char name[200];
	int i, at;

	if (trial->came != XP_BREAKS || !trial->cell->has_example || trial->round == XP_SET)
		return;
	at = snprintf(name, sizeof(name), "%s-%s", trial->cell->backend->name, trial->cell->model);
	for (i = 0; i < trial->set->n && at < (int)sizeof(name); i++)
		at += snprintf(name + at, sizeof(name) - at, "-%s", trial->set->one[i].site);
	tame(name);
	write_example(run, name, trial->cell, trial->broke);
}

static bool stopped(void *arg)
{
	(void)arg;
	return watch_caught();
}

/* The text as written, where it does not hold. */
static void counter_example(struct run *run, const struct xp_backend *backend,
			    const struct xp_scenario *scenario, const char *model)
{
	static struct xp_cell cell;
	char name[200];

	cell = (struct xp_cell){ .backend = backend, .scenario = *scenario, .model = model };
	begins(run);
	xp_cell_run(&cell, &run->command->options);
	if (!cell.has_example)
		return;
	snprintf(name, sizeof(name), "%s-%s-%s", backend->name, scenario->name, model);
	write_example(run, name, &cell, cell.found);
}

static void write_backend(struct run *run, const struct xp_backend *backend,
			  const struct xp_scenario *scenario)
{
	struct explore_command *c = run->command;
	struct xp_barriers b = { .backend = backend, .scenario = scenario, .n_scenarios = c->n_presets,
				 .model = c->model, .n_models = c->n_models, .options = c->options,
				 .pairs = c->pairs, .begins = begins, .tried = tried,
				 .stopped = stopped, .arg = run };
	size_t s, m;
	int code;

	for (s = 0; s < c->n_presets; s++)
		for (m = 0; m < c->n_models && !watch_caught(); m++)
			counter_example(run, backend, &scenario[s], c->model[m]);
	run->barriers = &b;
	code = xp_barriers_study(&b);
	if (code)
		run->code = exit_code_worst(run->code, env_error("--litmus: %s", strerror(-code)));
	xp_barriers_fini(&b);
}

int explore_litmus(struct explore_command *c)
{
	static struct run run;
	static struct xp_scenario scenario[EXPLORE_MAX_LIST];
	char path[PATH_MAX];
	size_t i;

	run = (struct run){ .command = c, .code = EXIT_SKIPPED };
	snprintf(path, sizeof(path), "%s/expected.txt", c->litmus);
	if (mkdir(c->litmus, 0777) && errno != EEXIST)
		return env_error("%s: %s", c->litmus, strerror(errno));
	run.expected = fopen(path, "w");
	if (!run.expected)
		return env_error("%s: %s", path, strerror(errno));
	c->options.tick = watch_tick;
	c->options.arg = &run.watch;
	watch_signals();
	for (i = 0; i < c->n_presets; i++)
		scenario[i] = explore_scenario(c, c->preset[i]);
	for (i = 0; i < c->n_backends && !watch_caught(); i++)
		write_backend(&run, c->backend[i], scenario);
	tell_missing(&run);
	if (fclose(run.expected))
		return env_error("%s: %s", path, strerror(errno));
	return watch_caught() ? 128 + watch_caught() : run.code;
}
