// SPDX-License-Identifier: GPL-2.0-or-later
/* A few seconds of the running kernel, beside the emulation's figures. */
#include "cli/verdicts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/kvm_report.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "results/schema.h"

struct rows {
	struct csv_writer csv;
	struct csv_row row;
	const struct folder *folder;
	int failed;
};

static bool stop(void)
{
	return verb_signal() != 0;
}

static int on_begin(void *arg, const struct kvm_host *host)
{
	struct rows *rows = arg;
	char err[256];

	kvm_report_host(stdout, host);
	kvm_report_head(stdout);
	rows->failed = folder_csv(rows->folder, &schema_kvm, &rows->csv, err, sizeof(err));
	return rows->failed;
}

static void on_row(void *arg, const struct kvm_row *row)
{
	struct rows *rows = arg;
	int failed = kvm_report_csv(&rows->row, rows->folder->run_id, row);

	if (!failed)
		failed = csv_write(&rows->csv, &rows->row);
	if (!rows->failed)
		rows->failed = failed;
	kvm_report_row(stdout, row);
	fflush(stdout);
}

/* Too little happened: that is said, and is nobody's fault. */
static int judge(int failed, const struct rows *rows, const struct kvm_result *result, const char *err)
{
	if (failed == -EINTR)
		return EXIT_SKIPPED;
	if (failed == -EOPNOTSUPP) {
		printf("skipped: %s\n", err);
		return EXIT_SKIPPED;
	}
	if (rows->failed)
		return env_error("kvm.csv: %s", strerror(-rows->failed));
	if (failed)
		return env_error("kvm: %s", err);
	kvm_report_verdict(stdout, result);
	return result->verdict == VERDICT_VIOLATED ? EXIT_VIOLATED : EXIT_AS_STATED;
}

int verdicts_kvm(const struct folder *folder, const struct topo *topo, uint64_t seed)
{
	struct rows rows = { .csv.fd = -1, .folder = folder };
	struct kvm_options o;
	struct kvm_result result;
	char err[256];
	int code;

	printf("\nThe running kernel (kickbench kvm)\n");
	if (csv_row_init(&rows.row, &schema_kvm))
		return env_error("out of memory");
	kvm_options_init(&o);
	o.seed = seed;
	o.begin = on_begin;
	o.row = on_row;
	o.stop = stop;
	o.arg = &rows;
	code = judge(kvm_measure(&o, topo, &result, err, sizeof(err)), &rows, &result, err);
	csv_writer_close(&rows.csv);
	csv_row_fini(&rows.row);
	return code;
}
