// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing and checking the options of bench: nothing gets through that could not be measured. */
#include "cli/bench_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/bench_lists.h"
#include "cli/exit_code.h"

enum {
	O_BACKEND = 256, O_SCENARIO, O_TRANSPORT, O_DISTANCE, O_PAIRS, O_KICKER_PU, O_VCPU_PU,
	O_KICKERS, O_PCPUS, O_VCPUS, O_IN_GUEST, O_MIGRATIONS, O_NATURAL, O_RATE, O_ARRIVALS,
	O_WIDEN, O_PATH, O_LINE, O_FORM, O_PUT, O_LOOP, O_REPS, O_WINDOW, O_SEED, O_OUT, O_RESPAWN,
	O_RESUME, O_PROCESS, O_PERF, O_PERF_CONTROL, O_BUDGET, O_ROW_COST, O_REPLAY, O_ONLY, O_PLAN,
	O_XML, O_SYNTHETIC, O_JSON, O_HELP,
};

static const struct option longopts[] = {
	{ "backend", required_argument, NULL, O_BACKEND },
	{ "scenario", required_argument, NULL, O_SCENARIO },
	{ "transport", required_argument, NULL, O_TRANSPORT },
	{ "distance", required_argument, NULL, O_DISTANCE },
	{ "pairs", required_argument, NULL, O_PAIRS },
	{ "kicker-pu", required_argument, NULL, O_KICKER_PU },
	{ "vcpu-pu", required_argument, NULL, O_VCPU_PU },
	{ "kickers", required_argument, NULL, O_KICKERS },
	{ "pcpus", required_argument, NULL, O_PCPUS },
	{ "vcpus", required_argument, NULL, O_VCPUS },
	{ "in-guest", required_argument, NULL, O_IN_GUEST },
	{ "migrations-per-s", required_argument, NULL, O_MIGRATIONS },
	{ "natural-exits", required_argument, NULL, O_NATURAL },
	{ "rate", required_argument, NULL, O_RATE },
	{ "arrivals", required_argument, NULL, O_ARRIVALS },
	{ "widen", required_argument, NULL, O_WIDEN },
	{ "path", required_argument, NULL, O_PATH },
	{ "line", required_argument, NULL, O_LINE },
	{ "form", required_argument, NULL, O_FORM },
	{ "put", required_argument, NULL, O_PUT },
	{ "loop", required_argument, NULL, O_LOOP },
	{ "reps", required_argument, NULL, O_REPS },
	{ "window", required_argument, NULL, O_WINDOW },
	{ "seed", required_argument, NULL, O_SEED },
	{ "out", required_argument, NULL, O_OUT },
	{ "respawn", required_argument, NULL, O_RESPAWN },
	{ "resume", required_argument, NULL, O_RESUME },
	{ "process", required_argument, NULL, O_PROCESS },
	{ "perf", required_argument, NULL, O_PERF },
	{ "perf-control", required_argument, NULL, O_PERF_CONTROL },
	{ "budget", required_argument, NULL, O_BUDGET },
	{ "row-cost", required_argument, NULL, O_ROW_COST },
	{ "replay", required_argument, NULL, O_REPLAY },
	{ "only", required_argument, NULL, O_ONLY },
	{ "plan", no_argument, NULL, O_PLAN },
	{ "xml", required_argument, NULL, O_XML },
	{ "synthetic", required_argument, NULL, O_SYNTHETIC },
	{ "json", no_argument, NULL, O_JSON },
	{ "help", no_argument, NULL, O_HELP },
	{ 0 },
};

void bench_command_sound_backends(struct bench_options *o)
{
	o->n_backends = 0;
	for (size_t i = 0; i < bench_n_backends && o->n_backends < BENCH_MAX_LIST; i++)
		if (strncmp(bench_backends[i].name, "busted_", 7))
			o->backend[o->n_backends++] = &bench_backends[i];
}

void bench_command_init(struct bench_command *command)
{
	struct bench_options *o = &command->bench;
	static const double rates[] = { 0, 1e3, 1e4, 1e5, 1e6 };

	*command = (struct bench_command){ 0 };
	bench_command_sound_backends(o);
	for (size_t i = 0; bench_scenarios()[i]; i++)
		if (!bench_scenarios()[i]->on_demand)
			o->scenario[o->n_scenarios++] = bench_scenarios()[i];
	o->kicker_pu = o->vcpu_pu = -1;
	o->kickers[0] = 1;
	o->kickers[1] = 2;
	o->n_kickers = 2;
	memcpy(o->migrations, rates, sizeof(rates));
	o->n_migrations = sizeof(rates) / sizeof(rates[0]);
	o->rate_per_s = 1e4;
	o->widen_ns = 10000;
	o->repetitions = 9;
	o->window_ns = 50000000;
	o->seed = 1;
}

void bench_command_fini(struct bench_command *command)
{
	for (size_t i = 0; i < command->n_lists; i++)
		opt_list_free(&command->lists[i]);
	command->n_lists = 0;
}

static int take_filter(struct bench_command *command, int option, const char *text)
{
	static const char *const paths[] = { "unloaded", "self",     "outside",	 "exiting",
					     "in_guest", "entry",    "empty",	 "load",
					     "cas_fail", "cas_ok",   "barrier",	 "pingpong",
					     "scan",	 "scan_wait", "bits",	 "bits_wait",
					     "floor" };
	static const char *const lines[] = { "hot", "stolen" };
	static const char *const puts_[] = { "sticky", "minus1" };
	static const char *const loops[] = { "closed", "open" };
	static const char *const arrivals[] = { "fixed", "poisson" };
	struct bench_options *o = &command->bench;

	switch (option) {
	case O_PATH:
		return bench_take_names(command, "path", text, paths, sizeof(paths) / sizeof(paths[0]),
					o->path, &o->n_path);
	case O_LINE:
		return bench_take_names(command, "line", text, lines, 2, o->line, &o->n_line);
	case O_FORM:
		return bench_take_names(command, "form", text, bench_form_name, BENCH_N_FORMS, o->form,
				  &o->n_form);
	case O_ARRIVALS:
		return bench_take_names(command, "arrivals", text, arrivals, 2, o->arrivals,
					&o->n_arrivals);
	case O_PUT:
		return bench_take_names(command, "put", text, puts_, 2, o->put, &o->n_put);
	default:
		return bench_take_names(command, "loop", text, loops, 2, o->loop, &o->n_loop);
	}
}

static int take_number(struct bench_command *command, int option, const char *text)
{
	struct bench_options *o = &command->bench;
	uint64_t n = 0;
	bool is_time = option == O_WINDOW || option == O_WIDEN || option == O_BUDGET ||
		       option == O_ROW_COST;
	int failed = is_time ? opt_duration_ns(text, &n) : opt_u64(text, &n);

	switch (option) {
	case O_WINDOW:
		o->window_ns = n;
		return failed || n < 100000 || n > 3600000000000u ?
			       usage_error("--window '%s': expected 100us..1h, such as 50ms", text) :
			       0;
	case O_WIDEN:
		o->widen_ns = n;
		return failed || n < 100 || n > 10000000 ?
			       usage_error("--widen '%s': expected 100ns..10ms", text) :
			       0;
	case O_BUDGET:
		command->budget_ns = n;
		return failed || !n ? usage_error("--budget '%s': expected a time such as 10m", text) : 0;
	case O_ROW_COST:
		o->row_ns = n;
		return failed || !n ? usage_error("--row-cost '%s': expected a time such as 1ms", text) : 0;
	case O_RESPAWN:
		o->processes = (unsigned int)n;
		return failed || n < 1 || n > 10000 ?
			       usage_error("--respawn '%s': expected 1..10000 processes", text) :
			       0;
	case O_PROCESS:
		command->is_process = true;
		command->process = (unsigned int)n;
		return failed || n > 9999 ? usage_error("--process '%s': expected 0..9999", text) : 0;
	case O_REPS:
		o->repetitions = (unsigned int)n;
		return failed || n < 9 || n > 10000 ?
			       usage_error("--reps '%s': expected 9..10000 (fewer prove nothing)", text) :
			       0;
	case O_PAIRS:
		o->pairs_per_class = n;
		return failed || !n ? usage_error("--pairs '%s': expected 1 or more", text) : 0;
	default:
		o->seed = n;
		return failed ? usage_error("--seed '%s': expected a number", text) : 0;
	}
}

static int take(struct bench_command *command, int option, const char *text)
{
	switch (option) {
	case O_BACKEND:
		return bench_take_backends(command, text);
	case O_SCENARIO:
		return bench_take_scenarios(command, text);
	case O_TRANSPORT:
		return bench_take_transports(command, text);
	case O_DISTANCE:
		return bench_take_distances(command, text);
	case O_KICKERS:
		return bench_take_kickers(command, text);
	case O_PCPUS:
		return bench_take_pcpus(command, text);
	case O_VCPUS:
		return bench_take_vcpus(command, text);
	case O_IN_GUEST:
		return bench_take_in_guest(command, text);
	case O_MIGRATIONS:
		return bench_take_migrations(command, text);
	case O_NATURAL:
		return bench_take_rate("natural-exits", text, 0, &command->bench.natural_exits_per_s);
	case O_RATE:
		return bench_take_rate("rate", text, 1, &command->bench.rate_per_s);
	case O_PERF:
		return bench_take_perf(text, &command->perf, &command->bench.perf);
	case O_ARRIVALS:
	case O_PATH:
	case O_LINE:
	case O_FORM:
	case O_PUT:
	case O_LOOP:
		return take_filter(command, option, text);
	default:
		return take_number(command, option, text);
	}
}

/* Options that only note something. */
static bool note(struct bench_command *command, int option, const char *text)
{
	switch (option) {
	case O_OUT:
		command->out = text;
		return true;
	case O_RESUME:
		command->resume = text;
		return true;
	case O_REPLAY:
		command->replay = text;
		return true;
	case O_PERF_CONTROL:
		command->perf_control = text;
		return true;
	case O_ONLY:
		command->bench.only = text;
		return true;
	case O_XML:
		command->xml = text;
		return true;
	case O_SYNTHETIC:
		command->synthetic = text;
		return true;
	case O_KICKER_PU:
		command->kicker_pu = text;
		return true;
	case O_VCPU_PU:
		command->vcpu_pu = text;
		return true;
	case O_PLAN:
	case O_JSON:
	case O_HELP:
		command->plan |= option == O_PLAN;
		command->json |= option == O_JSON;
		command->help |= option == O_HELP;
		return true;
	default:
		return false;
	}
}

int bench_command_parse(struct bench_command *command, int argc, char **argv)
{
	int option, failed = 0;

	optind = 0; /* from the start, also of a second command line */
	opterr = 0;
	while (!failed && (option = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (option == '?')
			return usage_error("%s: unknown option '%s' (see --help)", argv[0], argv[optind - 1]);
		if (option == ':')
			return usage_error("%s: option '%s' wants a value", argv[0], argv[optind - 1]);
		if (!note(command, option, optarg))
			failed = take(command, option, optarg);
	}
	if (failed || command->help)
		return failed;
	if (optind < argc)
		return usage_error("%s: unexpected argument '%s'", argv[0], argv[optind]);
	if ((command->xml || command->synthetic) && !command->plan)
		return usage_error("--xml and --synthetic describe another machine: only with --plan");
	if (command->xml && command->synthetic)
		return usage_error("--xml and --synthetic exclude each other");
	if (command->resume && command->replay)
		return usage_error("--resume and --replay exclude each other");
	if (command->perf_control && command->bench.processes > 1)
		return usage_error("--perf-control is for this process: not with --respawn");
	if (command->is_process && !command->resume)
		return usage_error("--process is one of a folder's: only with --resume");
	return 0;
}

static int resolve_one(const struct topo *topo, const char *option, const char *text, int *pu)
{
	char err[256];

	if (!text || !topo_parse_one(topo, text, pu, err, sizeof(err)))
		return 0;
	return usage_error("--%s '%s': %s", option, text, err);
}

int bench_command_resolve(struct bench_command *command, const struct topo *topo)
{
	int failed = resolve_one(topo, "kicker-pu", command->kicker_pu, &command->bench.kicker_pu);

	return failed ? failed
		      : resolve_one(topo, "vcpu-pu", command->vcpu_pu, &command->bench.vcpu_pu);
}
