/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs, and what they share.  cli/verb_NAME.c makes a verb NAME by existing: CMake writes verbs.def
 * from the file names.  Such a file defines verb_NAME.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "results/sink.h"

struct bench_session;
struct cJSON;
struct perf_set;
struct topo;

struct verb {
	const struct opt_table *table;
	void *command; /* what the table fills */
	/* With the command filled; returns an enum exit_code. */
	int (*run)(struct opt_line *line);
};

#define X(name) extern const struct verb verb_##name;
#include "verbs.def"
#undef X

/* All of them, sorted by name; ends with NULL. */
extern const struct verb *const verb_all[];
const struct verb *verb_find(const char *name);
/* EXIT_USAGE after one line that names those that there are. */
int verb_unknown(const char *name);
/* The program's own help: the verbs, each with a line. */
void verb_print_all(FILE *out);

/* What follows returns an exit code, after one line on stderr where that is not EXIT_AS_STATED. */

/* Takes the object and prints it. */
int verb_print_json(struct cJSON *object);

/* This machine's topology, or another one's for planning: of a file, or described; NULL: not. */
int verb_load_topo(struct topo **topo, const char *xml, const char *synthetic);

/* What --perf takes besides the names of events. */
extern const char *const verb_perf_words[3];
/* off, or a list of events into `set`, which `chosen` then points to; NULL stands for the defaults. */
int verb_take_perf(const char *verb, const char *text, struct perf_set *set, const struct perf_set **chosen);

/* What --force lets pass, as bits of enum provenance_group: all, or what it names. */
unsigned int verb_forced(const struct opt_value *force);

/* The results folder that --out names. */
struct verb_folder {
	struct folder folder;
	struct sink_folder files;
};
struct verb_folder_options {
	const char *out; /* NULL: the default place */
	const struct opt_line *line;
	uint64_t seed;
	struct cJSON *plan;	 /* taken; NULL: none */
	const struct topo *topo; /* its hash, and topology.xml; NULL: it does not matter */
	const struct csv_schema *schema; /* of the CSV file that is there from the beginning */
};
int verb_folder_open(struct verb_folder *to, const struct verb_folder_options *options);
/* What run.json calls a run that ended with this code. */
const char *verb_state_of(int code);
/* Says where the results are, and how the run ended, in run.json; the worse of `code` and its own. */
int verb_folder_close(struct verb_folder *to, int code);

/* What bench_session_open(), _resume() or _join() returned, as an exit code. */
int verb_session_opened(struct bench_session *session, int failed);
/*
 * Measures, here or in processes; if it resumes, bench --resume goes on with what the time left out.
 * EXIT_AS_STATED, EXIT_VIOLATED, EXIT_UNDECIDED, ..., or 128 + signal.
 */
int verb_session_measure(struct bench_session *session, bool in_processes, bool resumes);
/* Writes the end into run.json and closes; the worse of `code` and its own. */
int verb_session_close(struct bench_session *session, int code);

/* What is to be measured, cell by cell, or as JSON in short. */
struct bench_plan;
int verb_print_plan(const struct bench_plan *plan, bool json);

/* Stresses the backends that are not broken on purpose for a second each, until then at most: of `run`. */
int verb_stress_short(struct sink_folder *to, const struct topo *topo, uint64_t seed,
		      uint64_t until_ns);
uint64_t verb_stress_short_ns(void); /* how long that takes */
/* Stresses one, and says so in a line: part of `judge`. */
struct verb_stressed {
	bool ok, broken, violated; /* a fault; anything that should not be */
	bool failed;		   /* it took its process down */
	char why[256]; /* there is no verdict; or "" */
};
int verb_stress_for(struct sink_folder *to, const char *backend, const struct topo *topo, uint64_t seed,
		    uint64_t ns, bool expect, struct verb_stressed *said);

/*
 * SIGINT, SIGTERM and SIGHUP: from here on they are noted, machines stop, and what was found until then is
 * kept.  A second SIGINT ends the process at once.  A second SIGTERM does not: a group may get one, and each
 * of its processes another from its parent.
 */
void verb_catch_signals(void);
int verb_signal(void); /* the one that came, or 0 */
bool verb_stopped(void);

#endif
