// SPDX-License-Identifier: GPL-2.0-or-later
/* What verbs share: the topology, the results folder, a measuring session, JSON, the handler of signals. */
#include "cli/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/session/session.h"
#include "machine/relax.h"
#include "perf/perf.h"
#include "results/json.h"
#include "topo/topo.h"

int verb_print_json(cJSON *object)
{
	char *text = results_json_print(object, true);

	cJSON_Delete(object);
	if (!text)
		return env_error("Cannot allocate memory");
	puts(text);
	free(text);
	return EXIT_AS_STATED;
}

int verb_load_topo(struct topo **topo, const char *xml, const char *synthetic)
{
	char err[256];
	int failed = xml	 ? topo_load_xml(topo, xml, err, sizeof(err))
		     : synthetic ? topo_load_synthetic(topo, synthetic, err, sizeof(err))
				 : topo_load(topo, err, sizeof(err));

	if (failed && (xml || synthetic))
		return usage_error("%s", err);
	if (failed == -EACCES)
		return skipped("%s", err);
	return failed ? env_error("%s", err) : EXIT_AS_STATED;
}

const char *const verb_perf_words[3] = { "auto", "kernel", "off" };

int verb_take_perf(const char *verb, const char *text, struct perf_set *set, const struct perf_set **chosen)
{
	char err[512];

	*set = (struct perf_set){ 0 };
	*chosen = set;
	if (!strcmp(text, "auto"))
		*chosen = NULL;
	else if (strcmp(text, "off") && perf_set_add(set, text, err, sizeof(err)))
		return usage_error("%s: --perf %s", verb, err);
	return 0;
}

unsigned int verb_forced(const struct opt_value *force)
{
	unsigned int groups = force->text ? 0 : ~0u;

	for (size_t i = 0; i < force->n; i++)
		groups |= 2u << force->index[i]; /* notes have no name: they forbid nothing */
	return groups;
}

static int export_topology(const struct folder *folder, const struct topo *topo, char *err,
			   size_t err_size)
{
	char *xml = topo_xml(topo);
	int failed = xml ? folder_write(folder, "topology.xml", xml) : -ENOMEM;

	free(xml);
	if (failed)
		snprintf(err, err_size, "%s: cannot write topology.xml: %s", folder->path, strerror(-failed));
	return failed;
}

int verb_folder_open(struct verb_folder *to, const struct verb_folder_options *o)
{
	char hash[32], err[512] = "";
	struct folder_options options = { .out = o->out,
					  .argc = o->line->argc,
					  .argv = o->line->argv,
					  .seed = o->seed,
					  .build = folder_this_build(false),
					  .plan = o->plan };
	cJSON *layout = NULL;
	int failed;

	if (o->topo) {
		snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)topo_hash(o->topo));
		layout = topo_layout_json(o->topo);
		options.topology_hash = hash;
		options.pu_layout = layout;
	}
	failed = folder_open(&to->folder, &options, err, sizeof(err));
	cJSON_Delete(o->plan);
	cJSON_Delete(layout);
	if (failed)
		return folder_is_misnamed(failed) ? usage_error("%s", err) : env_error("%s", err);
	sink_folder_init(&to->files, &to->folder);
	if (sink_folder_begin(&to->files, o->schema))
		snprintf(err, sizeof(err), "%s", to->files.err);
	else if (!o->topo || !export_topology(&to->folder, o->topo, err, sizeof(err)))
		return EXIT_AS_STATED;
	env_error("%s", err);
	folder_abandon();
	return EXIT_ENVIRONMENT;
}

const char *verb_state_of(int code)
{
	return code > 128 ? "interrupted" : code == EXIT_ENVIRONMENT ? "failed" : "complete";
}

/* A line where a cgroup's CPU quota stopped us since the folder was opened. */
static void tell_throttled(const struct folder *folder)
{
	struct host_noise now;

	host_noise_read(folder->root, &now);
	if (folder->start.throttled >= 0 && now.throttled > folder->start.throttled)
		fprintf(stderr,
			"kickbench: the cgroup's CPU quota stopped this run %lld times, %.3g s in all:"
			" figures and tails have that in them\n",
			(long long)(now.throttled - folder->start.throttled),
			(double)(now.throttled_us - folder->start.throttled_us) * 1e-6);
}

int verb_folder_close(struct verb_folder *to, int code)
{
	char err[512] = "";
	int failed = sink_folder_close(&to->files);

	fprintf(stderr, "results: %s\n", to->folder.path);
	tell_throttled(&to->folder);
	if (failed)
		code = exit_code_worst(code, EXIT_ENVIRONMENT);
	if (folder_close(&to->folder, verb_state_of(code), err, sizeof(err)) || failed)
		return exit_code_worst(code, env_error("%s: %s", to->folder.path,
						       failed ? strerror(-failed) : err));
	return code;
}

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	if (caught == SIGINT && number == SIGINT) {
		signal(SIGINT, SIG_DFL);
		raise(SIGINT);
	}
	caught = number;
	machine_stop = MACHINE_STOP;
}

void verb_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, before;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN) /* as nohup has it */
		sigaction(SIGHUP, &action, NULL);
}

int verb_signal(void)
{
	return caught;
}

bool verb_stopped(void)
{
	return caught;
}

/* A measuring session */

/* On a terminal: what is measured now, and how long it will take. */
static void on_progress(void *arg, size_t done, size_t of, const struct bench_case *c)
{
	const struct bench_session *s = arg;
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

int verb_session_opened(struct bench_session *s, int failed)
{
	s->progress = on_progress;
	if (failed == -EINVAL)
		return usage_error("%s", s->err);
	if (!failed)
		return EXIT_AS_STATED;
	folder_abandon();
	return env_error("%s", s->err);
}

/* This program again. */
static void exec_process(const char *dir, unsigned int process)
{
	char number[16];
	char *argv[] = { (char *)"kickbench", (char *)"bench",	   (char *)"--resume", (char *)dir,
			 (char *)"--process", number, NULL };

	snprintf(number, sizeof(number), "%u", process);
	execv("/proc/self/exe", argv);
}

static bool has_measured(int code)
{
	return code == EXIT_AS_STATED || code == EXIT_VIOLATED || code == EXIT_UNDECIDED ||
	       code == EXIT_SKIPPED;
}

static void on_process(unsigned int process, unsigned int of)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "process %u of %u\n", process + 1, of);
}

int verb_session_measure(struct bench_session *s, bool in_processes, bool resumes)
{
	static const struct bench_respawn how = { exec_process, has_measured, on_process };
	int failed = in_processes ? bench_session_respawn(s, &how) : bench_session_run_apart(s);

	if (verb_signal() && !s->write_failed)
		return 128 + verb_signal();
	if (failed)
		return env_error("%s", s->err);
	if (s->late && s->folder.run)
		fprintf(stderr, "left out: %zu of %zu rows, since the time was over%s%s%s\n", s->late,
			s->plan->n_turns * bench_processes(s->plan),
			resumes ? " (kickbench bench --resume " : "", resumes ? s->folder.path : "",
			resumes ? ")" : "");
	switch (bench_session_verdict(s)) {
	case VERDICT_VIOLATED:
		return EXIT_VIOLATED;
	case VERDICT_INCONCLUSIVE:
		return EXIT_UNDECIDED;
	case VERDICT_OK:
		return EXIT_AS_STATED;
	default:
		return skipped("nothing that was asked for can run: %s", s->plan->cell[0].na);
	}
}

int verb_session_close(struct bench_session *s, int code)
{
	const char *state = verb_state_of(code);

	if (s->folder.run) /* not one that another process opened */
		tell_throttled(&s->folder);
	if (s->late && !strcmp(state, "complete"))
		state = "out of time";
	if (bench_session_close(s, state))
		code = exit_code_worst(code, env_error("%s", s->err));
	return code;
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

int verb_print_plan(const struct bench_plan *plan, bool json)
{
	struct topo_counts counts;

	if (json)
		return verb_print_json(bench_plan_json(plan));
	topo_count(plan->topo, &counts);
	for (size_t i = 0; i < plan->n_cells; i++)
		print_cell(plan->topo, &plan->cell[i], counts.kinds > 1);
	printf("%zu cells, %zu rows", plan->n_cells, plan->n_turns);
	if (plan->options->processes > 1)
		printf(" in each of %u processes", plan->options->processes);
	printf(", about %.0f s\n", (double)plan->duration_ns * 1e-9);
	if (*bench_plan_left_out(plan->options))
		printf("left out: %s\n", bench_plan_left_out(plan->options));
	return EXIT_AS_STATED;
}
