// SPDX-License-Identifier: GPL-2.0-or-later
/* `kickbench topo --json`, and what both of its forms select to show. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/verbs.h"
#include "cli/view_topo.h"

const struct topo_pair *view_topo_pairs(const struct view_topo *v, enum topo_distance d, size_t *n)
{
	size_t first = 0;

	while (first < v->n_pairs && v->pairs[first].distance != d)
		first++;
	for (*n = 0; first + *n < v->n_pairs && v->pairs[first + *n].distance == d;)
		++*n;
	return v->pairs + first;
}

/* Compact is a prefix of itself; spread differs with n. */
void view_topo_places(struct view_topo *v,
		      void (*visit)(struct view_topo *, enum topo_order order, int n))
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

/* What hwloc does not show is null, not -1. */
static void add_id(cJSON *object, const char *name, int id)
{
	if (id < 0)
		cJSON_AddNullToObject(object, name);
	else
		cJSON_AddNumberToObject(object, name, id);
}

static void add_u64(cJSON *object, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	cJSON_AddRawToObject(object, name, digits); /* a double would lose the low bits */
}

static cJSON *add_object(cJSON *array)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToArray(array, object);
	return object;
}

static void add_counts(cJSON *root, const struct topo *topo)
{
	cJSON *counts = cJSON_AddObjectToObject(root, "counts");
	struct topo_counts c;

	topo_count(topo, &c);
	cJSON_AddNumberToObject(counts, "packages", c.packages);
	cJSON_AddNumberToObject(counts, "numa_nodes", c.numas);
	cJSON_AddNumberToObject(counts, "dies", c.dies);
	cJSON_AddNumberToObject(counts, "l3s", c.l3s);
	cJSON_AddNumberToObject(counts, "l2s", c.l2s);
	cJSON_AddNumberToObject(counts, "cores", c.cores);
	cJSON_AddNumberToObject(counts, "pus", c.pus);
	cJSON_AddNumberToObject(counts, "max_smt", c.max_smt);
	cJSON_AddNumberToObject(counts, "kinds", c.kinds);
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
	add_id(object, "core", p->core);
	cJSON_AddNumberToObject(object, "smt", p->smt);
	add_id(object, "l2", p->l2);
	add_id(object, "l3", p->l3);
	add_id(object, "die", p->die);
	add_id(object, "package", p->package);
	add_id(object, "numa", p->numa);
	add_id(object, "kind", p->kind);
	cJSON_AddStringToObject(object, "kind_name", topo_kind_name(topo, p->kind));
	add_id(object, "efficiency", p->efficiency);
}

static void add_distance(cJSON *array, const struct view_topo *v, enum topo_distance d)
{
	cJSON *object = add_object(array), *chosen;
	size_t n;
	const struct topo_pair *pairs = view_topo_pairs(v, d, &n);

	cJSON_AddStringToObject(object, "distance", topo_distance_name(d));
	cJSON_AddStringToObject(object, "meaning", topo_distance_meaning(d));
	add_u64(object, "pairs", v->counts[d]);
	chosen = cJSON_AddArrayToObject(object, "chosen");
	for (size_t i = 0; i < n; i++) {
		cJSON *pair = add_object(chosen);

		cJSON_AddNumberToObject(pair, "kicker", pairs[i].kicker);
		cJSON_AddNumberToObject(pair, "vcpu", pairs[i].vcpu);
		add_id(pair, "kicker_kind", topo_pu(v->topo, pairs[i].kicker)->kind);
		add_id(pair, "vcpu_kind", topo_pu(v->topo, pairs[i].vcpu)->kind);
	}
}

static void add_placement(struct view_topo *v, enum topo_order order, int n)
{
	cJSON *object = add_object(v->json);

	cJSON_AddStringToObject(object, "order", topo_order_name(order));
	cJSON_AddNumberToObject(object, "threads", n);
	cJSON_AddItemToObject(object, "pus", cJSON_CreateIntArray(v->places, n));
}

static void add_all(cJSON *root, struct view_topo *v)
{
	char hash[24];
	cJSON *array;

	snprintf(hash, sizeof(hash), "%016" PRIx64, topo_hash(v->topo));
	cJSON_AddStringToObject(root, "source", topo_source(v->topo));
	cJSON_AddBoolToObject(root, "this_system", topo_is_this_system(v->topo));
	cJSON_AddStringToObject(root, "hash", hash);
	add_counts(root, v->topo);
	array = cJSON_AddArrayToObject(root, "pus");
	topo_for_each_pu(v->topo, pu)
		add_pu(array, v->topo, pu);
	add_u64(root, "seed", v->seed);
	array = cJSON_AddArrayToObject(root, "distances");
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		add_distance(array, v, d);
	v->json = cJSON_AddArrayToObject(root, "placements");
	view_topo_places(v, add_placement);
}

int view_topo_json(struct view_topo *v)
{
	cJSON *root = cJSON_CreateObject();

	add_all(root, v);
	return verb_print_json(root);
}
