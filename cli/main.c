// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench: finds the verb, and leaves everything else to it. */
#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/verbs.h"
#include "cmake/build_info.h"

struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

static const struct verb verbs[] = {
#define X(name) { #name, verb_##name, verb_##name##_summary },
#include "verbs.def"
#undef X
	{ 0 },
};

static void print_help(FILE *out)
{
	const struct verb *verb;

	fputs("usage: kickbench VERB [options]      (each verb has --help)\n"
	      "Measures what a vCPU kick costs, and checks whether it can get lost.\n\n", out);
	for (verb = verbs; verb->name; verb++)
		fprintf(out, "  %-10s %s\n", verb->name, verb->summary);
	fputs("\n  --help     this text\n"
	      "  --version  revision, compiler and libraries of this build\n", out);
}

static void print_version(void)
{
	printf("kickbench %s (%s)\n", build_info.version, build_info.git_revision);
	printf("%s, %s: %s\n", build_info.compiler, build_info.build_type, build_info.c_flags);
	printf("benchmark %s, hwloc %s, ck %s, cjson %s\n", build_info.benchmark_version,
	       build_info.hwloc_version, build_info.ck_version, build_info.cjson_version);
}

static int unknown_verb(const char *name)
{
	const char *known[sizeof(verbs) / sizeof(verbs[0])] = { NULL };
	size_t n;

	for (n = 0; verbs[n].name; n++)
		known[n] = verbs[n].name;
	return unknown_name("verb", name, known, n);
}

static int dispatch(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help(stdout);
		return EXIT_AS_STATED;
	}
	if (!strcmp(argv[1], "--version")) {
		print_version();
		return EXIT_AS_STATED;
	}
	for (verb = verbs; verb->name; verb++)
		if (!strcmp(argv[1], verb->name))
			return verb->run(argc - 1, argv + 1);
	return unknown_verb(argv[1]);
}

int main(int argc, char **argv)
{
	int code = dispatch(argc, argv);

	/* Results that did not reach a full disk or a closed pipe are not results. */
	if (fflush(stdout) || ferror(stdout))
		code = exit_code_worst(code, env_error("cannot write to stdout"));
	return code;
}
