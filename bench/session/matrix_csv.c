// SPDX-License-Identifier: GPL-2.0-or-later
/* From rows of scenario matrix to one per backend, transport, ordered pair of PUs and memory home. */
#include "bench/session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/session/done.h"
#include "results/error.h"
#include "results/schema.h"
#include "results/stats.h"
#include "results/verdict.h"

/* The latencies of one cell's ok repetitions; p90 and p99 likewise. */
struct pair_figures {
	double *min, *p50, *p90, *p99;
	size_t n;
};

struct collection {
	const struct bench_plan *plan;
	const struct csv_table *table;
	struct pair_figures *pair; /* per cell */
	size_t most;	   /* repetitions of a cell */
};

static void add(void *arg, size_t turn, size_t row)
{
	static const char *const columns[] = { "min_ns", "p50_ns", "p90_ns", "p99_ns" };
	const struct collection *c = arg;
	struct pair_figures *pair = &c->pair[c->plan->turn[turn].cell];
	double *into[] = { pair->min, pair->p50, pair->p90, pair->p99 };

	if (verdict_of(csv_cell(c->table, row, csv_table_find(c->table, "verdict"))) != VERDICT_OK ||
	    !pair->min || pair->n == c->most)
		return;
	for (int i = 0; i < 4; i++)
		if (!csv_cell_double(c->table, row, csv_table_find(c->table, columns[i]), &into[i][pair->n]))
			return;
	pair->n++;
}

static void set_pu(struct csv_row *row, const char *side, const struct topo *topo, int number)
{
	const struct topo_pu *pu = topo_pu(topo, number);
	const struct {
		const char *name;
		int value;
	} facts[] = { { "pu", number },	 { "cpu", pu->cpu },	     { "core", pu->core },
		      { "smt", pu->smt }, { "l3", pu->l3 },	     { "die", pu->die },
		      { "package", pu->package }, { "numa", pu->numa }, { "kind", pu->kind } };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		char column[32];

		snprintf(column, sizeof(column), "%s_%s", side, facts[i].name);
		if (facts[i].value >= 0)
			csv_set_u64(row, column, (uint64_t)facts[i].value);
	}
}

static int write_pair(struct csv_writer *out, struct csv_row *row, const struct folder *folder,
		      const struct bench_plan *plan, const struct bench_case *c,
		      const struct pair_figures *pair)
{
	csv_row_clear(row);
	csv_set_string(row, "run_id", folder->run_id);
	csv_set_string(row, "backend", c->backend->name);
	csv_set_string(row, "transport", machine_transport_name[c->transport]);
	csv_set_string(row, "distance", topo_distance_name(c->distance));
	set_pu(row, "kicker", plan->topo, c->kicker_pu);
	set_pu(row, "vcpu", plan->topo, c->vcpu_pu);
	csv_set_string(row, "home", c->home);
	csv_set_u64(row, "repetitions", pair->n);
	csv_set_double(row, "min_ns", stats_quantile(pair->min, pair->n, 0));
	csv_set_double(row, "p50_ns", stats_median(pair->p50, pair->n));
	csv_set_double(row, "p90_ns", stats_median(pair->p90, pair->n));
	csv_set_double(row, "p99_ns", stats_median(pair->p99, pair->n));
	csv_set_double(row, "spread", stats_spread(pair->p50, pair->n));
	return csv_write(out, row);
}

/* Whole, or as it was before the run was resumed. */
static int write_pairs(const struct folder *folder, const struct bench_plan *plan,
		       const struct pair_figures *pair, char *err, size_t err_size)
{
	struct csv_writer out = { .fd = -1 };
	char self[32], *text = NULL;
	struct csv_row row;
	size_t length;
	int fd = memfd_create("matrix.csv", MFD_CLOEXEC), failed = csv_row_init(&row, &schema_matrix);

	if (!failed)
		failed = fd < 0 ? -errno : csv_writer_stream(&out, fd, &schema_matrix);
	for (size_t i = 0; i < plan->n_cells && !failed; i++)
		if (plan->cell[i].scenario->pairwise && !plan->cell[i].na)
			failed = write_pair(&out, &row, folder, plan, &plan->cell[i], &pair[i]);
	csv_row_fini(&row);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!failed)
		failed = results_read(self, &text, &length);
	if (!failed)
		failed = folder_write(folder, "matrix.csv", text);
	free(text);
	close(fd);
	if (failed)
		snprintf(err, err_size, "cannot write matrix.csv: %s", strerror(-failed));
	return failed;
}

static int allocate(struct collection *c)
{
	const struct bench_options *o = c->plan->options;

	c->most = (size_t)o->repetitions * (o->processes ? o->processes : 1);
	c->pair = calloc(c->plan->n_cells + 1, sizeof(*c->pair));
	for (size_t i = 0; c->pair && i < c->plan->n_cells; i++) {
		double *d;

		if (!c->plan->cell[i].scenario->pairwise)
			continue;
		d = calloc(4 * c->most, sizeof(*d));
		if (!d)
			return -ENOMEM;
		c->pair[i] = (struct pair_figures){ d, d + c->most, d + 2 * c->most, d + 3 * c->most, 0 };
	}
	return c->pair ? 0 : -ENOMEM;
}

static int collect(struct collection *c)
{
	unsigned int processes = c->plan->options->processes ? c->plan->options->processes : 1;
	unsigned char *done = calloc(c->plan->n_turns + 1, 1);
	int failed = done ? allocate(c) : -ENOMEM;

	for (unsigned int p = 0; p < processes && !failed; p++)
		failed = bench_done(c->plan, c->table, p, done, add, c);
	free(done);
	return failed;
}

int bench_matrix_csv(const struct folder *folder, const struct bench_plan *plan, char *err,
		     size_t err_size)
{
	struct csv_table table;
	struct collection c = { .plan = plan, .table = &table };
	char path[PATH_MAX];
	int failed = folder_file(folder, "bench.csv", path, sizeof(path));

	if (!plan->n_pairwise || failed)
		return failed;
	failed = csv_read(path, &table, err, err_size);
	if (failed)
		return failed;
	failed = collect(&c);
	if (!failed)
		failed = write_pairs(folder, plan, c.pair, err, err_size);
	if (failed)
		snprintf(err, err_size, "matrix.csv: %s", strerror(-failed));
	for (size_t i = 0; c.pair && i < plan->n_cells; i++)
		free(c.pair[i].min);
	free(c.pair);
	csv_table_fini(&table);
	return failed;
}
