// SPDX-License-Identifier: GPL-2.0-or-later
/* A short stress of every backend that somebody might use. */
#include "cli/verdicts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/stress_report.h"
#include "stress/stress.h"

enum { SHORT_NS = 1000000000 };

/* "LOST 12  POISONED 40": what was found, and how often. */
static void print_found(const struct stress_result *r)
{
	int n = 0;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			printf("%s%s %llu", n++ ? ", " : "", stress_kind_name(kind),
			       (unsigned long long)r->found[kind]);
	if (!n)
		printf("0 violations");
}

/* Too short a run proves nothing of a sound backend, and says so; a contradiction is one. */
static int judge(const struct stress_backend *b, const struct stress_result *r)
{
	printf("%-20s ", b->name);
	print_found(r);
	printf(" in %llu kicks, %llu migrations", (unsigned long long)r->n[STRESS_KICKS],
	       (unsigned long long)r->n[STRESS_MIGRATIONS]);
	if (r->verdict == VERDICT_INCONCLUSIVE)
		printf("\n%20s undecided: %s", "", r->why);
	putchar('\n');
	fflush(stdout);
	/* A second may be too short for all that a broken one declares; a sound one has no excuse. */
	return r->declared == STRESS_CONTRADICTED ? EXIT_VIOLATED : EXIT_AS_STATED;
}

static int one_backend(struct sink_folder *to, const struct stress_backend *b,
		       const struct topo *topo, uint64_t seed)
{
	static struct stress_result result;
	struct stress_options options;
	char err[256] = "";
	int failed, code;

	stress_options_init(&options);
	options.seed = seed;
	options.duration_ns = SHORT_NS;
	failed = stress_run(b, &options, topo, &result, err, sizeof(err));
	if (failed == -EINTR)
		return EXIT_SKIPPED;
	if (failed)
		return env_error("stress: %s", err);
	code = judge(b, &result);
	failed = stress_rows(&to->sink, to->folder->run_id, b, &options, &result);
	stress_result_fini(&result);
	return failed ? env_error("stress.csv: %s", strerror(-failed)) : code;
}

int verdicts_stress(const struct folder *folder, const struct topo *topo, uint64_t seed)
{
	struct sink_folder to;
	int code = EXIT_SKIPPED;

	sink_folder_init(&to, folder);
	printf("\nVerdicts of stress: a second of real threads each, half of it with windows held open\n");
	for (size_t i = 0; stress_backends[i] && !verb_signal(); i++) {
		const struct stress_backend *b = stress_backends[i];

		if (!stress_na(b) && strncmp(b->name, "busted_", 7))
			code = exit_code_worst(code, one_backend(&to, b, topo, seed));
	}
	sink_folder_close(&to);
	return code;
}
