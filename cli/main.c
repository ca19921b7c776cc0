// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench: finds the verb, has its command line parsed, and leaves everything else to it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/opt_doc.h"
#include "cli/verbs.h"
#include "cmake/build_info.h"
#include "results/host_state.h"
#include "results/shortage.h"

static void print_version(void)
{
	printf("kickbench %s (%s)\n", build_info.version, build_info.git_revision);
	printf("%s, %s: %s\n", build_info.compiler, build_info.build_type, build_info.c_flags);
	printf("benchmark %s, hwloc %s, ck %s, cjson %s\n", build_info.benchmark_version,
	       build_info.hwloc_version, build_info.ck_version, build_info.cjson_version);
}

static int run(const struct verb *verb, int argc, char **argv)
{
	struct opt_line line = { .argc = argc, .argv = argv };
	int code = opt_parse(verb->table, verb->command, &line);

	if (code)
		return code;
	if (!line.help)
		return verb->run(&line);
	opt_print_help(stdout, verb->table);
	return EXIT_AS_STATED;
}

static int dispatch(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2) {
		verb_print_all(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		verb_print_all(stdout);
		return EXIT_AS_STATED;
	}
	if (!strcmp(argv[1], "--version")) {
		print_version();
		return EXIT_AS_STATED;
	}
	verb = verb_find(argv[1]);
	return verb ? run(verb, argc - 1, argv + 1) : verb_unknown(argv[1]);
}

static bool over;
static pid_t process; /* this one, not its children */

/* A library ends the process where it cannot go on (Google Benchmark without a file of /sys): no verdict. */
static void on_exit_by_others(void)
{
	if (over || getpid() != process)
		return;
	env_error("a library ended the process, for the reason above");
	folder_abandon();
	_exit(EXIT_ENVIRONMENT);
}

/* Where memory ran out, or a child was killed, as the kernel does then: how much there was. */
static void tell_memory_limit(void)
{
	char most[64];

	if ((results_shortage() == ENOMEM || opt_said(strerror(ENOMEM)) || opt_said("died of signal 9")) &&
	    host_memory_max("", most, sizeof(most)))
		fprintf(stderr, "kickbench: the cgroup's memory.max is %s bytes\n", most);
}

/* So does one that crashes without memory, as hwloc may; of other crashes nothing is said here. */
static void on_crash(int sign)
{
	if (results_shortage() && getpid() == process) {
		dprintf(STDERR_FILENO, "kickbench: a library crashed: %s\n", strerror(results_shortage()));
		alarm(5); /* a library's lock may be held */
		tell_memory_limit();
		_exit(EXIT_ENVIRONMENT);
	}
	raise(sign); /* once more, and by default */
}

static void watch_crashes(void)
{
	const struct sigaction once = { .sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGSEGV, &once, NULL);
	sigaction(SIGABRT, &once, NULL);
}

int main(int argc, char **argv)
{
	int code;

	results_shortage_watch();
	process = getpid();
	atexit(on_exit_by_others);
	watch_crashes();
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is one like a full disk */
	code = dispatch(argc, argv);
	over = true;
	/* Results that did not reach a full disk or a closed pipe are not results. */
	if (fflush(stdout) || ferror(stdout))
		code = exit_code_worst(code, env_error("cannot write to stdout"));
	/* Who got no memory may have left something out in silence. */
	if (results_shortage()) {
		if (!opt_said(strerror(results_shortage())))
			env_error("%s", strerror(results_shortage()));
		/* What it then said of the command line may not be so. */
		code = code == EXIT_USAGE ? EXIT_ENVIRONMENT : exit_code_worst(code, EXIT_ENVIRONMENT);
	}
	tell_memory_limit();
	return code;
}
