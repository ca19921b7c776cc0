// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench bench: measures a plan into a results folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/plan/budget.h"
#include "bench/run/run.h"
#include "cli/bench_options.h"
#include "cli/exit_code.h"
#include "cli/recorded.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "cli/view_report.h"

const char verb_bench_summary[] = "measure kicks on pinned threads";

static void print_json(cJSON *json)
{
	char *text = cJSON_Print(json);

	puts(text ? text : "null");
	free(text);
	cJSON_Delete(json);
}

static void print_kind(const struct topo *topo, const char *before, int pu)
{
	if (pu >= 0)
		printf("%s%d", before, topo_pu(topo, pu)->kind);
}

/* Of a hybrid machine with the kinds of the PUs. */
static void print_cell(const struct topo *topo, const struct bench_case *c, bool kinds)
{
	char name[256];

	bench_case_name(c, name, sizeof(name));
	printf("%-46s %-16s pu %d -> %d", name, c->backend ? c->backend->name : "-", c->kicker_pu,
	       c->vcpu_pu);
	if (kinds) {
		print_kind(topo, "  kind ", c->kicker_pu);
		print_kind(topo, " -> ", c->vcpu_pu);
	}
	printf("%s%s\n", c->na ? "  na: " : "", c->na ? c->na : "");
}

static void print_plan(const struct bench_plan *plan, bool json)
{
	struct topo_counts counts;

	if (json) {
		print_json(session_plan_json(plan));
		return;
	}
	topo_count(plan->topo, &counts);
	for (size_t i = 0; i < plan->n_cells; i++)
		print_cell(plan->topo, &plan->cell[i], counts.kinds > 1);
	printf("%zu cells, %zu rows", plan->n_cells, plan->n_turns);
	if (plan->options->processes > 1)
		printf(" in each of %u processes", plan->options->processes);
	printf(", about %.0f s\n", (double)plan->duration_ns * 1e-9);
	if (*bench_plan_left_out(plan->options))
		printf("left out: %s\n", bench_plan_left_out(plan->options));
}

/* Whoever goes on with the run, or repeats a row, plans with the cost of rows that was measured now. */
static int open_new(struct session *session, const struct bench_command *command,
		    const struct bench_plan *plan, const struct topo *topo, int argc, char **argv)
{
	char option[] = "--row-cost", cost[32], **longer;
	int code;

	if (!command->budget_ns)
		return session_open(session, command->out, argc, argv, plan, topo);
	longer = calloc((size_t)argc + 3, sizeof(*longer));
	if (!longer)
		return env_error("out of memory");
	memcpy(longer, argv, (size_t)argc * sizeof(*longer));
	snprintf(cost, sizeof(cost), "%lluns", (unsigned long long)command->bench.row_ns);
	longer[argc] = option;
	longer[argc + 1] = cost;
	code = session_open(session, command->out, argc + 2, longer, plan, topo);
	free(longer);
	return code;
}

static int open_session(struct session *session, const struct bench_command *command,
			const struct bench_plan *plan, const struct topo *topo, int argc, char **argv)
{
	if (command->is_process)
		return session_join(session, command->resume, command->process, plan, topo);
	if (command->resume)
		return session_resume(session, command->resume, argc, argv, plan, topo);
	return open_new(session, command, plan, topo, argc, argv);
}

static int measure_into(struct bench_command *command, const struct bench_plan *plan,
			const struct topo *topo, int argc, char **argv)
{
	static struct session session;
	int code = open_session(&session, command, plan, topo, argc, argv);

	if (code)
		return code;
	session_catch_signals();
	if (!command->is_process && *bench_plan_left_out(plan->options))
		fprintf(stderr, "left out: %s\n", bench_plan_left_out(plan->options));
	if (!command->is_process && plan->options->processes > 1)
		code = session_respawn(&session, plan);
	else
		code = session_bench(&session, plan);
	if (command->is_process)
		return session_close(&session, code);
	if (view_cells(&session, command->json))
		code = EXIT_ENVIRONMENT;
	fprintf(stderr, "results: %s\n", session.folder.path);
	return session_close(&session, code);
}

/* With a perf outside that is told when a window begins and ends. */
static int measure(struct bench_command *command, const struct bench_plan *plan,
		   const struct topo *topo, int argc, char **argv)
{
	struct perf_control control;
	char err[256];
	int code;

	if (!command->perf_control)
		return measure_into(command, plan, topo, argc, argv);
	if (perf_control_open(&control, command->perf_control, err, sizeof(err)))
		return usage_error("--perf-control %s", err);
	command->bench.control = &control;
	code = measure_into(command, plan, topo, argc, argv);
	command->bench.control = NULL;
	perf_control_close(&control);
	return code;
}

static int make_plan(struct bench_plan *plan, struct bench_command *command, const struct topo *topo)
{
	char err[256];
	int failed = command->budget_ns ? bench_budget_plan(plan, &command->bench, topo,
							    command->budget_ns, err, sizeof(err))
					: bench_plan_make(plan, &command->bench, topo, err, sizeof(err));

	return failed ? usage_error("%s", err) : EXIT_AS_STATED;
}

/* A budget is kept with rows as they are here and now. */
static int measure_row_cost(struct bench_command *command, const struct topo *topo)
{
	char err[256];

	if (!command->budget_ns || command->plan || command->resume || command->bench.row_ns)
		return EXIT_AS_STATED;
	if (bench_row_cost(&command->bench, topo, &command->bench.row_ns, err, sizeof(err)))
		return env_error("%s", err);
	return EXIT_AS_STATED;
}

static int with_topo(struct bench_command *command, int argc, char **argv)
{
	struct bench_plan plan;
	struct topo *topo;
	int code = session_topo(&topo, command->xml, command->synthetic);

	if (code)
		return code;
	code = bench_command_resolve(command, topo);
	if (!code)
		code = measure_row_cost(command, topo);
	if (!code)
		code = make_plan(&plan, command, topo);
	if (!code) {
		if (command->plan)
			print_plan(&plan, command->json);
		else
			code = measure(command, &plan, topo, argc, argv);
		bench_plan_free(&plan);
	}
	topo_free(topo);
	return code;
}

/* With the options that the folder was made with; those given now come after them. */
static int resume(struct bench_command *given, int argc, char **argv)
{
	struct bench_command command;
	struct recorded recorded;
	int code = recorded_load(&recorded, given->resume, argc, argv);

	bench_command_init(&command);
	if (!code)
		code = bench_command_parse(&command, recorded.argc, recorded.argv);
	if (!code) {
		command.json = given->json;
		command.plan = given->plan;
		if (!given->bench.processes)
			command.bench.processes = recorded.processes;
		code = with_topo(&command, argc, argv);
	}
	bench_command_fini(&command);
	recorded_fini(&recorded);
	return code;
}

/* Has the recorded command measure the row alone, whatever a budget made of its window. */
static int narrow(struct recorded *recorded, const struct bench_plan *plan, size_t turn)
{
	const struct bench_case *c = &plan->cell[plan->turn[turn].cell];
	char name[320], window[32];

	bench_row_name(c, plan->turn[turn].repetition, name, sizeof(name));
	snprintf(window, sizeof(window), "%lluns", (unsigned long long)c->window_ns);
	recorded_drop(recorded, "--budget");
	recorded_drop(recorded, "--respawn");
	recorded_drop(recorded, "--window");
	if (recorded_add(recorded, "--window", window) || recorded_add(recorded, "--only", name))
		return env_error("out of memory");
	return EXIT_AS_STATED;
}

static int find_row(struct recorded *recorded, const char *dir, const char *row)
{
	size_t turn;
	struct bench_command command;
	struct bench_plan plan;
	struct topo *topo = NULL;
	int code;

	bench_command_init(&command);
	code = bench_command_parse(&command, recorded->argc, recorded->argv);
	command.bench.processes = recorded->processes;
	if (!code)
		code = session_topo(&topo, NULL, NULL);
	if (!code)
		code = bench_command_resolve(&command, topo);
	if (!code)
		code = make_plan(&plan, &command, topo);
	if (!code) {
		code = recorded_row(dir, row, &plan, &turn);
		if (!code)
			code = narrow(recorded, &plan, turn);
		bench_plan_free(&plan);
	}
	topo_free(topo);
	bench_command_fini(&command);
	return code;
}

/* The recorded options and the row's name; where the results go, and how, is said now. */
static int replay(const struct bench_command *given, char **argv)
{
	char dir[PATH_MAX];
	struct bench_command command;
	struct recorded recorded = { 0 };
	const char *row;
	int code = recorded_split(given->replay, dir, sizeof(dir), &row);

	bench_command_init(&command);
	if (!code)
		code = recorded_load(&recorded, dir, 1, argv);
	if (!code)
		code = find_row(&recorded, dir, row);
	if (!code)
		code = bench_command_parse(&command, recorded.argc, recorded.argv);
	if (!code) {
		command.out = given->out;
		command.json = given->json;
		command.plan = given->plan;
		command.perf_control = given->perf_control;
		if (!given->json)
			recorded_print(&recorded);
		code = with_topo(&command, recorded.argc, recorded.argv);
	}
	bench_command_fini(&command);
	recorded_fini(&recorded);
	return code;
}

int verb_bench(int argc, char **argv)
{
	struct bench_command command;
	int code;

	bench_command_init(&command);
	code = bench_command_parse(&command, argc, argv);
	if (!code && command.help)
		fputs(bench_command_help, stdout);
	else if (!code && command.resume)
		code = resume(&command, argc, argv);
	else if (!code && command.replay)
		code = replay(&command, argv);
	else if (!code)
		code = with_topo(&command, argc, argv);
	bench_command_fini(&command);
	return code;
}
