// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kickbench judge: a protocol from elsewhere, before all judges, in one page.  The program that is
 * installed makes another one, whose backends are the file's and the base's, and calls its
 * `judge`, which asks them.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/plan/plan.h"
#include "bench/session/session.h"
#include "cli/ci.h"
#include "cli/corpus.h"
#include "cli/verbs.h"
#include "cli/view_judge.h"
#include "explore/cell/ask.h"
#include "explore/model/models.h"
#include "kit/kit.h"
#include "results/compare_gate.h"
#include "results/compare_side.h"
#include "results/file.h"
#include "results/schema.h"
#include "topo/topo.h"

enum { SECOND = 1000000000, MOST_PRESETS = 128, PROCESSES = 2, LOOK_US = 50000 };

static struct judge_command {
	struct kit_make make;
	const char *base, *cc, *from, *out, *program, *corpus;
	bool begin_new, expect, slower_ok, strict;
	const char *model[8];
	size_t n_models;
	double seconds; /* of explore, per file */
	uint64_t stress_ns, bench_ns;
	uint64_t seed;
	double margin; /* per cent */
	struct verb_ci ci;
} command;

static const char *model_name(size_t i)
{
	return xp_models[i] ? xp_models[i]->name : NULL;
}

#define TO(member) OPT_TO(struct judge_command, member)
static const struct opt options[] = {
	{ .name = "base",
	  .kind = OPT_TEXT,
	  .value = "NAME",
	  .preset = "patched",
	  .doc = "what it is measured beside: a backend of `kickbench list`, or a file",
	  TO(base) },
	{ .name = "time",
	  .kind = OPT_TIME,
	  .least = 1,
	  .preset = "60",
	  .doc = "for explore, of each file; what is not decided then is named",
	  TO(seconds) },
	{ .name = "model",
	  .kind = OPT_NAMES,
	  .name_of = model_name,
	  .preset = "sc,tso,pso,rc11",
	  .doc = "memory models of explore",
	  .more = "Under `lkmm` and `armv8`, in which loads run ahead, KVM's own kick of today does "
		  "not hold in every preset (docs/findings.md).",
	  OPT_TO_ARRAY(struct judge_command, model, n_models) },
	{ .name = "stress-time",
	  .kind = OPT_TIME,
	  .most = UINT64_C(1000000) * SECOND,
	  .preset = "5",
	  .doc = "for stress, of each file; 0: none",
	  TO(stress_ns) },
	{ .name = "bench-time",
	  .kind = OPT_TIME,
	  .preset = "20",
	  .doc = "for measuring, of all together; 0: none",
	  TO(bench_ns) },
	{ .name = "margin",
	  .kind = OPT_REAL,
	  .value = "PCT",
	  .preset = "5",
	  .doc = "changes up to this many per cent do not matter",
	  TO(margin) },
	{ .name = "slower-ok",
	  .kind = OPT_FLAG,
	  .doc = "a higher price is told, and is no reason for exit 1",
	  TO(slower_ok) },
	{ .name = "expect",
	  .kind = OPT_FLAG,
	  .doc = "judge what the file declares instead of the properties",
	  TO(expect) },
	{ .name = "strict",
	  .kind = OPT_FLAG,
	  .doc = "exit 5 where a cell is undecided, and not only where nothing is proved",
	  TO(strict) },
	{ .name = "corpus",
	  .kind = OPT_DIR,
	  .doc = "counter-examples that were kept there: does the new text still have them? New "
		 "ones are added",
	  .more = "As `explore --corpus` writes them. Each is run again with the new text: still "
		  "violated, violated by a schedule nearby, gone, or no longer applicable, and "
		  "why.",
	  TO(corpus) },
	{ .name = "out",
	  .kind = OPT_DIR,
	  .doc = "a results folder, for report and compare",
	  TO(out) },
	{ .name = "seed",
	  .kind = OPT_NUMBER,
	  .preset = "1",
	  .doc = "of everything random",
	  TO(seed) },
	{ .section = "How it is compiled",
	  .name = "cc",
	  .kind = OPT_TEXT,
	  .value = "CMD",
	  .doc = "the C compiler, by default $CC, cc, gcc or clang",
	  TO(cc) },
	{ .name = "program",
	  .kind = OPT_FILE,
	  .starts = "\177ELF",
	  .doc = "keep the program that was made: a kickbench with these backends, for everything "
		 "else",
	  TO(program) },
	{ .section = "A new one",
	  .name = "new",
	  .kind = OPT_FLAG,
	  .doc = "write a commented skeleton into the file, and judge nothing",
	  TO(begin_new) },
	{ .name = "from",
	  .kind = OPT_TEXT,
	  .value = "NAME",
	  .preset = "patched",
	  .doc = "with --new: the backend that it begins as",
	  TO(from) },
	VERB_CI_OPTIONS(struct judge_command),
	{ 0 },
};

static int check_line(void *arg, const struct opt_line *line)
{
	const struct judge_command *c = arg;

	if (!line->n_operands)
		return usage_error("judge: which file? (see kickbench judge --help)");
	if (c->begin_new && line->n_operands != 1)
		return usage_error("judge: --new takes one file");
	return EXIT_AS_STATED;
}

static const struct opt_table table = {
	.verb = "judge",
	.summary = "a protocol of your own, in a file: better, and still right?",
	.usage = "FILE... [--base NAME] [options]\n--new FILE [--from NAME]",
	.about =
		"Compiles the file, explores it in every preset that fits under four memory models, "
		"stresses it on real threads, measures it beside the base, and says it all in "
		"one page.",
	.after =
		"Exit: 0 nothing was found, and it is not slower; 1 a violation, or slower than "
		"the base by more than A/A shows; 2 the file is no backend, or usage; 3 the "
		"environment failed, or the backend crashed; 5 nothing could be proved, or a loop "
		"comes to no end.",
	.option = options,
	.size = sizeof(struct judge_command),
	.check = check_line,
	.operand = "FILE",
};

/* The program that is made */

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st;
	(void)what;
	(void)ftw;
	return remove(path) && errno != ENOENT;
}

static void remove_tree(const char *dir)
{
	if (*dir)
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int make_temporary(char dir[PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, PATH_MAX, "%s/kickbench-judge-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(dir))
		return EXIT_AS_STATED;
	*dir = 0;
	return env_error("no folder for temporary files: %s", strerror(errno));
}

/* What does not compile is the test that failed. */
static int refuse(struct judge_command *c, int failed)
{
	const char *name = c->make.n ? c->make.backend[0].name : "judge";

	sink_tests_add(&c->ci.tests, "judge", name,
		       failed == -EBADMSG || failed == -EINVAL ? SINK_FAILED : SINK_BROKEN, 0,
		       c->make.err);
	if (failed != -EBADMSG && failed != -EINVAL) {
		int code = env_error("judge: %s", c->make.err);

		if (failed == -ENOEXEC)
			kit_complain(stderr, &c->make);
		return code;
	}
	if (failed == -EINVAL)
		return usage_error("judge: %s", c->make.err);
	usage_error("judge: %s", c->make.err);
	if (*c->make.said)
		kit_complain(stderr, &c->make);
	return EXIT_USAGE;
}

static int keep_program(const char *made, const char *to)
{
	int fd = open(made, O_RDONLY | O_CLOEXEC), failed = 0;
	struct stat st = { 0 };
	void *text = MAP_FAILED;

	if (fd >= 0 && !fstat(fd, &st))
		text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		failed = -errno;
	if (fd >= 0)
		close(fd);
	if (!failed) {
		failed = results_file_write(to, text, (size_t)st.st_size);
		munmap(text, (size_t)st.st_size);
	}
	/* A device stays as it is. */
	if (!failed && !stat(to, &st) && S_ISREG(st.st_mode) && chmod(to, st.st_mode | 0111))
		failed = -errno;
	return failed ? env_error("%s: %s", to, strerror(-failed)) : EXIT_AS_STATED;
}

/* Its `judge`, with our command line: an exit code. */
static int call(const char *program, const struct opt_line *line)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execv(program, line->argv - 1); /* argv[-1] is this program's name */
		fprintf(stderr,
			"kickbench: %s: %s (is there a noexec mount? TMPDIR chooses another "
			"folder)\n",
			program, strerror(errno));
		_exit(EXIT_ENVIRONMENT);
	}
	if (pid < 0)
		return env_error("judge: %s", strerror(errno));
	/* Ctrl-C goes to both; what is sent to this process alone is for the other one. */
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (verb_signal() == SIGTERM || verb_signal() == SIGHUP)
			kill(pid, SIGTERM);
		usleep(LOOK_US);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int make_and_call(struct judge_command *c, struct opt_line *line, const char *dir)
{
	char program[PATH_MAX + 16];
	int failed = kit_take(&c->make, line->operand, (size_t)line->n_operands,
			      c->bench_ns ? c->base : NULL);
	int code = EXIT_AS_STATED;

	c->make.dir = dir;
	c->make.cc = c->cc;
	if (!failed)
		failed = kit_make(&c->make, verb_stopped);
	if (failed) {
		code = verb_ci_begin(&c->ci, "judge", false);
		if (code)
			return code;
		return verb_ci_end(&c->ci,
				   failed == -EINTR ? 128 + verb_signal() : refuse(c, failed));
	}
	snprintf(program, sizeof(program), "%s/kickbench", dir);
	if (c->program)
		code = keep_program(program, c->program);
	return code ? code : call(program, line);
}

/* The judge of what was made */

struct judging {
	struct judge_command *c;
	const struct opt_line *line;
	struct topo *topo;
	size_t n; /* files; behind them the base, and the base again */
	const char *base, *again;
	struct bench_session session;
	struct bench_options options;
	struct bench_plan plan;
	bool measures;
	struct verb_folder to; /* where nothing is measured */
	struct folder *folder;
	struct sink_folder files;
	char *not_shown;
	struct corpus corpus;
	struct verdict_of_file {
		bool broken, violated; /* a fault; anything that should not be */
		bool failed, slower, faster, undecided, proved, stressed;
		bool dead;    /* explore came through no cell of it */
		bool endless; /* executions of it went on and on */
	} verdict[KIT_FILES];
};

/* A line for "not shown". */
static void not_shown(struct judging *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void not_shown(struct judging *j, const char *fmt, ...)
{
	char *line = NULL, *all = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&line, fmt, args) < 0)
		line = NULL;
	va_end(args);
	if (line && asprintf(&all, "%s  - %s\n", j->not_shown ? j->not_shown : "", line) >= 0) {
		free(j->not_shown);
		j->not_shown = all;
	}
	free(line);
}

static bool stopped(void *arg)
{
	(void)arg;
	return verb_stopped();
}

static int explore_one(struct judging *j, size_t i)
{
	static struct xp_scenario scenario[MOST_PRESETS];
	static const struct xp_watcher watcher = { .stopped = stopped };
	const struct xp_backend *backend = xp_backend(kit_made[i].name);
	struct xp_ask ask = { .backend = &backend,
			      .n_backends = 1,
			      .scenario = scenario,
			      .model = j->c->model,
			      .n_models = j->c->n_models,
			      .options = { .strategy = XP_AUTO, .bound = -1 },
			      .seconds_in_all = j->c->seconds,
			      .deepen = true,
			      .expect = j->c->expect,
			      .run_id = j->folder->run_id,
			      .watcher = &watcher };
	struct view_judged view;
	struct sink_only only;
	struct view_svg pictures;
	struct sink *to[] = { &view.sink, &only.sink, &pictures.sink, &j->corpus.sink };
	struct sink_tee tee;
	struct timespec began, ended;
	int failed;

	while (xp_presets[ask.n_scenarios].name && ask.n_scenarios < MOST_PRESETS) {
		scenario[ask.n_scenarios] = xp_presets[ask.n_scenarios];
		ask.n_scenarios++;
	}
	view_judged_init(&view);
	sink_only_init(&only, &j->files.sink, &schema_explore);
	only.lanes = XP_EXAMPLE;
	view_svg_init(&pictures, NULL, j->folder);
	sink_tee_init(&tee, to, j->corpus.dir ? 4 : 3);
	clock_gettime(CLOCK_MONOTONIC, &began);
	failed = xp_run(&ask, &tee.sink);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	view_judged_print(&view, kit_made[i].name,
			  (double)(ended.tv_sec - began.tv_sec) +
				  (double)(ended.tv_nsec - began.tv_nsec) * 1e-9);
	j->verdict[i].violated |= view.tally.n[VIEW_VIOLATED] > 0;
	j->verdict[i].broken |= view.faults > 0 && view.tally.n[VIEW_VIOLATED];
	j->verdict[i].failed |= view.tally.n[VIEW_FAILED] > 0;
	j->verdict[i].dead = view.tally.n[VIEW_FAILED] && !view.tally.n[VIEW_VIOLATED] &&
			     !view.tally.n[VIEW_HOLDS];
	j->verdict[i].endless = view.endless;
	j->verdict[i].undecided |= view.tally.n[VIEW_UNDECIDED] > 0;
	j->verdict[i].proved |= view.tally.n[VIEW_HOLDS] > 0;
	if (view.tally.n[VIEW_UNDECIDED])
		not_shown(j,
			  "%s: explore left %zu cells undecided (named above): nothing found in them, "
			  "and no proof; %s",
			  kit_made[i].name, view.tally.n[VIEW_UNDECIDED],
			  j->verdict[i].violated ? "a fault ended it, and `kickbench explore` goes on" :
						   "more --time");
	view_judged_fini(&view);
	return failed ? env_error("%s: %s", j->folder->path,
				  j->files.err[0] ? j->files.err : strerror(-failed))
		      : EXIT_AS_STATED;
}

static int stress_one(struct judging *j, size_t i)
{
	struct verb_stressed said;
	int code;

	/* Real threads would only wait for it, for longer. */
	if (j->verdict[i].dead) {
		not_shown(j, "%s: stress: it ended in no cell of explore", kit_made[i].name);
		return EXIT_AS_STATED;
	}
	code = verb_stress_for(&j->files, kit_made[i].name, j->topo, j->c->seed,
				   j->c->stress_ns, j->c->expect, &said);

	j->verdict[i].failed |= said.failed;
	j->verdict[i].broken |= said.broken && said.violated;
	j->verdict[i].violated |= said.violated;
	j->verdict[i].stressed |= said.ok;
	if (said.why[0])
		not_shown(j, "%s: stress: %s", kit_made[i].name, said.why);
	return code;
}

/* Prices */

static const char *const scenarios[] = { "fastpath", "roundtrip", "contend", "entry" };
static struct perf_set no_events;

static void choose(struct judging *j)
{
	struct bench_options *o = &j->options;

	bench_options_init(o);
	o->n_backends = o->n_scenarios = 0;
	/* The base, itself again, and the files take turns in every repetition. */
	for (size_t i = 0; i < kit_n_made; i++)
		o->backend[o->n_backends++] =
			bench_backend_find(kit_made[(j->n + i) % kit_n_made].name);
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		o->scenario[o->n_scenarios++] = bench_scenario_find(scenarios[i]);
	o->form[o->n_form++] = "kick";
	o->line[o->n_line++] = "hot";
	o->loop[o->n_loop++] = "closed";
	o->perf = &no_events;
	o->seed = j->c->seed;
	o->kickers[0] = 1;
	o->n_kickers = 1;
	o->repetitions = 9;
	o->processes = PROCESSES;
	o->reduced = true;
	o->window_ns = 4000000;
	o->live_window_ns = 20000000;
}

static bool is_thread(const char *backend)
{
	return bench_decl(bench_backend_find(backend))->features & KICK_F_SIGNAL;
}

/* What a VMM's thread does and what a kernel's vCPU does have no price in common. */
static bool is_of_one_world(struct judging *j)
{
	for (size_t i = 0; i < j->n; i++) {
		if (is_thread(kit_made[i].name) == is_thread(j->base))
			continue;
		not_shown(j,
			  "no price: the vCPU of %s is a thread of a VMM, the one of %s is not; --base NAME",
			  is_thread(j->base) ? j->base : kit_made[i].name,
			  is_thread(j->base) ? kit_made[i].name : j->base);
		return false;
	}
	return true;
}

static int make_plan(struct judging *j)
{
	char err[512];
	int failed;

	if (!j->c->bench_ns || !j->base) {
		not_shown(j, "no price: %s",
			  j->c->bench_ns ? "it was made without a base" : "not asked for");
		return EXIT_AS_STATED;
	}
	if (!is_of_one_world(j))
		return EXIT_AS_STATED;
	choose(j);
	failed = bench_try(&j->options, j->topo, err, sizeof(err));
	if (!failed)
		failed = bench_row_cost_apart(&j->options, j->topo, &j->options.row_ns, err,
					      sizeof(err));
	if (!failed)
		failed = bench_budget_plan(&j->plan, &j->options, j->topo, j->c->bench_ns, err,
					   sizeof(err));
	j->measures = !failed;
	if (failed)
		not_shown(j, "no price: %s", err);
	for (size_t i = 0; failed == -ECHILD && i < j->n; i++)
		j->verdict[i].failed = true;
	return EXIT_AS_STATED;
}

/* Each case as a test: slower fails, and what shows nothing is skipped. */
static void add_price(struct judging *j, const struct compare_row *row, const char *backend,
		      const char *cell)
{
	char name[256], why[160];
	bool slower = row->verdict == COMPARE_SLOWER && !j->c->slower_ok;

	snprintf(name, sizeof(name), "%s/%s", backend, cell);
	snprintf(why, sizeof(why), "%s; %.4g to %.4g ns",
		 row->reason ? row->reason : compare_verdict_name(row->verdict), row->a, row->b);
	sink_tests_add(&j->c->ci.tests, "price", name,
		       slower				      ? SINK_FAILED
		       : row->verdict == COMPARE_INCONCLUSIVE ? SINK_SKIPPED
							      : SINK_PASSED,
		       0, why);
}

static void judge_price(struct judging *j, const struct compare_result *r,
			const struct csv_table *rows, const struct compare_options *o)
{
	for (size_t i = 0; i < j->n; i++) {
		struct view_price price;

		view_price_print(r, rows, o, kit_made[i].name, j->again, &price);
		j->verdict[i].slower |= price.slower > 0;
		j->verdict[i].faster |= price.faster > 0;
		for (size_t k = 0; k < r->n; k++)
			if (!strcmp(r->row[k].value[r->n_columns - 1], kit_made[i].name))
				add_price(j, &r->row[k], kit_made[i].name,
					  csv_cell(rows, r->row[k].first_row, csv_table_find(rows, "cell")));
		if (price.unknown)
			not_shown(j, "%s: in %zu of %zu cases no price", kit_made[i].name,
				  price.unknown,
				  price.unknown + price.same + price.faster + price.slower);
		if (price.sees > o->margin)
			not_shown(
				j,
				"%s: a change of its price below %.0f %%, in the case that sees "
				"least",
				kit_made[i].name, price.sees * 100);
	}
}

/* The rows of one process, which point into the whole. */
static struct csv_table part_of(const struct csv_table *all, unsigned int process, char **cell)
{
	struct csv_table part = *all;
	int column = csv_table_find(all, "process");
	char number[16];

	snprintf(number, sizeof(number), "%u", process);
	part.cell = cell;
	part.n_rows = 0;
	for (size_t row = 0; row < all->n_rows; row++)
		if (!strcmp(csv_cell(all, row, column), number))
			memcpy(cell + part.n_rows++ * all->n_columns,
			       all->cell + row * all->n_columns, all->n_columns * sizeof(*cell));
	return part;
}

/* All rows together; a verdict of theirs counts if each process has it, and A/A has not. */
static int compare_all(struct judging *j, const struct csv_table *rows,
		       const struct compare_options *o, char *err, size_t err_size)
{
	static struct compare_result all, each[PROCESSES];
	struct compare_gate gate = {
		.aa = { &all }, .n = 1, .value = j->again, .margin = o->margin
	};
	char **cell = calloc(rows->n_rows * rows->n_columns + 1, sizeof(*cell));
	int failed = cell ? compare_tables(rows, rows, o, &all, err, err_size) : -ENOMEM;

	for (unsigned int p = 0; p < PROCESSES && !failed; p++) {
		struct csv_table part = part_of(rows, p, cell);

		failed = compare_tables(&part, &part, o, &each[p], err, err_size);
		gate.aa[gate.n] = gate.each[gate.n_each] = &each[p];
		gate.n_each += !failed;
		gate.n += !failed;
	}
	if (!failed) {
		compare_gate(&all, &gate);
		judge_price(j, &all, rows, o);
	}
	for (size_t p = 0; p < gate.n_each; p++)
		compare_result_fini(&each[p]);
	if (gate.n_each || !failed)
		compare_result_fini(&all);
	free(cell);
	return failed;
}

static int compare_prices(struct judging *j)
{
	struct compare_side side = { .path = j->folder->path };
	struct compare_options o = compare_defaults;
	char err[PATH_MAX + 256] = "out of memory";

	o.by = "backend";
	o.base = j->base;
	o.margin = j->c->margin / 100;
	o.seed = j->c->seed;
	if (compare_side_load(&side, err, sizeof(err)) ||
	    compare_all(j, &side.table, &o, err, sizeof(err)))
		not_shown(j, "no price: %s", err);
	compare_side_unload(&side);
	return EXIT_AS_STATED;
}

/* Twice, each in a process of its own. */
static int measure(struct judging *j)
{
	int code = EXIT_AS_STATED;

	if (!j->measures)
		return code;
	for (unsigned int p = 0; p < PROCESSES && code != EXIT_ENVIRONMENT && code < 128; p++) {
		j->session.process = p;
		code = exit_code_worst(code, verb_session_measure(&j->session, false, false));
	}
	if (code == EXIT_ENVIRONMENT || code > 128)
		return code;
	if (code == EXIT_VIOLATED)
		not_shown(
			j,
			"bench met what a declaration does not allow: bench.csv, columns verdict "
			"and reason");
	return exit_code_worst(compare_prices(j), code == EXIT_VIOLATED ? code : EXIT_AS_STATED);
}

/* The page */

static int open_folder(struct judging *j, const char *out)
{
	const struct verb_folder_options with = { .out = out,
						  .line = j->line,
						  .seed = j->c->seed,
						  .topo = j->topo,
						  .schema = &schema_explore };
	int code;

	if (j->measures) {
		code = verb_session_opened(&j->session,
					   bench_session_open(&j->session, out, j->line->argc,
							      j->line->argv, &j->plan));
		j->folder = &j->session.folder;
		if (!code)
			sink_folder_init(&j->files, j->folder);
		return code;
	}
	code = verb_folder_open(&j->to, &with);
	j->folder = &j->to.folder;
	j->files = j->to.files;
	return code;
}

static int close_folder(struct judging *j, int code)
{
	if (!j->measures) {
		char err[512] = "";

		if (sink_folder_close(&j->files) ||
		    folder_close(j->folder, verb_state_of(code), err, sizeof(err)))
			code = exit_code_worst(code, env_error("%s: %s", j->folder->path, err));
		return code;
	}
	if (sink_folder_close(&j->files))
		code = exit_code_worst(code, env_error("%s: cannot be written", j->folder->path));
	return verb_session_close(&j->session, code);
}

static int code_of(const struct judging *j, size_t i)
{
	const struct verdict_of_file *v = &j->verdict[i];

	if (v->failed)
		return EXIT_ENVIRONMENT;
	if (v->violated || (v->slower && !j->c->slower_ok))
		return EXIT_VIOLATED;
	if ((!v->proved && !v->stressed) || v->endless || (v->undecided && j->c->strict))
		return EXIT_UNDECIDED;
	return EXIT_AS_STATED;
}

static const char *price_of(const struct judging *j, const struct verdict_of_file *v)
{
	if (!j->measures)
		return "no price";
	if (v->slower)
		return v->faster ? "SLOWER than its base here, faster there" : "SLOWER than its base";
	return v->faster ? "faster than its base"
			 : "not slower than its base, as far as this machine can tell";
}

static void print_verdict(const struct judging *j, size_t i)
{
	const struct verdict_of_file *v = &j->verdict[i];

	printf("%s%s: %s; %s%s\n", view_bold(stdout), kit_made[i].name,
	       v->violated && j->c->expect ? "NOT AS DECLARED"
	       : v->broken		   ? "BROKEN"
	       : v->violated ? "VIOLATED: a curiosity, no fault, but code around it may rely on it"
	       : v->failed   ? "FAILED: it crashed, hung, or does what no backend may"
	       : v->endless  ? "UNDECIDED: a loop of it comes to no end"
	       : !v->proved  ? "UNDECIDED: nothing was proved"
			     : "no violation was found",
	       price_of(j, v), view_plain(stdout));
}

/* The models that explore was not to look under. */
static void tell_models(struct judging *j)
{
	const struct xp_model *m;
	char names[64] = "";

	xp_for_each_model(m) {
		bool asked = false;

		for (size_t i = 0; i < j->c->n_models; i++)
			asked |= !strcmp(m->name, j->c->model[i]);
		if (!asked)
			sprintf(names + strlen(names), " %.8s", m->name);
	}
	if (*names)
		not_shown(j, "what it does under%s: --model", names);
}

static int ask_all(struct judging *j)
{
	int code = EXIT_AS_STATED;

	tell_models(j);
	for (size_t i = 0; i < j->n && !verb_signal(); i++) {
		printf("%s%s%s (%s)%s%s\n", view_bold(stdout), kit_made[i].name, view_plain(stdout),
		       kit_made[i].file, j->base ? ", beside " : "", j->base ? j->base : "");
		fflush(stdout);
		if (j->corpus.dir)
			j->verdict[i].violated |= corpus_replay(
				&j->corpus, xp_backend(kit_made[i].name), &j->c->ci.tests);
		code = exit_code_worst(code, explore_one(j, i));
		fflush(stdout);
		if (!verb_signal())
			code = exit_code_worst(code, stress_one(j, i));
		fflush(stdout);
	}
	if (!verb_signal())
		code = exit_code_worst(code, measure(j));
	return verb_signal() ? 128 + verb_signal() : code;
}

static int judge_made(struct judging *j, const char *out)
{
	int code = make_plan(j);

	if (!code)
		code = open_folder(j, out);
	if (code)
		return code;
	verb_catch_signals();
	code = ask_all(j);
	if (j->not_shown && code < 128)
		printf("not shown\n%s", j->not_shown);
	for (size_t i = 0; i < j->n && code < 128; i++) {
		print_verdict(j, i);
		code = exit_code_worst(code, code_of(j, i));
	}
	free(j->not_shown);
	code = close_folder(j, code);
	if (verb_ci_wanted(&j->c->ci))
		sink_tests_add_folder(&j->c->ci.tests, j->folder->path);
	if (j->c->out)
		printf("results: %s\n", j->folder->path);
	if (j->measures)
		bench_plan_free(&j->plan);
	return code;
}

/* A program that was kept judges what it was made of, and nothing else. */
static int check_files(const struct opt_line *line)
{
	char path[PATH_MAX];
	bool same = (size_t)line->n_operands == kit_n_files;

	for (size_t i = 0; i < kit_n_files && same; i++)
		same = realpath(line->operand[i], path) && !strcmp(path, kit_made[i].file);
	return same ? EXIT_AS_STATED
		    : usage_error("judge: this program was made of %s%s, and judges nothing else",
				  kit_made[0].file, kit_n_files > 1 ? " and others" : "");
}

static int judge(struct judge_command *c, const struct opt_line *line)
{
	static struct judging j;
	char dir[PATH_MAX] = "", out[PATH_MAX + 16];
	int code = check_files(line);

	if (code)
		return code;
	code = verb_ci_begin(&c->ci, "judge", false);
	j = (struct judging){ .c = c,
			      .line = line,
			      .n = kit_n_files };
	if (kit_n_made > kit_n_files) {
		j.base = kit_made[kit_n_files].name;
		j.again = kit_made[kit_n_files + 1].name;
	}
	if (!code && c->corpus)
		code = corpus_open(&j.corpus, c->corpus);
	if (!code)
		code = verb_load_topo(&j.topo, NULL, NULL);
	if (!code && !c->out)
		code = make_temporary(dir);
	snprintf(out, sizeof(out), "%s/results", dir);
	if (!code)
		code = judge_made(&j, c->out ? c->out : out);
	for (size_t i = 0; i < j.n && j.topo; i++)
		sink_tests_add(&c->ci.tests, "judge", kit_made[i].name,
			       code_of(&j, i) == EXIT_AS_STATED	  ? SINK_PASSED
			       : code_of(&j, i) == EXIT_UNDECIDED ? SINK_SKIPPED
								  : SINK_FAILED,
			       0,
			       j.verdict[i].violated ? "violated"
			       : j.verdict[i].slower ? "slower than its base"
						     : "");
	topo_free(j.topo);
	remove_tree(dir);
	return verb_ci_end(&c->ci, code);
}

static int run(struct opt_line *line)
{
	struct judge_command *c = &command;
	char dir[PATH_MAX] = "", err[512];
	int code;

	if (kit_n_made && !c->begin_new)
		return judge(c, line);
	if (kit_find(c->make.kit, err, sizeof(err)))
		return env_error("judge: %s", err);
	if (c->begin_new) {
		int failed = kit_skeleton(c->make.kit, line->operand[0], c->from, err, sizeof(err));

		if (!failed)
			printf("%s: judge it: kickbench judge %s --base %s\n", line->operand[0],
			       line->operand[0], c->from);
		return failed == -EIO ? env_error("judge: %s", err)
		       : failed	      ? usage_error("judge: %s", err)
				      : EXIT_AS_STATED;
	}
	code = make_temporary(dir);
	if (code)
		return code;
	verb_catch_signals();
	code = make_and_call(c, line, dir);
	remove_tree(dir);
	return code;
}

const struct verb verb_judge = { &table, &command, run };
