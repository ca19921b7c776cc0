// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench topo: the PUs, how far apart they are, and where threads would be put. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view_topo.h"
#include "cli/verbs.h"

#define COLUMNS 100

static struct topo_command {
	const char *xml, *synthetic;
	uint64_t pairs, seed;
	bool json;
} command;

static const struct opt options[] = {
	{ .name = "xml", .kind = OPT_FILE,
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

static void print_count(const char *separator, int n, const char *what)
{
	if (n)
		printf("%s%d %s%s", separator, n, what, n == 1 ? "" : "s");
}

static void print_head(const struct view_topo *v)
{
	struct topo_counts c;

	topo_count(v->topo, &c);
	printf("%s%s\n", topo_source(v->topo),
	       topo_is_this_system(v->topo) ? "" : " (planning only: nothing can be pinned)");
	print_count("", c.packages, "package");
	print_count(c.packages ? ", " : "", c.numas, "NUMA node");
	print_count(", ", c.dies, "die");
	print_count(", ", c.l3s, "L3");
	print_count(", ", c.l2s, "L2");
	print_count(", ", c.cores, "core");
	print_count(", ", c.pus, "PU");
	if (c.kinds > 1)
		print_count(", ", c.kinds, "kind");
	printf("; hash %016" PRIx64 "\n", topo_hash(v->topo));
}

static void print_id(int width, int id)
{
	if (id < 0)
		printf("%*s", width, "-");
	else
		printf("%*d", width, id);
}

static void print_pus(const struct view_topo *v)
{
	printf("\n%5s %5s  %-25s%6s%5s%6s%6s%6s%9s%6s%6s\n", "PU", "cpu", "name", "core", "smt",
	       "l2", "l3", "die", "package", "numa", "kind");
	topo_for_each_pu(v->topo, pu) {
		const struct topo_pu *p = topo_pu(v->topo, pu);
		char name[TOPO_NAME_SIZE];

		topo_pu_name(v->topo, pu, name, sizeof(name));
		printf("%5d %5d  %-25s", pu, p->cpu, name);
		print_id(6, p->core);
		print_id(5, p->smt);
		print_id(6, p->l2);
		print_id(6, p->l3);
		print_id(6, p->die);
		print_id(9, p->package);
		print_id(6, p->numa);
		print_id(6, p->kind);
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
static void print_pair(const struct view_topo *v, int *used, const struct topo_pair *pair, bool kinds)
{
	char kind[32] = "";

	if (kinds)
		snprintf(kind, sizeof(kind), "[%d>%d]", topo_pu(v->topo, pair->kicker)->kind,
			 topo_pu(v->topo, pair->vcpu)->kind);
	print_word(21, used, " %d>%d%s", pair->kicker, pair->vcpu, kind);
}

static void print_pairs(const struct view_topo *v)
{
	struct topo_counts c;

	topo_count(v->topo, &c);
	printf("\n%-8s %11s  kicker>vCPU%s (seed %" PRIu64 ")\n", "distance", "pairs",
	       c.kinds > 1 ? "[kind>kind]" : "", v->seed);
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		size_t n;
		const struct topo_pair *pair = view_topo_pairs(v, d, &n);
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
static void print_placement(struct view_topo *v, enum topo_order order, int n)
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

static int print_text(struct view_topo *v)
{
	print_head(v);
	print_pus(v);
	print_pairs(v);
	printf("\n%7s  %-8s PUs\n", "threads", "order");
	view_topo_places(v, print_placement);
	return EXIT_AS_STATED;
}

static int show(const struct topo *topo, const struct topo_command *o)
{
	struct view_topo v = { .topo = topo, .seed = o->seed };
	int code;

	topo_count_pairs(topo, v.counts);
	v.places = calloc(topo_n_pus(topo), sizeof(*v.places));
	if (!v.places ||
	    topo_pairs(topo, TOPO_ALL_DISTANCES, o->pairs, o->seed, &v.pairs, &v.n_pairs))
		code = env_error("out of memory");
	else
		code = o->json ? view_topo_json(&v) : print_text(&v);
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
