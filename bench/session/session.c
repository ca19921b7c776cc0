// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, filling and closing a results folder. */
#include "bench/session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/kernel/kernel.h"
#include "bench/session/done.h"
#include "machine/clock.h"
#include "machine/preempt.h"
#include "results/json.h"
#include "results/schema.h"

struct cJSON *bench_plan_json(const struct bench_plan *plan)
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
	cJSON_AddNumberToObject(json, "processes", o->processes ? o->processes : 1);
	cJSON_AddNumberToObject(json, "window_ns", (double)o->window_ns);
	if (o->live_window_ns)
		cJSON_AddNumberToObject(json, "live_window_ns", (double)o->live_window_ns);
	cJSON_AddNumberToObject(json, "estimated_s", (double)plan->duration_ns * 1e-9);
	cJSON_AddStringToObject(json, "left_out", bench_plan_left_out(o));
	return json;
}

/* What will be counted, proven, and the columns for it.  -ENOMEM. */
static int choose_meter(struct bench_session *s)
{
	const struct bench_options *o = s->plan->options;
	const struct perf_set *chosen = o->perf;

	s->meter = (struct bench_meter){ .control = o->control };
	if (chosen)
		s->meter.events = *chosen;
	else
		perf_set_default(&s->meter.events);
	perf_set_prove(&s->meter.events);
	if (s->meter.events.kernel) {
		perf_set_kernel(&s->meter.kernel);
		perf_set_prove(&s->meter.kernel);
	}
	return bench_meter_schema(&s->columns, &s->meter);
}

static cJSON *event_json(const struct perf_event *e, const char *prefix)
{
	cJSON *json = cJSON_CreateObject();
	char text[96];

	cJSON_AddStringToObject(json, "event", e->name);
	snprintf(text, sizeof(text), "%s%s", prefix, e->column);
	cJSON_AddStringToObject(json, "column", text);
	snprintf(text, sizeof(text), "%u:0x%llx", e->type, (unsigned long long)e->config);
	cJSON_AddStringToObject(json, "encoding", text);
	cJSON_AddStringToObject(json, "modes", e->kernel ? e->user ? "uk" : "k" : "u");
	cJSON_AddStringToObject(json, "state", perf_state_name[e->state]);
	if (e->why[0])
		cJSON_AddStringToObject(json, "why", e->why);
	if (e->proven)
		results_json_add_u64(json, "test_count", e->proven);
	return json;
}

static void add_set(cJSON *json, const char *name, const struct perf_set *set, const char *prefix)
{
	cJSON *events = cJSON_AddArrayToObject(json, name);

	for (size_t i = 0; i < set->n; i++)
		cJSON_AddItemToArray(events, event_json(&set->event[i], prefix));
}

static void add_asked(cJSON *json, const struct bench_meter *meter)
{
	char text[sizeof(meter->events.event[0].name) * (PERF_MAX_EVENTS + 2)] = "off";
	int n = 0;

	for (size_t i = 0; i < meter->events.n; i++)
		n += sprintf(text + n, "%s%s", n ? "," : "", meter->events.event[i].name);
	if (meter->kernel.n)
		sprintf(text + n, "%skernel", n ? "," : "");
	cJSON_AddStringToObject(json, "asked", text);
}

struct cJSON *bench_perf_json(const struct bench_meter *meter)
{
	cJSON *json = cJSON_CreateObject();
	const char *pfm = perf_pfm_version();

	add_asked(json, meter);
	cJSON_AddStringToObject(json, "cpu", meter->events.cpu);
	cJSON_AddItemToObject(json, "libpfm", pfm ? cJSON_CreateString(pfm) : cJSON_CreateNull());
	add_set(json, "events", &meter->events, "perf_");
	add_set(json, "kernel", &meter->kernel, "kernel_");
	return json;
}

int bench_session_no_memory(struct bench_session *s)
{
	snprintf(s->err, sizeof(s->err), "Cannot allocate memory");
	return -ENOMEM;
}

static bool has_kernel_rows(const struct bench_plan *plan)
{
	for (size_t i = 0; i < plan->n_cells; i++)
		if (machine_is_kernel(plan->cell[i].transport) && !plan->cell[i].na)
			return true;
	return false;
}

/* What is known of the clock and the topology, beside the results. */
static int describe(struct bench_session *s)
{
	cJSON *clock = cJSON_CreateObject();
	char *xml;
	int failed;

	cJSON_AddBoolToObject(cJSON_GetObjectItem(s->folder.run, "machine"), "rseq", preempt_is_seen());
	cJSON_AddStringToObject(clock, "source", machine_clock.source);
	cJSON_AddNumberToObject(clock, "ns_per_tick", machine_clock.ns_per_tick);
	cJSON_AddNumberToObject(clock, "calibration_spread_ppm", machine_clock.error_ppm);
	cJSON_AddNumberToObject(clock, "step_ns", machine_clock.step_ns);
	if (folder_set(&s->folder, "clock", clock) ||
	    folder_set(&s->folder, "perf", bench_perf_json(&s->meter)))
		return -ENOMEM;
	if (has_kernel_rows(s->plan) && folder_set(&s->folder, "kick_judge", bench_kernel_json()))
		return -ENOMEM;
	xml = topo_xml(s->plan->topo);
	failed = xml ? folder_write(&s->folder, "topology.xml", xml) : -ENOMEM;
	free(xml);
	if (failed)
		snprintf(s->err, sizeof(s->err), "%.400s: cannot write topology.xml: %s", s->folder.path,
			 strerror(-failed));
	return failed;
}

/* Static: there is one session in a process. */
int bench_session_describe(struct folder_options *options, const char *out, int argc, char **argv,
			   const struct bench_plan *plan)
{
	static char topology[32], hash_text[32];
	uint64_t hash;
	cJSON *json;

	if (bench_plan_hash(plan, &hash))
		return -ENOMEM;
	snprintf(topology, sizeof(topology), "%016llx", (unsigned long long)topo_hash(plan->topo));
	snprintf(hash_text, sizeof(hash_text), "%016llx", (unsigned long long)hash);
	json = bench_plan_json(plan);
	cJSON_AddStringToObject(json, "hash", hash_text);
	*options = (struct folder_options){ .out = out,
					    .argc = argc,
					    .argv = argv,
					    .seed = plan->options->seed,
					    .build = folder_this_build(true),
					    .plan = json,
					    .topology_hash = topology,
					    .pu_layout = topo_layout_json(plan->topo) };
	return 0;
}

/* A folder on which no lock can be had (some network file systems) is used without one. */
int bench_session_lock(struct bench_session *s)
{
	s->lock = open(s->folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0 || !flock(s->lock, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return 0;
	snprintf(s->err, sizeof(s->err), "%.400s: another run is writing to it", s->folder.path);
	return -EWOULDBLOCK;
}

int bench_session_open_files(struct bench_session *s, enum csv_open how)
{
	int failed = choose_meter(s);

	s->cell = calloc(s->plan->n_cells, sizeof(*s->cell));
	if (!failed && !s->cell)
		failed = -ENOMEM;
	if (failed)
		return bench_session_no_memory(s);
	failed = folder_csv(&s->folder, &s->columns, how, &s->bench, s->err, sizeof(s->err));
	if (!failed)
		failed = folder_csv(&s->folder, &schema_latency, how, &s->latency, s->err, sizeof(s->err));
	return failed || !s->folder.run ? failed : describe(s);
}

void bench_session_begin(struct bench_session *s, const struct bench_plan *plan)
{
	memset(s, 0, sizeof(*s));
	s->plan = plan;
	s->bench.fd = s->latency.fd = s->lock = -1;
	clock_gettime(CLOCK_MONOTONIC, &s->began);
	clock_init();
}

int bench_session_open(struct bench_session *s, const char *out, int argc, char **argv,
		       const struct bench_plan *plan)
{
	struct folder_options options;
	int failed;

	bench_session_begin(s, plan);
	failed = bench_session_describe(&options, out, argc, argv, plan);
	if (failed)
		return bench_session_no_memory(s);
	failed = folder_open(&s->folder, &options, s->err, sizeof(s->err));
	cJSON_Delete((cJSON *)options.plan);
	cJSON_Delete((cJSON *)options.pu_layout);
	if (failed && !folder_is_misnamed(failed))
		return failed;
	if (failed || bench_session_lock(s))
		return -EINVAL;
	return bench_session_open_files(s, CSV_CREATE);
}

/* Rows go to the file of their schema. */
static int write_row(struct sink *sink, const struct csv_row *row)
{
	struct bench_session *s = (struct bench_session *)sink;
	int failed = csv_write(row->schema == &schema_latency ? &s->latency : &s->bench, row);

	if (failed && !s->write_failed)
		s->write_failed = failed;
	return failed;
}

void bench_session_count(struct bench_session *s, size_t cell, enum verdict verdict)
{
	s->cell[cell].any = true;
	s->cell[cell].ok |= verdict == VERDICT_OK;
	s->cell[cell].violated |= verdict == VERDICT_VIOLATED;
}

static void on_row(void *arg, size_t cell, const struct bench_case *c, const struct bench_result *r,
		   const struct csv_row *row)
{
	(void)row;
	bench_session_count(arg, cell, c->na ? VERDICT_NA : r->verdict);
}

/* gbench.json; of later processes and resumed runs gbench-2.json, ... */
static int json_file(const struct bench_session *s, char *path, size_t size)
{
	char name[32] = "gbench.json";
	int failed = folder_file(&s->folder, name, path, size);

	for (int i = 2; !failed && i < 100000 && !access(path, F_OK); i++) {
		snprintf(name, sizeof(name), "gbench-%d.json", i);
		failed = folder_file(&s->folder, name, path, size);
	}
	return failed;
}

int bench_session_run(struct bench_session *s)
{
	char json[PATH_MAX];
	struct bench_run_options options = { .json_path = json,
					     .run_id = s->folder.run_id,
					     .process = s->process,
					     .schema = &s->columns,
					     .meter = &s->meter,
					     .skip = s->skip,
					     .sink = &s->sink,
					     .row = on_row,
					     .progress = s->progress,
					     .arg = s };
	struct bench_summary totals = { 0 };
	int failed = json_file(s, json, sizeof(json));

	s->sink.row = write_row;
	if (!failed)
		failed = bench_run(s->plan, &options, &totals, s->err, sizeof(s->err));
	s->late = totals.late;
	if (s->write_failed) {
		failed = s->write_failed;
		snprintf(s->err, sizeof(s->err), "cannot write %.400s: %s", s->folder.path,
			 strerror(-failed));
	}
	return failed;
}

enum verdict bench_session_verdict(const struct bench_session *s)
{
	enum verdict worst = VERDICT_NA;

	for (size_t i = 0; i < s->plan->n_cells; i++) {
		enum verdict verdict = s->cell[i].violated ? VERDICT_VIOLATED :
				       s->plan->cell[i].na ? VERDICT_NA :
				       s->cell[i].ok	   ? VERDICT_OK :
							     VERDICT_INCONCLUSIVE;

		worst = verdict > worst ? verdict : worst;
	}
	return worst;
}

int bench_session_close(struct bench_session *s, const char *state)
{
	char err[sizeof(s->err)];
	int failed = csv_writer_close(&s->bench), latency = csv_writer_close(&s->latency);
	int matrix, closed;

	failed = failed ? failed : latency;
	if (failed)
		snprintf(s->err, sizeof(s->err), "cannot write %.400s: %s", s->folder.path,
			 strerror(-failed));
	perf_set_fini(&s->meter.events);
	perf_set_fini(&s->meter.kernel);
	csv_schema_fini(&s->columns);
	free(s->cell);
	free(s->skip);
	s->cell = NULL;
	s->skip = NULL;
	if (s->lock >= 0)
		close(s->lock);
	if (!s->folder.run) /* joined: the run is another process's */
		return failed;
	matrix = bench_matrix_csv(&s->folder, s->plan, s->err, sizeof(s->err));
	failed = failed ? failed : matrix;
	closed = folder_close(&s->folder, state, err, sizeof(err));
	if (!failed && closed)
		snprintf(s->err, sizeof(s->err), "%s", err);
	return failed ? failed : closed;
}
