// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, filling and closing a results folder. */
#include "cli/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cmake/build_info.h"
#include "machine/clock.h"
#include "results/schema.h"

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
	machine_stop = 1;
}

void session_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int session_signal(void)
{
	return caught;
}

int session_topo(struct topo **topo, const char *xml, const char *synthetic)
{
	char err[256];
	int failed = xml	 ? topo_load_xml(topo, xml, err, sizeof(err))
		     : synthetic ? topo_load_synthetic(topo, synthetic, err, sizeof(err))
				 : topo_load(topo, err, sizeof(err));

	if (failed && (xml || synthetic))
		return usage_error("%s", err);
	return failed ? env_error("%s", err) : EXIT_AS_STATED;
}

struct cJSON *session_plan_json(const struct bench_plan *plan)
{
	const struct bench_options *o = plan->options;
	cJSON *json = cJSON_CreateObject(), *backends = cJSON_AddArrayToObject(json, "backends");
	cJSON *scenarios = cJSON_AddArrayToObject(json, "scenarios");

	for (size_t i = 0; i < o->n_backends; i++)
		cJSON_AddItemToArray(backends, cJSON_CreateString(o->backend[i]->name));
	for (size_t i = 0; i < o->n_scenarios; i++)
		cJSON_AddItemToArray(scenarios, cJSON_CreateString(o->scenario[i]->name));
	cJSON_AddNumberToObject(json, "cells", (double)plan->n_cells);
	cJSON_AddNumberToObject(json, "rows", (double)plan->n_turns);
	cJSON_AddNumberToObject(json, "repetitions", o->repetitions);
	cJSON_AddNumberToObject(json, "window_ns", (double)o->window_ns);
	cJSON_AddNumberToObject(json, "estimated_s", (double)plan->duration_ns * 1e-9);
	cJSON_AddStringToObject(json, "left_out", bench_plan_left_out(o));
	return json;
}

/* What is known of the clock and the topology, beside the results. */
static int describe(struct session *s)
{
	char path[PATH_MAX];
	cJSON *clock = cJSON_CreateObject();

	cJSON_AddStringToObject(clock, "source", machine_clock.source);
	cJSON_AddNumberToObject(clock, "ns_per_tick", machine_clock.ns_per_tick);
	cJSON_AddNumberToObject(clock, "calibration_spread_ppm", machine_clock.error_ppm);
	cJSON_AddNumberToObject(clock, "step_ns", machine_clock.step_ns);
	if (folder_set(&s->folder, "clock", clock))
		return -ENOMEM;
	if (folder_file(&s->folder, "topology.xml", path, sizeof(path)))
		return -ENAMETOOLONG;
	return topo_export_xml(s->topo, path, s->err, sizeof(s->err));
}

static int open_folder(struct session *s, const char *out, int argc, char **argv,
		       const struct bench_plan *plan)
{
	const struct folder_library libraries[] = { { "benchmark", build_info.benchmark_version },
						    { "hwloc", build_info.hwloc_version },
						    { "ck", build_info.ck_version },
						    { NULL, NULL } };
	const struct folder_build build = { .version = build_info.version,
					    .revision = build_info.git_revision,
					    .compiler = build_info.compiler,
					    .flags = build_info.c_flags,
					    .build_type = build_info.build_type,
					    .library = libraries };
	char hash[32];
	cJSON *json = session_plan_json(plan);
	struct folder_options options = { .out = out,
					  .argc = argc,
					  .argv = argv,
					  .seed = plan->options->seed,
					  .build = &build,
					  .plan = json,
					  .topology_hash = hash };
	int failed;

	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)topo_hash(s->topo));
	failed = folder_open(&s->folder, &options, s->err, sizeof(s->err));
	cJSON_Delete(json);
	return failed;
}

int session_open(struct session *s, const char *out, int argc, char **argv,
		 const struct bench_plan *plan, const struct topo *topo)
{
	memset(s, 0, sizeof(*s));
	s->topo = topo;
	s->bench.fd = s->latency.fd = -1;
	clock_gettime(CLOCK_MONOTONIC, &s->began);
	clock_init();
	if (open_folder(s, out, argc, argv, plan))
		return usage_error("%s", s->err);
	if (folder_csv(&s->folder, &schema_bench, &s->bench, s->err, sizeof(s->err)) ||
	    folder_csv(&s->folder, &schema_latency, &s->latency, s->err, sizeof(s->err)) || describe(s))
		return env_error("%s", s->err);
	if (summary_init(&s->summary, plan))
		return env_error("out of memory");
	return EXIT_AS_STATED;
}

static void on_row(void *arg, size_t cell, const struct bench_case *c, const struct bench_result *r,
		   const struct csv_row *row)
{
	struct session *s = arg;
	const char *ns = csv_get(row, "ns_per_op");
	double value = 0;
	int failed = csv_write(&s->bench, row);

	if (!failed && r->has_latency && !c->na)
		failed = folder_write_latency(&s->latency, row, c->scenario->name, &r->latency);
	if (failed && !s->write_failed) {
		s->write_failed = failed;
		machine_stop = 1; /* measuring what cannot be kept is pointless */
	}
	if (ns)
		opt_double(ns, &value);
	if (!c->na)
		summary_add(&s->summary, cell, r, value);
}

/* On a terminal: what is measured now, and how long it will take. */
static void on_progress(void *arg, size_t done, size_t of, const struct bench_case *c)
{
	const struct session *s = arg;
	struct timespec now;
	double spent;
	char name[256];

	if (!isatty(STDERR_FILENO) || done % 8)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	spent = (double)(now.tv_sec - s->began.tv_sec) + (double)(now.tv_nsec - s->began.tv_nsec) * 1e-9;
	bench_case_name(c, name, sizeof(name));
	fprintf(stderr, "\r\033[K%zu/%zu  %.0f s left  %.60s", done, of,
		done ? spent / (double)done * (double)(of - done) : 0, name);
	if (done + 8 >= of)
		fprintf(stderr, "\r\033[K");
}

static int code_of(const struct session *s, int failed, const struct bench_plan *plan)
{
	if (s->write_failed)
		return env_error("cannot write %s: %s", s->folder.path, strerror(-s->write_failed));
	if (caught)
		return 128 + caught;
	if (failed)
		return env_error("%s", s->err);
	if (s->totals.violated)
		return EXIT_VIOLATED;
	for (size_t i = 0; i < plan->n_cells; i++)
		if (!plan->cell[i].na)
			return s->totals.cases_without_ok ? EXIT_UNDECIDED : EXIT_AS_STATED;
	return skipped("nothing that was asked for can run: %s", plan->cell[0].na);
}

int session_bench(struct session *s, const struct bench_plan *plan)
{
	char json[PATH_MAX];
	struct bench_run_options options = { .json_path = json,
					     .run_id = s->folder.run_id,
					     .row = on_row,
					     .progress = on_progress,
					     .arg = s };
	int failed = folder_file(&s->folder, "gbench.json", json, sizeof(json));

	if (!failed)
		failed = bench_run(plan, &options, &s->totals, s->err, sizeof(s->err));
	return code_of(s, failed, plan);
}

int session_close(struct session *s, int code)
{
	bool interrupted = code > 128;

	summary_fini(&s->summary);
	csv_writer_close(&s->bench);
	csv_writer_close(&s->latency);
	if (folder_close(&s->folder, interrupted ? "interrupted" : "complete", s->err, sizeof(s->err)))
		return exit_code_worst(code, env_error("%s", s->err));
	return code;
}
