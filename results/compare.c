// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows to cases, and repetitions to samples: sorted by their case columns, then by process, so that what
 * belongs together stands together, in file order; then case by case from two sides to a verdict.
 */
#include "results/compare.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/error.h"
#include "results/schema.h"
#include "results/verdict.h"

const struct compare_options compare_defaults = {
	.schema = &schema_bench,
	.metric = "ns_per_op",
	.margin = 0.05,
	.alpha = 0.05,
	.n_resamples = 10000,
	.seed = 1,
};

const char *compare_verdict_name(enum compare_verdict verdict)
{
	static const char *const names[] = { "same", "faster", "slower", "inconclusive" };

	return names[verdict];
}

/* The repetitions of one case. */
struct compare_group {
	const char **value; /* per key */
	double *x;
	size_t n;
	size_t first_row;
	bool matched;
	bool blind; /* preemptions are among the samples of a tail: nobody saw them */
	bool crowded; /* threads took turns on a PU: the scheduler was timed */
};

struct compare_groups {
	struct compare_group *group; /* sorted by value */
	size_t n;
	size_t n_skipped;
};

/*
 * Which samples of a case a side takes: all (0 of 1), or the first or second half in ABBA order
 * (0 of 2, 1 of 2), which a steady drift hits alike.
 */
struct compare_share {
	size_t part, of;
};

/* One side: how to read its table, and its cases. */
struct side {
	const struct csv_table *table;
	struct compare_share share;
	int *column; /* of the n_keys columns that name a case */
	size_t n_keys;
	const int *other; /* case columns that name none here, -1 ends them */
	bool *pooled;	  /* of each: rows of one case differ in it */
	int by;		  /* -1, or the column whose rows are taken: those with `base`, or the others */
	const char *base;
	bool is_base;
	int metric, preempted; /* the latter where that is a tail, else -1 */
	int placement;	       /* -1 where the metric is an exact count */
	bool by_process; /* a sample is the median of a process, not a repetition */
	struct compare_groups groups;
};

struct reference {
	const struct side *side;
	int run_id, process, verdict; /* columns */
	size_t row;
};

static const char *cell(const struct reference *x, int column)
{
	return csv_cell(x->side->table, x->row, column);
}

static int compare_cells(const struct reference *x, const struct reference *y)
{
	int order = 0;

	for (size_t i = 0; !order && i < x->side->n_keys; i++)
		order = strcmp(cell(x, x->side->column[i]), cell(y, y->side->column[i]));
	return order;
}

/* Numbers by value: 10 comes after 9. */
static int compare_processes(const struct reference *x, const struct reference *y)
{
	const char *p = cell(x, x->process), *q = cell(y, y->process);
	int order = strcmp(cell(x, x->run_id), cell(y, y->run_id));

	if (!order)
		order = (strlen(p) > strlen(q)) - (strlen(p) < strlen(q));
	return order ? order : strcmp(p, q);
}

static int compare_rows(const struct reference *x, const struct reference *y)
{
	return (x->row > y->row) - (x->row < y->row);
}

static int compare_references(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;
	int order = compare_cells(x, y);

	if (!order && x->side->by_process)
		order = compare_processes(x, y);
	return order ? order : compare_rows(x, y);
}

static int compare_by_process(const void *a, const void *b)
{
	return compare_processes(a, b);
}

static int order_groups(const struct compare_group *x, const struct compare_group *y, size_t n_keys)
{
	int order = 0;

	for (size_t i = 0; !order && i < n_keys; i++)
		order = strcmp(x->value[i], y->value[i]);
	return order;
}

/* A row without a value there is on no side; a floor is no backend. */
static bool is_on_side(const struct side *side, size_t row)
{
	const char *value = csv_cell(side->table, row, side->by);

	if (side->by < 0)
		return true;
	return !strcmp(value, side->base) == side->is_base && *value && strcmp(value, "floor");
}

static struct reference *references(const struct side *side, size_t *n)
{
	const struct csv_table *t = side->table;
	struct reference *row = malloc((t->n_rows + 1) * sizeof(*row));

	*n = 0;
	for (size_t i = 0; row && i < t->n_rows; i++)
		if (is_on_side(side, i))
			row[(*n)++] = (struct reference){ .side = side,
							  .run_id = csv_table_find(t, "run_id"),
							  .process = csv_table_find(t, "process"),
							  .verdict = csv_table_find(t, "verdict"),
							  .row = i };
	return row;
}

/* How many processes (run_id and process) the side's rows are from. */
static int count_processes(const struct side *side, size_t *n)
{
	size_t n_rows;
	struct reference *row = references(side, &n_rows);

	*n = n_rows > 0;
	if (!row)
		return -ENOMEM;
	qsort(row, n_rows, sizeof(*row), compare_by_process);
	for (size_t i = 1; i < n_rows; i++)
		*n += compare_processes(&row[i - 1], &row[i]) != 0;
	free(row);
	return 0;
}

static struct compare_group *new_group(struct compare_groups *groups, const struct reference *row,
				       size_t n_rows)
{
	struct compare_group *group = &groups->group[groups->n++];

	group->first_row = row->row;
	group->x = malloc(n_rows * sizeof(*group->x));
	group->value = malloc((row->side->n_keys + 1) * sizeof(*group->value));
	if (!group->x || !group->value)
		return NULL;
	for (size_t i = 0; i < row->side->n_keys + (row->side->by >= 0 && row->side->is_base); i++)
		group->value[i] = cell(row, row->side->column[i]);
	return group;
}

/* A table without a verdict column was made by somebody who had no doubts. */
static bool is_ok(const struct reference *row)
{
	return row->verdict < 0 || verdict_of(cell(row, row->verdict)) == VERDICT_OK;
}

/* The figures of the n references, behind the group's samples; how many. */
static size_t take_figures(struct compare_groups *groups, struct compare_group *group,
			   const struct reference *row, size_t n)
{
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		const struct side *side = row[i].side;
		double x;

		if (!is_ok(&row[i]) || !csv_cell_double(side->table, row[i].row, side->metric, &x))
			groups->n_skipped++;
		else
			group->x[group->n + taken++] = x;
		group->blind |= side->preempted >= 0 && is_ok(&row[i]) && !*cell(&row[i], side->preempted);
		group->crowded |= !strcmp(cell(&row[i], side->placement), "oversubscribed");
	}
	return taken;
}

/* ABBA ABBA ... */
static bool is_taken(struct compare_share share, size_t sample)
{
	return share.of == 1 || ((sample + 1) / 2 % 2) == share.part;
}

static void note_pooled(const struct reference *row, size_t n)
{
	const struct side *side = row->side;

	for (size_t k = 0; side->other[k] >= 0; k++)
		for (size_t i = 1; i < n && !side->pooled[k]; i++)
			side->pooled[k] = strcmp(cell(&row[0], side->other[k]),
						 cell(&row[i], side->other[k])) != 0;
}

/* The n references of one case: a sample for each process, or for each repetition. */
static int take_case(struct compare_groups *groups, const struct reference *row, size_t n)
{
	struct compare_group *group = new_group(groups, row, n);
	const struct side *side = row->side;
	size_t i, j, sample = 0;

	if (!group)
		return -ENOMEM;
	note_pooled(row, n);
	for (i = 0; i < n; i = j) {
		size_t taken;

		for (j = i + 1; side->by_process && j < n && !compare_processes(&row[i], &row[j]); j++)
			;
		taken = take_figures(groups, group, &row[i], j - i);
		if (taken && is_taken(side->share, sample++)) {
			group->x[group->n] = stats_median(&group->x[group->n], taken);
			group->n++;
		}
	}
	return 0;
}

static int take_cases(struct compare_groups *groups, const struct reference *row, size_t n)
{
	int ret = 0;
	size_t i, j;

	for (i = 0; !ret && i < n; i = j) {
		for (j = i + 1; j < n && !compare_cells(&row[i], &row[j]); j++)
			;
		ret = take_case(groups, &row[i], j - i);
	}
	return ret;
}

/* The side's rows by case. */
static int group_table(struct side *side)
{
	size_t n;
	struct reference *row = references(side, &n);
	int ret = -ENOMEM;

	side->groups.group = calloc(n + 1, sizeof(*side->groups.group));
	if (row && side->groups.group) {
		qsort(row, n, sizeof(*row), compare_references);
		ret = take_cases(&side->groups, row, n);
	}
	free(row);
	return ret;
}

static void groups_fini(struct compare_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		free(groups->group[i].x);
		free(groups->group[i].value);
	}
	free(groups->group);
	*groups = (struct compare_groups){ 0 };
}

/*
 * The judgement: a case is slower or faster when the exact U test says so after Holm and the
 * medians differ by more than the margin; it is the same when the bootstrap interval of their ratio
 * lies within the margin; everything else is inconclusive, with the reason.  Where a zero was measured
 * (locked operations, lost kicks) there is no ratio: then same is the same value throughout.
 */
static const char *judge_size(const struct compare_group *a, const struct compare_group *b, bool by_process)
{
	if (!a->n || !b->n)
		return a->n ? "no ok repetition in B" : "no ok repetition in A";
	if (a->n < COMPARE_MIN_REPETITIONS || b->n < COMPARE_MIN_REPETITIONS)
		return by_process ? "fewer than 4 processes" : "fewer than 4 repetitions";
	if (a->blind || b->blind)
		return "a tail that has preemptions in it: rseq was not registered";
	if (a->crowded || b->crowded)
		return "oversubscribed: that is the scheduler's time";
	return NULL;
}

static bool is_constant(const struct compare_group *group, double x)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->x[i] != x)
			return false;
	return true;
}

/* Everything about a case but the verdict, which needs the other cases' p values. */
static int measure(struct compare_row *row, const struct compare_group *a,
		    const struct compare_group *b, const struct compare_options *o, bool by_process)
{
	struct stats_mann_whitney test;
	int ret;

	row->n_a = a->n;
	row->n_b = b->n;
	row->a = stats_median(a->x, a->n);
	row->b = stats_median(b->x, b->n);
	row->spread_a = stats_spread(a->x, a->n);
	row->spread_b = stats_spread(b->x, b->n);
	row->ratio = row->u = row->p = row->p_holm = row->detectable = NAN;
	row->interval = (struct stats_interval){ NAN, NAN };
	row->verdict = COMPARE_INCONCLUSIVE;
	row->reason = judge_size(a, b, by_process);
	if (row->reason)
		return 0;
	ret = stats_ratio_interval(a->x, a->n, b->x, b->n, 1 - o->alpha, o->n_resamples, o->seed,
				   &row->interval);
	if (!ret)
		row->ratio = row->b / row->a;
	if (!ret || ret == -EINVAL)
		ret = stats_mann_whitney(a->x, a->n, b->x, b->n, &test);
	if (ret)
		return ret;
	row->constant = is_constant(a, a->x[0]) && is_constant(b, a->x[0]);
	row->u = test.u;
	row->p = test.p;
	row->comparable = true;
	return 0;
}

static void judge(struct compare_row *row, const struct compare_options *o, bool higher_is_better)
{
	double limit = 1 + o->margin;
	bool significant = row->p_holm <= o->alpha, has_ratio = isfinite(row->ratio);
	bool up = has_ratio ? row->ratio > limit && row->interval.low > 1 : row->b > row->a * limit;
	bool down = has_ratio ? row->ratio < 1 / limit && row->interval.high < 1 : row->b < row->a / limit;

	if (has_ratio ? row->interval.low >= 1 / limit && row->interval.high <= limit : row->constant)
		row->verdict = COMPARE_SAME;
	else if (significant && (up || down))
		row->verdict = up == higher_is_better ? COMPARE_FASTER : COMPARE_SLOWER;
	else if (significant)
		row->reason = "differs, by about the margin";
	else if (up || down)
		row->reason = "not significant over so many rows";
	else if (!has_ratio)
		row->reason = "zeros on a side: no ratio, and the medians hardly differ";
	else
		row->reason = "interval wider than the margin";
}

/* Holm over the comparable rows. */
static int adjust(struct compare_result *r)
{
	double *p = malloc((r->n + 1) * sizeof(*p));
	size_t n = 0;
	int ret;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < r->n; i++)
		if (r->row[i].comparable)
			p[n++] = r->row[i].p;
	r->n_comparable = n;
	ret = stats_holm(p, n);
	for (size_t i = r->n; !ret && i-- > 0;)
		if (r->row[i].comparable)
			r->row[i].p_holm = p[--n];
	free(p);
	return ret;
}

static int judge_all(struct compare_result *r, const struct compare_options *o)
{
	int metric = csv_schema_find(o->schema, o->metric);
	bool higher = o->schema->column[metric].role == CSV_HIGHER;
	double logs = 0;
	size_t n_ratios = 0;
	int ret = adjust(r);

	for (size_t i = 0; !ret && i < r->n; i++) {
		struct compare_row *row = &r->row[i];

		if (row->comparable && isfinite(row->ratio)) {
			row->detectable = stats_detectable(row->spread_a, row->n_a, row->spread_b,
							   row->n_b,
							   o->alpha / (double)r->n_comparable);
			logs += log(row->ratio);
			n_ratios++;
		}
		if (row->comparable)
			judge(row, o, higher);
		r->n_verdict[row->verdict]++;
	}
	r->geomean = n_ratios ? exp(logs / (double)n_ratios) : NAN;
	return ret;
}

size_t compare_case_name(const struct compare_result *r, const char *const *value, const char *without,
			 char *name, size_t size)
{
	size_t used = 0;

	name[0] = '\0';
	for (size_t i = 0; i < r->n_columns && used < size; i++)
		if (r->varies[i] && *value[i] && strcmp(r->column[i], without))
			used += (size_t)snprintf(name + used, size - used, "%s%s", used ? " " : "",
						 value[i]);
	return used;
}

/* Columns whose values go with those of another one: to compare by that one, they cannot name cases. */
static bool follows(const char *column, const char *by)
{
	static const struct {
		const char *by, *column;
	} pair[] = { { "distance", "kicker_pu" }, { "distance", "vcpu_pu" }, { "distance", "home" },
		     { "kicker_pu", "distance" }, { "kicker_pu", "home" }, { "vcpu_pu", "distance" },
		     { "vcpu_pu", "home" }, { "line", "distance" }, { "line", "vcpu_pu" }, { "line", "home" },
		     { "kickers", "kicker_pu" }, { "kickers", "pcpus" }, { "kickers", "placement" },
		     { "pcpus", "pcpus_per_carrier" }, { "pcpus", "vcpus" }, { "pcpus", "mask_width" },
		     { "pcpus_per_carrier", "pcpus" }, { "vcpus", "mask_width" }, { "vcpus", "pcpus" },
		     { "mask_width", "vcpus" }, { "mask_width", "pcpus" }, { "loop", "arrivals" },
		     { "loop", "arrivals_per_s" } };

	for (size_t i = 0; by && i < sizeof(pair) / sizeof(pair[0]); i++)
		if (!strcmp(by, pair[i].by) && !strcmp(column, pair[i].column))
			return true;
	return false;
}

static bool is_ignored(const char *column, const struct compare_options *o)
{
	for (size_t i = 0; i < o->n_ignore; i++)
		if (!strcmp(column, o->ignore[i]))
			return true;
	return follows(column, o->by);
}

/* The columns of a side that name a case, and those that might. */
static int allocate_columns(struct side *side, size_t n)
{
	side->column = calloc(n + 1, sizeof(*side->column));
	side->pooled = calloc(n + 1, sizeof(*side->pooled));
	return side->column && side->pooled ? 0 : -ENOMEM;
}

static void name_by(struct side *a, struct side *b, struct compare_result *r, const char *name, int in_a,
		    int in_b)
{
	a->column[r->n_columns] = in_a;
	b->column[r->n_columns] = in_b;
	r->column[r->n_columns++] = name;
}

/* The case columns that both sides have: an older file lacks the newer ones. */
static int find_columns(const struct compare_options *o, struct side *a, struct side *b,
			struct compare_result *r)
{
	const struct csv_schema *schema = o->schema;

	r->column = calloc(schema->n, sizeof(*r->column));
	r->varies = calloc(schema->n, sizeof(*r->varies));
	if (!r->column || !r->varies || allocate_columns(a, schema->n) || allocate_columns(b, schema->n))
		return -ENOMEM;
	for (size_t i = 0; i < schema->n; i++) {
		const char *name = schema->column[i].name;
		int in_a = csv_table_find(a->table, name), in_b = csv_table_find(b->table, name);

		if (schema->column[i].role == CSV_CASE && !is_ignored(name, o) && in_a >= 0 && in_b >= 0 &&
		    (!o->by || strcmp(name, o->by)))
			name_by(a, b, r, name, in_a, in_b);
	}
	a->n_keys = b->n_keys = r->n_columns;
	if (o->by) { /* of B also which of the others it is */
		name_by(a, b, r, o->by, a->by, b->by);
		b->n_keys++;
	}
	return r->n_columns ? 0 : -ENOENT;
}

/* Behind the columns that name cases: the others that a side has. */
static int *find_others(const struct compare_options *o, const struct side *side,
			const struct compare_result *r)
{
	int *other = calloc(o->schema->n + 1, sizeof(*other));
	size_t n = 0, k;

	for (size_t i = 0; other && i < o->schema->n; i++) {
		const char *name = o->schema->column[i].name;

		for (k = 0; k < r->n_columns && strcmp(name, r->column[k]); k++)
			;
		if (o->schema->column[i].role == CSV_CASE && k == r->n_columns &&
		    csv_table_find(side->table, name) >= 0)
			other[n++] = csv_table_find(side->table, name);
	}
	if (other)
		other[n] = -1;
	return other;
}

/* Adds a value to "old, patched", if it is not there and there is room. */
static void add_value(char *values, size_t size, const char *value)
{
	size_t used = strlen(values), length = strlen(value);
	const char *at = values;

	for (; (at = strstr(at, value)) && length; at++)
		if ((at == values || at[-1] == ' ') && (!at[length] || at[length] == ','))
			return;
	if (length && used + length + 8 < size)
		snprintf(values + used, size - used, "%s%s", used ? ", " : "", value);
	else if (length && used >= 3 && strcmp(values + used - 3, "..."))
		snprintf(values + used, size - used, ", ...");
}

/* What was pooled, of both sides. */
static int list_pooled(const struct side *side, bool in_b, struct compare_result *r)
{
	for (size_t k = 0; side->other[k] >= 0; k++) {
		struct compare_pooled *grown, *p;

		if (!side->pooled[k])
			continue;
		grown = reallocarray(r->pooled, r->n_pooled + 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		r->pooled = grown;
		p = &grown[r->n_pooled++];
		*p = (struct compare_pooled){ .column = side->table->header[side->other[k]], .in_b = in_b };
		for (size_t i = 0; i < side->table->n_rows; i++)
			if (is_on_side(side, i))
				add_value(p->values, sizeof(p->values),
					  csv_cell(side->table, i, side->other[k]));
	}
	return 0;
}

bool compare_apart(const struct compare_result *r, size_t i, char a[96], char b[96])
{
	a[0] = b[0] = '\0';
	for (size_t k = 0; k < r->only_a.n; k++)
		for (size_t l = 0; l < r->only_b.n; l++)
			if (!strcmp(r->only_a.value[k][i], r->only_b.value[l][i]) && *r->only_a.value[k][i])
				return false;
	for (size_t k = 0; k < r->only_a.n; k++)
		add_value(a, 96, r->only_a.value[k][i]);
	for (size_t k = 0; k < r->only_b.n; k++)
		add_value(b, 96, r->only_b.value[k][i]);
	return (*a || *b) && r->only_a.n && r->only_b.n && (!r->by || strcmp(r->column[i], r->by));
}

/* Has the row's scenario another value there, on either side? */
static bool has_others(const struct side *a, const struct side *b, size_t row)
{
	const struct side *const sides[] = { a, b };
	int scenario = csv_table_find(a->table, "scenario");

	for (int s = 0; s < 2; s++) {
		const struct csv_table *t = sides[s]->table;
		int of = scenario == a->by ? -1 : csv_table_find(t, "scenario");

		for (size_t i = 0; i < t->n_rows; i++)
			if (*csv_cell(t, i, sides[s]->by) &&
			    strcmp(csv_cell(t, i, sides[s]->by), csv_cell(a->table, row, a->by)) != 0 &&
			    (of < 0 || scenario < 0 ||
			     !strcmp(csv_cell(t, i, of), csv_cell(a->table, row, scenario))))
				return true;
	}
	return false;
}

/* The first value, in the order of the file, that has others beside it; NULL: none has. */
static const char *first_with_others(const struct side *a, const struct side *b)
{
	const struct csv_table *t = a->table;
	int scenario = csv_table_find(t, "scenario");

	for (size_t i = 0, k; i < t->n_rows; i++) {
		const char *value = csv_cell(t, i, a->by), *looked = NULL;

		for (k = 0; k < i && strcmp(csv_cell(t, k, a->by), value) != 0; k++)
			;
		if (k < i || !*value || !strcmp(value, "floor"))
			continue;
		for (; k < t->n_rows; k++) {
			const char *of = csv_cell(t, k, scenario);

			if (strcmp(csv_cell(t, k, a->by), value) != 0 || (looked && !strcmp(looked, of)))
				continue;
			if (has_others(a, b, k))
				return value;
			looked = of;
		}
	}
	return NULL;
}

/* The column to compare by, and which of A's values the others are compared with. */
static int choose_base(const struct compare_options *o, struct side *a, struct side *b, char *err,
		       size_t err_size)
{
	const struct csv_table *t = a->table;
	const char *first, *base = NULL;
	char known[96] = "";

	a->by = b->by = -1;
	if (!o->by)
		return 0;
	a->by = csv_table_find(a->table, o->by);
	b->by = csv_table_find(b->table, o->by);
	if (a->by < 0 || b->by < 0)
		return results_fail(-ENOENT, err, err_size, "%s has no column %s", a->by < 0 ? "A" : "B",
				    o->by);
	first = first_with_others(a, b);
	for (size_t i = 0; i < t->n_rows; i++) {
		const char *value = csv_cell(t, i, a->by);

		if (!*value || !strcmp(value, "floor"))
			continue;
		first = first ? first : value;
		if (!strcmp(value, o->base ? o->base : strcmp(o->by, "backend") ? first : "old"))
			base = value;
		add_value(known, sizeof(known), value);
	}
	if (!base && !o->base)
		base = first;
	if (!*known)
		return results_fail(-EINVAL, err, err_size, "no row of A has a value of %s", o->by);
	if (!base)
		return results_fail(-EINVAL, err, err_size, "no row of A has %s '%s' (it has: %s)", o->by,
				    o->base ? o->base : "", known);
	a->base = b->base = base;
	a->is_base = true;
	return 0;
}

/* Where one preemption among a thousand samples is the figure. */
static bool is_tail(const char *metric)
{
	return !strcmp(metric, "p99_ns") || !strcmp(metric, "p999_ns") || !strcmp(metric, "max_ns");
}

/* Exact, whoever ran beside. */
static bool is_count(const char *metric)
{
	return strstr(metric, "_per_kick");
}

static int find_metric(const struct compare_options *o, struct side *a, struct side *b, char *err,
		       size_t err_size)
{
	int i = csv_schema_find(o->schema, o->metric);
	enum csv_role role = i < 0 ? CSV_RUN : o->schema->column[i].role;

	if (role != CSV_LOWER && role != CSV_HIGHER)
		return results_fail(-EINVAL, err, err_size, "%s: not a metric of %s.csv", o->metric,
				    o->schema->name);
	a->metric = csv_table_find(a->table, o->metric);
	b->metric = csv_table_find(b->table, o->metric);
	a->preempted = is_tail(o->metric) ? csv_table_find(a->table, "preempted") : -1;
	b->preempted = is_tail(o->metric) ? csv_table_find(b->table, "preempted") : -1;
	a->placement = is_count(o->metric) ? -1 : csv_table_find(a->table, "placement");
	b->placement = is_count(o->metric) ? -1 : csv_table_find(b->table, "placement");
	if (a->metric < 0 || b->metric < 0)
		return results_fail(-ENOENT, err, err_size, "%s has no column %s",
				    a->metric < 0 ? "A" : "B", o->metric);
	return 0;
}

/* A case without a figure is only counted, as skipped rows. */
static void add_lonely(struct compare_lonely *lonely, struct compare_group *group)
{
	if (!group->n || group->matched)
		return;
	lonely->value[lonely->n++] = group->value;
	group->value = NULL;
}

/* With `by`, one case of A has many partners. */
static int add_pair(struct compare_result *r, struct compare_group *a, struct compare_group *b,
		    const struct compare_options *o)
{
	struct compare_row *row = &r->row[r->n];

	a->matched = true;
	if (!a->n && !b->n)
		return 0;
	r->n++;
	row->value = b->value;
	row->first_row = a->first_row;
	row->first_in_b = b->first_row;
	b->value = NULL;
	return measure(row, a, b, o, r->by_process);
}

/* Both sides are sorted: one walk over the two. */
static int match(struct compare_groups *a, struct compare_groups *b, size_t n_keys, struct compare_result *r,
		 const struct compare_options *o)
{
	size_t i = 0, j = 0;
	int ret = 0;

	r->row = calloc(b->n + 1, sizeof(*r->row));
	r->only_a.value = calloc(a->n + 1, sizeof(*r->only_a.value));
	r->only_b.value = calloc(b->n + 1, sizeof(*r->only_b.value));
	if (!r->row || !r->only_a.value || !r->only_b.value)
		return -ENOMEM;
	while (!ret && (i < a->n || j < b->n)) {
		int order = i < a->n ? -1 : 1;

		if (i < a->n && j < b->n)
			order = order_groups(&a->group[i], &b->group[j], n_keys);
		if (order < 0)
			add_lonely(&r->only_a, &a->group[i++]);
		else if (order > 0)
			add_lonely(&r->only_b, &b->group[j++]);
		else
			ret = add_pair(r, &a->group[i], &b->group[j++], o);
	}
	return ret;
}

static int compare_first_rows(const void *a, const void *b)
{
	const struct compare_row *x = a, *y = b;

	if (x->first_row == y->first_row)
		return (x->first_in_b > y->first_in_b) - (x->first_in_b < y->first_in_b);
	return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

static void mark_varying(struct compare_result *r, const char **first, const char **value)
{
	for (size_t i = 0; i < r->n_columns; i++)
		r->varies[i] |= strcmp(first[i], value[i]) != 0;
}

static void find_varying(struct compare_result *r)
{
	const char **first = r->n	   ? r->row[0].value
			     : r->only_a.n ? r->only_a.value[0]
			     : r->only_b.n ? r->only_b.value[0]
					   : NULL;

	for (size_t i = 0; i < r->n; i++)
		mark_varying(r, first, r->row[i].value);
	for (size_t i = 0; i < r->only_a.n; i++)
		mark_varying(r, first, r->only_a.value[i]);
	for (size_t i = 0; i < r->only_b.n; i++)
		mark_varying(r, first, r->only_b.value[i]);
	if (r->by)
		r->varies[r->n_columns - 1] = true;
}

/* What one sample is: processes differ by more than their repetitions, so they decide if there are any. */
static int choose_samples(const struct side *a, const struct side *b, const struct compare_options *o,
			  struct compare_result *r)
{
	int ret = count_processes(a, &r->n_processes_a);

	if (!ret)
		ret = count_processes(b, &r->n_processes_b);
	r->n_processes_a /= a->share.of;
	r->n_processes_b /= b->share.of;
	r->by_process = o->samples == COMPARE_PROCESSES ||
			(o->samples == COMPARE_AUTO && r->n_processes_a >= COMPARE_MIN_REPETITIONS &&
			 r->n_processes_b >= COMPARE_MIN_REPETITIONS);
	return ret;
}

static int compare_groups(struct side *a, struct side *b, const struct compare_options *o,
			  struct compare_result *r)
{
	int ret = choose_samples(a, b, o, r);

	a->by_process = b->by_process = r->by_process;
	a->other = find_others(o, a, r);
	b->other = find_others(o, b, r);
	if (!ret && (!a->other || !b->other))
		ret = -ENOMEM;
	if (!ret)
		ret = group_table(a);
	if (!ret)
		ret = group_table(b);
	if (!ret)
		ret = match(&a->groups, &b->groups, a->n_keys, r, o);
	if (!ret)
		ret = list_pooled(a, false, r);
	if (!ret)
		ret = list_pooled(b, true, r);
	if (ret)
		return ret;
	r->n_skipped_a = a->groups.n_skipped;
	r->n_skipped_b = b->groups.n_skipped;
	qsort(r->row, r->n, sizeof(*r->row), compare_first_rows);
	find_varying(r);
	return judge_all(r, o);
}

static void side_fini(struct side *side)
{
	groups_fini(&side->groups);
	free(side->column);
	free(side->pooled);
	free((void *)side->other);
}

static int compare_sides(struct side *a, struct side *b, const struct compare_options *o,
			 struct compare_result *r, char *err, size_t err_size)
{
	int ret = find_metric(o, a, b, err, err_size);

	*r = (struct compare_result){ 0 };
	if (!ret)
		ret = choose_base(o, a, b, err, err_size);
	if (ret)
		return ret;
	r->by = o->by;
	r->base = a->base;
	ret = find_columns(o, a, b, r);
	if (!ret)
		ret = compare_groups(a, b, o, r);
	side_fini(a);
	side_fini(b);
	if (!ret)
		return 0;
	compare_result_fini(r);
	return results_fail(ret, err, err_size, "%s",
			    ret == -ENOENT ? "A and B share no column that names a case"
					   : strerror(-ret));
}

int compare_tables(const struct csv_table *a, const struct csv_table *b,
		   const struct compare_options *options, struct compare_result *result, char *err,
		   size_t err_size)
{
	struct side side_a = { .table = a, .share = { 0, 1 } };
	struct side side_b = { .table = b, .share = { 0, 1 } };

	return compare_sides(&side_a, &side_b, options, result, err, err_size);
}

int compare_halves(const struct csv_table *table, const struct compare_options *options,
		   struct compare_result *result, char *err, size_t err_size)
{
	struct side side_a = { .table = table, .share = { 0, 2 } };
	struct side side_b = { .table = table, .share = { 1, 2 } };

	return compare_sides(&side_a, &side_b, options, result, err, err_size);
}

static void lonely_fini(struct compare_lonely *lonely)
{
	for (size_t i = 0; i < lonely->n; i++)
		free(lonely->value[i]);
	free(lonely->value);
}

void compare_result_fini(struct compare_result *result)
{
	for (size_t i = 0; i < result->n; i++)
		free(result->row[i].value);
	free(result->row);
	free(result->column);
	free(result->varies);
	free(result->pooled);
	lonely_fini(&result->only_a);
	lonely_fini(&result->only_b);
	*result = (struct compare_result){ 0 };
}
