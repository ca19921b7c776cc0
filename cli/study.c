// SPDX-License-Identifier: GPL-2.0-or-later
/* The default study as words and as a plan: for `run`, and for bench to repeat its rows. */
#include "cli/study.h"

#include <string.h>

#include "cli/verbs.h"

static int take_perf(void *arg, const struct opt_value *v)
{
	struct verb_study *r = arg;

	return verb_take_perf("run", v->text, &r->perf, &r->counted);
}

static const struct opt options[] = {
	{ .name = "quick", .kind = OPT_FLAG, .store = VERB_STUDY_QUICK,
	  .doc = "shorter windows; --plan says how long it takes",
	  OPT_TO(struct verb_study, size) },
	{ .name = "full", .kind = OPT_FLAG, .store = VERB_STUDY_FULL,
	  .doc = "everything bench has: all backends, lines and forms, long windows",
	  OPT_TO(struct verb_study, size) },
	{ .name = "plan", .kind = OPT_FLAG,
	  .doc = "print what would be measured, and how long it takes",
	  OPT_TO(struct verb_study, plan) },
	{ .name = "budget", .kind = OPT_TIME, .least = 1,
	  .doc = "a time for all of it, as 1m or 40s",
	  .more = "bench gives up length of windows, then repetitions and rows, and says which, as its own "
		  "--budget does; cells that explore has no time left for are undecided. Without it, too, it "
		  "ends in the time that it says at first.",
	  OPT_TO(struct verb_study, budget_ns) },
	{ .name = "out", .kind = OPT_DIR,
	  .doc = "results folder, by default results/runs/<UTC>-<host>-<random>",
	  OPT_TO(struct verb_study, out) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of everything random",
	  OPT_TO(struct verb_study, seed) },
	{ .name = "perf", .kind = OPT_LIST, OPT_NAMES_OF(verb_perf_words), .preset = "auto",
	  .take = take_perf,
	  .doc = "events that perf counts in every window, or", .more = "As for bench." },
	{ .name = "json", .kind = OPT_FLAG,
	  .doc = "the summary of all cells as JSON instead of the tables",
	  OPT_TO(struct verb_study, json) },
	VERB_CI_OPTIONS(struct verb_study),
	{ 0 },
};

const struct opt_table verb_study_table = {
	.verb = "run",
	.summary = "the default study: measures, prints the headline, keeps the results",
	.usage = "[--quick | --full] [options]",
	.about = "Measures what a kick costs, puts the protocols to every judge, and prints the headline.",
	.after = "Exit: the worst of bench, explore, stress and kvm.",
	.option = options,
	.size = sizeof(struct verb_study),
};

/* The other generations of KVM's kick are left to --full. */
static void leave_out_generations(struct bench_options *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->n_backends; i++)
		if (strncmp(o->backend[i]->name, "kvm_", 4) && strcmp(o->backend[i]->name, "patched_515"))
			o->backend[kept++] = o->backend[i];
	o->n_backends = kept;
}

/* The plan of each size; windows are short, since repetitions matter more. */
void verb_study_choose(struct bench_options *o, const struct verb_study *r)
{
	static const double rates[] = { 1e3, 1e4, 1e5, 1e6 };

	bench_options_init(o);
	o->seed = r->seed;
	o->perf = r->counted;
	if (r->size == VERB_STUDY_FULL) {
		o->n_backends = bench_n_backends < BENCH_MAX_LIST ? bench_n_backends : BENCH_MAX_LIST;
		for (size_t i = 0; i < o->n_backends; i++)
			o->backend[i] = &bench_backends[i];
		o->pairs_per_class = 4;
		return;
	}
	for (size_t i = 0; i < 4; i++)
		o->migrations[i] = rates[i];
	o->n_migrations = 4;
	o->vcpus[0] = 64;
	o->vcpus[1] = 1024;
	o->n_vcpus = 2;
	o->in_guest_pct[0] = 0;
	o->in_guest_pct[1] = 100;
	o->n_in_guest_pct = 2;
	o->scenario[o->n_scenarios++] = bench_scenario_find("broadcast");
	leave_out_generations(o);
	o->reduced = true;
	o->window_ns = r->size == VERB_STUDY_QUICK ? 1000000 : 4000000;
	o->live_window_ns = r->size == VERB_STUDY_QUICK ? 5000000 : 25000000;
}
