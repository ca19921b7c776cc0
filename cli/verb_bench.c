// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench bench: measures a plan into a results folder. */
#include <stdio.h>
#include <stdlib.h>
#include <cjson/cJSON.h>

#include "cli/bench_options.h"
#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/verbs.h"

const char verb_bench_summary[] = "measure kicks on pinned threads";

static void print_json(cJSON *json)
{
	char *text = cJSON_Print(json);

	puts(text ? text : "null");
	free(text);
	cJSON_Delete(json);
}

static void print_plan(const struct bench_plan *plan, bool json)
{
	if (json) {
		print_json(session_plan_json(plan));
		return;
	}
	for (size_t i = 0; i < plan->n_cells; i++) {
		const struct bench_case *c = &plan->cell[i];
		char name[256];

		bench_case_name(c, name, sizeof(name));
		printf("%-46s %-16s pu %d -> %d%s%s\n", name, c->backend ? c->backend->name : "-",
		       c->kicker_pu, c->vcpu_pu, c->na ? "  na: " : "", c->na ? c->na : "");
	}
	printf("%zu cells, %zu rows, about %.0f s\n", plan->n_cells, plan->n_turns,
	       (double)plan->duration_ns * 1e-9);
}

static int measure(struct bench_command *command, const struct bench_plan *plan,
		   const struct topo *topo, int argc, char **argv)
{
	static struct session session;
	int code = session_open(&session, command->out, argc, argv, plan, topo);

	if (code)
		return code;
	session_catch_signals();
	code = session_bench(&session, plan);
	if (command->json)
		print_json(summary_json(&session.summary));
	else
		summary_print(&session.summary, stdout);
	fprintf(stderr, "results: %s\n", session.folder.path);
	return session_close(&session, code);
}

static int with_topo(struct bench_command *command, int argc, char **argv)
{
	struct bench_plan plan;
	struct topo *topo;
	char err[256];
	int code = session_topo(&topo, command->xml, command->synthetic);

	if (code)
		return code;
	code = bench_command_resolve(command, topo);
	if (!code && bench_plan_make(&plan, &command->bench, topo, err, sizeof(err)))
		code = usage_error("%s", err);
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

int verb_bench(int argc, char **argv)
{
	struct bench_command command;
	int code;

	bench_command_init(&command);
	code = bench_command_parse(&command, argc, argv);
	if (!code && command.help)
		fputs(bench_command_help, stdout);
	else if (!code)
		code = with_topo(&command, argc, argv);
	bench_command_fini(&command);
	return code;
}
