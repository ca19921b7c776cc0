/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * A C interface to Google Benchmark (1.7.1 and later).
 *
 *	static void body(struct gbench_state *state, void *arg)
 *	{
 *		uint64_t n;
 *
 *		while (gbench_next(state, &n))
 *			for (; n; n--)
 *				the_thing_measured(arg);
 *	}
 *
 *	gbench_init(&argc, argv);
 *	gbench_unit(gbench_register("thing", body, arg), GBENCH_NS);
 *	gbench_run(NULL, &reporter, "out.json");
 *	gbench_shutdown();
 *
 * Unless said otherwise a function returns 0 or a negative errno, and then gbench_error() is one
 * line about it.  No C++ exception leaves, and what the library answers with abort() is refused
 * here first (-EINVAL).  All of it belongs on one thread, except the calls on a state, which belong
 * on the thread that runs the body.
 */
#ifndef BENCH_GBENCH_H
#define BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench_case;  /* a registered benchmark; lives until gbench_clear() */
struct gbench_state; /* one run of a body; lives until the body returns */

/* What went wrong in this thread's last failed call; "" before any. */
const char *gbench_error(void);

/* The library */

/*
 * Takes the library's own --benchmark_... flags out of argv.  The library answers --help and flags
 * that it cannot read with exit(): a program that wants its own answers passes argv[0] alone.
 */
int gbench_init(int *argc, char **argv);
/* Forgets all registered cases; their handles are dead.  More may be registered and run. */
int gbench_clear(void);
/* The end: frees the library's context.  Everything after it fails with -ESHUTDOWN. */
int gbench_shutdown(void);
/* A line of the "context" in the JSON, for all later runs.  -EEXIST: that key is there. */
int gbench_add_context(const char *key, const char *value);

/* Registering */

/*
 * NULL on failure.  The functions below take a NULL handle and answer -EINVAL, so that only the
 * last of a chain needs a check.
 */
struct gbench_case *gbench_register(const char *name,
				    void (*body)(struct gbench_state *state, void *arg), void *arg);

enum gbench_time_unit { GBENCH_NS, GBENCH_US, GBENCH_MS, GBENCH_S };

/* Arguments: each call adds runs.  All tuples of one case have the same length. */
int gbench_arg(struct gbench_case *c, int64_t value);
int gbench_args(struct gbench_case *c, const int64_t *values, size_t n);
int gbench_range(struct gbench_case *c, int64_t first, int64_t last); /* powers of the multiplier */
int gbench_dense_range(struct gbench_case *c, int64_t first, int64_t last, int step);
int gbench_ranges(struct gbench_case *c, const int64_t (*first_last)[2], size_t n);
int gbench_range_multiplier(struct gbench_case *c, int multiplier);
int gbench_arg_names(struct gbench_case *c, const char *const *names, size_t n);

/* How long: by default the library guesses the iterations, running the body several times. */
int gbench_min_time(struct gbench_case *c, double seconds);
int gbench_min_warmup_time(struct gbench_case *c, double seconds);
int gbench_iterations(struct gbench_case *c, int64_t n); /* exactly; excludes the two above */
int gbench_repetitions(struct gbench_case *c, int n);
int gbench_report_aggregates_only(struct gbench_case *c, bool on);

/* Which time */
int gbench_unit(struct gbench_case *c, int unit); /* enum gbench_time_unit */
int gbench_use_real_time(struct gbench_case *c);
int gbench_use_manual_time(struct gbench_case *c); /* excludes real time */
int gbench_measure_process_cpu_time(struct gbench_case *c);

/*
 * The library's threads.  Before 1.9.0 the real time of such a run is divided by their number, and
 * its threads start microseconds apart: do not compare the times of different thread counts.
 */
int gbench_threads(struct gbench_case *c, int n);
int gbench_thread_range(struct gbench_case *c, int first, int last);

/* In the body */

/*
 * True once, with the number of iterations that the body now has to do by itself; then false, which
 * stops the clock.  So the loop is C, inlined, and the library costs two calls per run.
 */
bool gbench_next(struct gbench_state *state, uint64_t *n);
/* Adds to this run's time under gbench_use_manual_time(). */
int gbench_set_iteration_time(struct gbench_state *state, double seconds);

enum gbench_counter_flags {
	GBENCH_COUNTER_PLAIN = 0,
	GBENCH_COUNTER_RATE = 1,	   /* divide by the time */
	GBENCH_COUNTER_AVG_THREADS = 2,	   /* divide by the threads */
	GBENCH_COUNTER_PER_ITERATION = 4,  /* divide by the iterations */
	GBENCH_COUNTER_TIMES_ITERATIONS = 8,
	GBENCH_COUNTER_INVERT = 16,	   /* in the end 1 / value */
};

/* Threads' counters of one name are added up. */
int gbench_set_counter(struct gbench_state *state, const char *name, double value,
		       unsigned int flags);
int gbench_set_items_processed(struct gbench_state *state, int64_t n);
int gbench_set_bytes_processed(struct gbench_state *state, int64_t n);
int gbench_set_label(struct gbench_state *state, const char *label);
/* The run has no figures but this message; gbench_next() is false from here on. */
int gbench_skip_with_error(struct gbench_state *state, const char *message);

int gbench_range_value(const struct gbench_state *state, size_t i, int64_t *value);
int gbench_n_threads(const struct gbench_state *state);
int gbench_thread_index(const struct gbench_state *state);

/* Running and reporting */

struct gbench_context {
	int n_cpus;
	double cycles_per_second;
	bool cpu_scaling;      /* the frequency governor may change it under us */
	const char *host_name;
	size_t name_width;     /* the longest name that will be reported */
};

struct gbench_counter {
	const char *name;
	double value;
};

/* One line of results.  It and all it points to live until the callback returns. */
struct gbench_run_result {
	const char *name;      /* with arguments: "thing/8/iterations:1/manual_time" */
	const char *aggregate; /* NULL for a run; "mean", "median", "stddev", "cv" of several */
	const char *label;
	const char *error;     /* NULL, or what gbench_skip_with_error() said: no figures then */
	int64_t iterations;
	int64_t threads;
	int64_t repetition;    /* from 0; -1 for aggregates */
	double real_time;      /* per iteration, in time_unit: the very figure in the JSON */
	double cpu_time;
	enum gbench_time_unit time_unit;
	double real_time_s;    /* the same per iteration in seconds; a plain ratio for "cv" */
	double cpu_time_s;
	const struct gbench_counter *counters; /* by name, flags already applied */
	size_t n_counters;
};

/* Callbacks may be NULL.  `run` is called after each case, not at the end of all. */
struct gbench_reporter {
	void (*context)(void *arg, const struct gbench_context *context);
	void (*run)(void *arg, const struct gbench_run_result *run);
	void (*finalize)(void *arg);
	void *arg;
};

/*
 * Runs the cases whose name matches the regular expression (NULL: all, or what --benchmark_filter
 * said), and returns how many.  With json_path the library's own JSON is written there, too,
 * flushed case by case.  With neither reporter nor json_path the library prints its table.
 * -ENOENT: no case matches; -EINVAL: no regular expression; other errors: the file.
 */
int gbench_run(const char *filter, const struct gbench_reporter *reporter, const char *json_path);

#ifdef __cplusplus
}
#endif

#endif
