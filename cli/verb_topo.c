// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench topo: the PUs, how far apart they are, and where threads would be put. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cjson/cJSON.h>

#include "cli/verbs.h"
#include "results/json.h"
#include "topo/topo.h"

#define COLUMNS 100

static struct topo_command {
	const char *xml, *synthetic;
	uint64_t pairs, seed;
	bool json;
} command;

static const struct opt options[] = {
	{ .name = "xml", .kind = OPT_FILE, .dash = true,
	  .doc = "an exported topology (lstopo FILE.xml), for planning; - is stdin",
	  OPT_TO(struct topo_command, xml) },
	{ .name = "synthetic", .kind = OPT_TEXT, .value = "STR",
	  .doc = "a described one, for planning, such as \"pack:2 l3:4 core:8 pu:2\"",
	  OPT_TO(struct topo_command, synthetic) },
	{ .name = "pairs", .kind = OPT_NUMBER, .preset = "4", .doc = "pairs per distance at most, 0: all",
	  OPT_TO(struct topo_command, pairs) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "which pairs, where there are more",
	  OPT_TO(struct topo_command, seed) },
	{ .name = "json", .kind = OPT_FLAG, .doc = "the same as one JSON object",
	  OPT_TO(struct topo_command, json) },
	{ 0 },
};

static int check(void *arg, const struct opt_line *line)
{
	const struct topo_command *o = arg;

	(void)line;
	return o->xml && o->synthetic ? usage_error("topo: --xml and --synthetic exclude each other") : 0;
}

static void print_distances(FILE *out)
{
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		fprintf(out, "  %-8s %s\n", topo_distance_name(d), topo_distance_meaning(d));
}

static const struct opt_table table = {
	.verb = "topo",
	.summary = "this machine or a described one: PUs, distances, placements",
	.usage = "[options]",
	.about = "Prints the PUs that this process may use, how far apart they are, which (kicker, vCPU) "
		 "pairs stand for each distance, and where threads would be put.",
	.after = "PUs are numbered as hwloc does, among the usable ones (cpuset, taskset); cpu is the "
		 "system's number. Options that take PUs read 3, 0,32,8, 0-6:2, cpu:12, pu:3 or "
		 "package:1.core:0-3.pu:0. Distances, the nearest that fits:",
	.tail = print_distances,
	.option = options,
	.size = sizeof(struct topo_command),
	.check = check,
};

/* What both forms show. */
struct topo_shown {
	const struct topo *topo;
	uint64_t seed;
	uint64_t counts[TOPO_N_DISTANCES];
	struct topo_pair *pairs; /* sorted by distance */
	size_t n_pairs;
	int *places; /* one placement, up to all PUs */
	void *json;  /* where print_json() collects placements */
};

/* The pairs of one distance: a slice of the sorted array. */
static const struct topo_pair *pairs_of(const struct topo_shown *v, enum topo_distance d, size_t *n)
{
	size_t first = 0;

	while (first < v->n_pairs && v->pairs[first].distance != d)
		first++;
	for (*n = 0; first + *n < v->n_pairs && v->pairs[first + *n].distance == d;)
		++*n;
	return v->pairs + first;
}

/* All that are worth showing, in v->places: compact is a prefix of itself; spread differs with n. */
static void each_placement(struct topo_shown *v,
			   void (*visit)(struct topo_shown *, enum topo_order order, int n))
{
	int n_pus = topo_n_pus(v->topo);

	topo_place(v->topo, TOPO_COMPACT, n_pus, v->places);
	visit(v, TOPO_COMPACT, n_pus);
	for (int n = 2; n < 2 * n_pus; n *= 2) {
		int threads = n < n_pus ? n : n_pus;

		topo_place(v->topo, TOPO_SPREAD, threads, v->places);
		visit(v, TOPO_SPREAD, threads);
	}
}

/* What a PU is in, as columns of these widths; -1: hwloc does not show it. */
static const struct {
	const char *name;
	int width;
	size_t at;
} places[] = {
	{ "core", 6, offsetof(struct topo_pu, core) }, { "smt", 5, offsetof(struct topo_pu, smt) },
	{ "l2", 6, offsetof(struct topo_pu, l2) },     { "l3", 6, offsetof(struct topo_pu, l3) },
	{ "die", 6, offsetof(struct topo_pu, die) },   { "package", 9, offsetof(struct topo_pu, package) },
	{ "numa", 6, offsetof(struct topo_pu, numa) }, { "kind", 6, offsetof(struct topo_pu, kind) },
	{ "group", 7, offsetof(struct topo_pu, group) }, { "board", 7, offsetof(struct topo_pu, board) },
};
enum { N_PLACES = sizeof(places) / sizeof(places[0]) };

static int id_of(const struct topo_pu *pu, size_t place)
{
	return *(const int *)((const char *)pu + places[place].at);
}

/* How many there are of each, in the order that both forms show them in. */
static const struct {
	const char *name, *word; /* without a word only in JSON */
	size_t at;
} counts[] = {
	{ "packages", "package", offsetof(struct topo_counts, packages) },
	{ "numa_nodes", "NUMA node", offsetof(struct topo_counts, numas) },
	{ "dies", "die", offsetof(struct topo_counts, dies) },
	{ "l3s", "L3", offsetof(struct topo_counts, l3s) },
	{ "l2s", "L2", offsetof(struct topo_counts, l2s) },
	{ "cores", "core", offsetof(struct topo_counts, cores) },
	{ "pus", "PU", offsetof(struct topo_counts, pus) },
	{ "max_smt", NULL, offsetof(struct topo_counts, max_smt) },
	{ "kinds", "kind", offsetof(struct topo_counts, kinds) },
	{ "groups", "group", offsetof(struct topo_counts, groups) },
	{ "boards", "board", offsetof(struct topo_counts, boards) },
};
enum { N_COUNTS = sizeof(counts) / sizeof(counts[0]) };

static int count_of(const struct topo_counts *c, size_t i)
{
	return *(const int *)((const char *)c + counts[i].at);
}

static void print_head(const struct topo_shown *v)
{
	struct topo_counts c;
	char isolated[128];
	int begun = 0;

	topo_count(v->topo, &c);
	printf("%s%s\n", topo_source(v->topo),
	       topo_is_this_system(v->topo) ? "" : " (planning only: nothing can be pinned)");
	for (size_t i = 0; i < N_COUNTS; i++) {
		int n = count_of(&c, i);

		/* One kind is none to speak of. */
		if (n && counts[i].word && (n > 1 || counts[i].at != offsetof(struct topo_counts, kinds)))
			printf("%s%d %s%s", begun++ ? ", " : "", n, counts[i].word, n == 1 ? "" : "s");
	}
	printf("; hash %016" PRIx64 "\n", topo_hash(v->topo));
	topo_isolated(v->topo, isolated, sizeof(isolated));
	if (*isolated)
		printf("isolated, and not used unless taskset names them: cpu %s\n", isolated);
}

static void print_id(int width, int id)
{
	if (id < 0)
		printf("%*s", width, "-");
	else
		printf("%*d", width, id);
}

static void print_pus(const struct topo_shown *v)
{
	struct topo_counts c;
	size_t n = N_PLACES;

	topo_count(v->topo, &c);
	n -= c.boards ? 0 : c.groups ? 1 : 2; /* most machines have neither */
	printf("\n%5s %5s  %-25s", "PU", "cpu", "name");
	for (size_t i = 0; i < n; i++)
		printf("%*s", places[i].width, places[i].name);
	putchar('\n');
	topo_for_each_pu(v->topo, pu) {
		const struct topo_pu *p = topo_pu(v->topo, pu);
		char name[TOPO_NAME_SIZE];

		topo_pu_name(v->topo, pu, name, sizeof(name));
		printf("%5d %5d  %-25s", pu, p->cpu, name);
		for (size_t i = 0; i < n; i++)
			print_id(places[i].width, id_of(p, i));
		putchar('\n');
	}
}

/* One more word on a line that has `used` columns, or on the next one, indented. */
static void print_word(int indent, int *used, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void print_word(int indent, int *used, const char *fmt, ...)
{
	char word[64];
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (*used + length > COLUMNS)
		*used = printf("\n%*s", indent, "") - 1;
	*used += printf("%s", word);
}

/* Of a hybrid machine with the kinds: "0>5[1>0]". */
static void print_pair(const struct topo_shown *v, int *used, const struct topo_pair *pair, bool kinds)
{
	char kind[32] = "";

	if (kinds)
		snprintf(kind, sizeof(kind), "[%d>%d]", topo_pu(v->topo, pair->kicker)->kind,
			 topo_pu(v->topo, pair->vcpu)->kind);
	print_word(21, used, " %d>%d%s", pair->kicker, pair->vcpu, kind);
}

static void print_pairs(const struct topo_shown *v)
{
	struct topo_counts c;

	topo_count(v->topo, &c);
	printf("\n%-8s %11s  kicker>vCPU%s (seed %" PRIu64 ")\n", "distance", "pairs",
	       c.kinds > 1 ? "[kind>kind]" : "", v->seed);
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		size_t n;
		const struct topo_pair *pair = pairs_of(v, d, &n);
		int used = printf("%-8s %11" PRIu64 " ", topo_distance_name(d), v->counts[d]);

		for (size_t i = 0; i < n; i++)
			print_pair(v, &used, &pair[i], c.kinds > 1);
		puts(n ? "" : " -");
	}
}

/* How many numbers from pus[0] on rise by the same step. */
static int run_length(const int *pus, int n)
{
	int length = 1;

	while (length < n && pus[length] > pus[length - 1] &&
	       pus[length] - pus[length - 1] == pus[1] - pus[0])
		length++;
	return length;
}

/* In the syntax that every option taking PUs reads: "0-7,16-40:8". */
static void print_placement(struct topo_shown *v, enum topo_order order, int n)
{
	int used = printf("%7d  %-8s ", n, topo_order_name(order));

	for (int i = 0, length; i < n; i += length) {
		const int *pus = v->places + i;
		const char *comma;

		length = run_length(pus, n - i);
		if (length < 3)
			length = 1;
		comma = i + length < n ? "," : "";
		if (length == 1)
			print_word(18, &used, "%d%s", pus[0], comma);
		else if (pus[1] - pus[0] == 1)
			print_word(18, &used, "%d-%d%s", pus[0], pus[length - 1], comma);
		else
			print_word(18, &used, "%d-%d:%d%s", pus[0], pus[length - 1],
				   pus[1] - pus[0], comma);
	}
	putchar('\n');
}

static int print_text(struct topo_shown *v)
{
	print_head(v);
	print_pus(v);
	print_pairs(v);
	printf("\n%7s  %-8s PUs\n", "threads", "order");
	each_placement(v, print_placement);
	return EXIT_AS_STATED;
}

/* What hwloc does not show is null, not -1. */
static void add_id(cJSON *object, const char *name, int id)
{
	if (id < 0)
		cJSON_AddNullToObject(object, name);
	else
		cJSON_AddNumberToObject(object, name, id);
}

static cJSON *add_object(cJSON *array)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToArray(array, object);
	return object;
}

static void add_counts(cJSON *root, const struct topo *topo)
{
	cJSON *object = cJSON_AddObjectToObject(root, "counts");
	struct topo_counts c;

	topo_count(topo, &c);
	for (size_t i = 0; i < N_COUNTS; i++)
		cJSON_AddNumberToObject(object, counts[i].name, count_of(&c, i));
}

static void add_pu(cJSON *array, const struct topo *topo, int pu)
{
	const struct topo_pu *p = topo_pu(topo, pu);
	cJSON *object = add_object(array);
	char name[TOPO_NAME_SIZE];

	topo_pu_name(topo, pu, name, sizeof(name));
	cJSON_AddNumberToObject(object, "pu", pu);
	cJSON_AddNumberToObject(object, "cpu", p->cpu);
	cJSON_AddStringToObject(object, "name", name);
	for (size_t i = 0; i < N_PLACES; i++)
		add_id(object, places[i].name, id_of(p, i));
	cJSON_AddStringToObject(object, "kind_name", topo_kind_name(topo, p->kind));
	add_id(object, "efficiency", p->efficiency);
}

static void add_distance(cJSON *array, const struct topo_shown *v, enum topo_distance d)
{
	cJSON *object = add_object(array), *chosen;
	size_t n;
	const struct topo_pair *pairs = pairs_of(v, d, &n);

	cJSON_AddStringToObject(object, "distance", topo_distance_name(d));
	cJSON_AddStringToObject(object, "meaning", topo_distance_meaning(d));
	results_json_add_u64(object, "pairs", v->counts[d]);
	chosen = cJSON_AddArrayToObject(object, "chosen");
	for (size_t i = 0; i < n; i++) {
		cJSON *pair = add_object(chosen);

		cJSON_AddNumberToObject(pair, "kicker", pairs[i].kicker);
		cJSON_AddNumberToObject(pair, "vcpu", pairs[i].vcpu);
		add_id(pair, "kicker_kind", topo_pu(v->topo, pairs[i].kicker)->kind);
		add_id(pair, "vcpu_kind", topo_pu(v->topo, pairs[i].vcpu)->kind);
	}
}

static void add_placement(struct topo_shown *v, enum topo_order order, int n)
{
	cJSON *object = add_object(v->json);

	cJSON_AddStringToObject(object, "order", topo_order_name(order));
	cJSON_AddNumberToObject(object, "threads", n);
	cJSON_AddItemToObject(object, "pus", cJSON_CreateIntArray(v->places, n));
}

static int print_json(struct topo_shown *v)
{
	cJSON *root = cJSON_CreateObject(), *array;
	char hash[24], isolated[128];

	snprintf(hash, sizeof(hash), "%016" PRIx64, topo_hash(v->topo));
	cJSON_AddStringToObject(root, "source", topo_source(v->topo));
	cJSON_AddBoolToObject(root, "this_system", topo_is_this_system(v->topo));
	cJSON_AddStringToObject(root, "hash", hash);
	topo_isolated(v->topo, isolated, sizeof(isolated));
	cJSON_AddStringToObject(root, "isolated_cpus", isolated);
	add_counts(root, v->topo);
	array = cJSON_AddArrayToObject(root, "pus");
	topo_for_each_pu(v->topo, pu)
		add_pu(array, v->topo, pu);
	results_json_add_u64(root, "seed", v->seed);
	array = cJSON_AddArrayToObject(root, "distances");
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		add_distance(array, v, d);
	v->json = cJSON_AddArrayToObject(root, "placements");
	each_placement(v, add_placement);
	return verb_print_json(root);
}

static int show(const struct topo *topo, const struct topo_command *o)
{
	struct topo_shown v = { .topo = topo, .seed = o->seed };
	int code;

	topo_count_pairs(topo, v.counts);
	v.places = calloc(topo_n_pus(topo), sizeof(*v.places));
	if (!v.places ||
	    topo_pairs(topo, TOPO_ALL_DISTANCES, o->pairs, o->seed, &v.pairs, &v.n_pairs))
		code = env_error("Cannot allocate memory");
	else
		code = o->json ? print_json(&v) : print_text(&v);
	free(v.places);
	free(v.pairs);
	return code;
}

static int run(struct opt_line *line)
{
	struct topo *topo;
	int code = verb_load_topo(&topo, command.xml, command.synthetic);

	(void)line;
	if (code)
		return code;
	code = show(topo, &command);
	topo_free(topo);
	return code;
}

const struct verb verb_topo = { &table, &command, run };
