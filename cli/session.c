// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, filling and closing a results folder. */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/session/done.h"
#include "cli/exit_code.h"
#include "cli/matrix.h"
#include "cli/opt.h"
#include "cmake/build_info.h"
#include "machine/clock.h"
#include "results/hash.h"
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
	cJSON_AddNumberToObject(json, "processes", o->processes ? o->processes : 1);
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
	if (folder_set(&s->folder, "clock", clock) ||
	    folder_set(&s->folder, "perf", session_perf_json(&s->meter)))
		return -ENOMEM;
	if (folder_file(&s->folder, "topology.xml", path, sizeof(path)))
		return -ENAMETOOLONG;
	return topo_export_xml(s->topo, path, s->err, sizeof(s->err));
}

/* FNV-1a of the program file; "" if it cannot be read. */
static void hash_binary(char *text, size_t size)
{
	uint64_t hash = HASH_START;
	unsigned char chunk[1 << 14];
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		hash = hash_bytes(hash, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
	*text = '\0';
	if (!n)
		snprintf(text, size, "%016llx", (unsigned long long)hash);
}

/* Static: there is one session in a process. */
int session_describe_folder(struct folder_options *options, const char *out, int argc, char **argv,
			    const struct bench_plan *plan, const struct topo *topo)
{
	static char topology[32], binary[32], hash_text[32];
	static struct folder_library libraries[4]; /* a NULL name at the end */
	static struct folder_build build;
	uint64_t hash;
	cJSON *json;

	if (bench_plan_hash(plan, &hash))
		return -ENOMEM;
	snprintf(topology, sizeof(topology), "%016llx", (unsigned long long)topo_hash(topo));
	snprintf(hash_text, sizeof(hash_text), "%016llx", (unsigned long long)hash);
	hash_binary(binary, sizeof(binary));
	libraries[0] = (struct folder_library){ "benchmark", build_info.benchmark_version };
	libraries[1] = (struct folder_library){ "hwloc", build_info.hwloc_version };
	libraries[2] = (struct folder_library){ "ck", build_info.ck_version };
	build = (struct folder_build){ .version = build_info.version,
					    .revision = build_info.git_revision,
					    .compiler = build_info.compiler,
					    .flags = build_info.c_flags,
					    .build_type = build_info.build_type,
					    .libraries = libraries,
					    .binary = binary };
	json = session_plan_json(plan);
	cJSON_AddStringToObject(json, "hash", hash_text);
	*options = (struct folder_options){ .out = out,
					    .argc = argc,
					    .argv = argv,
					    .seed = plan->options->seed,
					    .build = &build,
					    .plan = json,
					    .topology_hash = topology };
	return 0;
}

/* A folder on which no lock can be had (some network file systems) is used without one. */
int session_lock(struct session *s)
{
	s->lock = open(s->folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0 || !flock(s->lock, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return 0;
	snprintf(s->err, sizeof(s->err), "%.400s: another run is writing to it", s->folder.path);
	return -EWOULDBLOCK;
}

int session_open_files(struct session *s, const struct bench_plan *plan, enum csv_open how)
{
	int failed = session_count(s, plan);

	s->plan = plan;
	s->cell = calloc(plan->n_cells, sizeof(*s->cell));
	if (!failed && !s->cell)
		failed = -ENOMEM;
	if (failed) {
		snprintf(s->err, sizeof(s->err), "out of memory");
		return failed;
	}
	failed = folder_csv_open(&s->folder, &s->columns, how, &s->bench, s->err, sizeof(s->err));

	if (!failed)
		failed = folder_csv_open(&s->folder, &schema_latency, how, &s->latency, s->err,
					 sizeof(s->err));
	return failed || !s->folder.run ? failed : describe(s);
}

void session_begin(struct session *s, const struct topo *topo)
{
	memset(s, 0, sizeof(*s));
	s->topo = topo;
	s->bench.fd = s->latency.fd = s->lock = -1;
	clock_gettime(CLOCK_MONOTONIC, &s->began);
	clock_init();
}

int session_open(struct session *s, const char *out, int argc, char **argv,
		 const struct bench_plan *plan, const struct topo *topo)
{
	struct folder_options options;
	int failed;

	session_begin(s, topo);
	if (session_describe_folder(&options, out, argc, argv, plan, topo))
		return env_error("out of memory");
	failed = folder_open(&s->folder, &options, s->err, sizeof(s->err));
	cJSON_Delete((cJSON *)options.plan);
	if (failed || session_lock(s))
		return usage_error("%s", s->err);
	if (session_open_files(s, plan, CSV_CREATE))
		return env_error("%s", s->err);
	return EXIT_AS_STATED;
}

void session_add(struct session *s, size_t cell, enum verdict verdict)
{
	s->cell[cell].any = true;
	s->cell[cell].ok |= verdict == VERDICT_OK;
	s->cell[cell].violated |= verdict == VERDICT_VIOLATED;
}

/* What a case's histogram is of. */
static const char *latency_kind(const struct bench_case *c)
{
	return c->scenario->latency_kind ? c->scenario->latency_kind : c->scenario->name;
}

static void on_row(void *arg, size_t cell, const struct bench_case *c, const struct bench_result *r,
		   const struct csv_row *row)
{
	struct session *s = arg;
	int failed = 0;

	/* The row comes last: once it is there, all of it is. */
	if (r->has_latency && !c->na)
		failed = folder_write_latency(&s->latency, row, latency_kind(c), &r->latency);
	if (!failed)
		failed = csv_write(&s->bench, row);
	if (failed && !s->write_failed) {
		s->write_failed = failed;
		machine_stop = 1; /* measuring what cannot be kept is pointless */
	}
	session_add(s, cell, c->na ? VERDICT_NA : r->verdict);
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

int session_code(const struct session *s, int failed, const struct bench_plan *plan)
{
	bool any = false, without_ok = false, violated = false;

	if (s->write_failed)
		return env_error("cannot write %s: %s", s->folder.path, strerror(-s->write_failed));
	if (caught)
		return 128 + caught;
	if (failed)
		return env_error("%s", s->err);
	for (size_t i = 0; i < plan->n_cells; i++) {
		any |= !plan->cell[i].na;
		without_ok |= !plan->cell[i].na && !s->cell[i].ok;
		violated |= s->cell[i].violated;
	}
	if (any)
		return violated ? EXIT_VIOLATED : without_ok ? EXIT_UNDECIDED : EXIT_AS_STATED;
	return skipped("nothing that was asked for can run: %s", plan->cell[0].na);
}

/* gbench.json; of later processes and resumed runs gbench-2.json, ... */
static int json_file(const struct session *s, char *path, size_t size)
{
	char name[32] = "gbench.json";
	int failed = folder_file(&s->folder, name, path, size);

	for (int i = 2; !failed && i < 100000 && !access(path, F_OK); i++) {
		snprintf(name, sizeof(name), "gbench-%d.json", i);
		failed = folder_file(&s->folder, name, path, size);
	}
	return failed;
}

int session_bench(struct session *s, const struct bench_plan *plan)
{
	char json[PATH_MAX];
	struct bench_run_options options = { .json_path = json,
					     .run_id = s->folder.run_id,
					     .process = s->process,
					     .schema = &s->columns,
					     .meter = &s->meter,
					     .skip = s->skip,
					     .row = on_row,
					     .progress = on_progress,
					     .arg = s };
	int failed = json_file(s, json, sizeof(json));

	if (!failed)
		failed = bench_run(plan, &options, &s->totals, s->err, sizeof(s->err));
	return session_code(s, failed, plan);
}

int session_close(struct session *s, int code)
{
	const char *state = code > 128 ? "interrupted" : code == EXIT_ENVIRONMENT ? "failed" : "complete";

	free(s->cell);
	s->cell = NULL;
	csv_writer_close(&s->bench);
	csv_writer_close(&s->latency);
	perf_set_fini(&s->meter.events);
	perf_set_fini(&s->meter.kernel);
	csv_schema_fini(&s->columns);
	free(s->skip);
	s->skip = NULL;
	if (s->lock >= 0)
		close(s->lock);
	if (!s->folder.run) /* joined: the run is another process's */
		return code;
	if (s->plan && matrix_write(&s->folder, s->plan, s->err, sizeof(s->err)))
		code = exit_code_worst(code, env_error("%s", s->err));
	if (folder_close(&s->folder, state, s->err, sizeof(s->err)))
		return exit_code_worst(code, env_error("%s", s->err));
	return code;
}
