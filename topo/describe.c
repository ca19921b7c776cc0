// SPDX-License-Identifier: GPL-2.0-or-later
/* Turns hwloc's tree into one flat record per PU: what it is part of, and what it is called. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "topo/internal.h"

/* Offline CPUs may leave some cores below an L1 and others above it. */
static bool is_on_many_levels(const struct topo *topo, hwloc_obj_type_t type)
{
	return hwloc_get_type_depth(topo->hw, type) == HWLOC_TYPE_DEPTH_MULTIPLE;
}

/* hwloc numbers objects on each level: different ones are to differ, until renumber(). */
static int number_on_levels(hwloc_obj_t obj)
{
	return (int)(obj->depth << 16 | obj->logical_index);
}

static int ancestor(const struct topo *topo, hwloc_obj_t pu, hwloc_obj_type_t type)
{
	hwloc_obj_t obj = hwloc_get_ancestor_obj_by_type(topo->hw, type, pu);

	if (!obj)
		return -1;
	return is_on_many_levels(topo, type) ? number_on_levels(obj) : (int)obj->logical_index;
}

/*
 * Memory hangs beside the tree, perhaps behind a memory-side cache, and the nearest object that has
 * any wins: high-bandwidth memory of the whole package does not merge its clusters.
 */
static int nearest_numa(hwloc_obj_t obj)
{
	hwloc_obj_t mem;

	for (; obj; obj = obj->parent)
		for (mem = obj->memory_first_child; mem; mem = mem->memory_first_child)
			if (mem->type == HWLOC_OBJ_NUMANODE)
				return mem->logical_index;
	return -1;
}

static void describe_kind(const struct topo *topo, hwloc_obj_t obj, struct topo_pu *pu)
{
	pu->efficiency = -1;
	pu->kind = hwloc_cpukinds_get_by_cpuset(topo->hw, obj->cpuset, 0);
	if (pu->kind < 0)
		pu->kind = -1;
	else
		hwloc_cpukinds_get_info(topo->hw, pu->kind, NULL, &pu->efficiency, NULL, NULL, 0);
}

/*
 * The smallest group below the package, and the smallest one of packages.  Groups that only hold the
 * memory of a NUMA node are that node.
 */
static void describe_groups(hwloc_obj_t obj, struct topo_pu *pu)
{
	bool in_package = true, in_l3 = true;

	pu->group = pu->board = -1;
	for (; obj; obj = obj->parent) {
		in_package &= obj->type != HWLOC_OBJ_PACKAGE;
		in_l3 &= obj->type != HWLOC_OBJ_L3CACHE;
		if (obj->type != HWLOC_OBJ_GROUP || obj->memory_arity)
			continue;
		if (in_package && pu->group < 0) {
			pu->group = number_on_levels(obj);
			pu->group_in_l3 = in_l3 && pu->l3 >= 0;
		} else if (!in_package && pu->board < 0) {
			pu->board = number_on_levels(obj);
		}
	}
}

static void describe_pu(const struct topo *topo, hwloc_obj_t obj, struct topo_pu *pu)
{
	*pu = (struct topo_pu){
		.cpu = obj->os_index,
		.core = ancestor(topo, obj, HWLOC_OBJ_CORE),
		.l2 = ancestor(topo, obj, HWLOC_OBJ_L2CACHE),
		.l3 = ancestor(topo, obj, HWLOC_OBJ_L3CACHE),
		.die = ancestor(topo, obj, HWLOC_OBJ_DIE),
		.package = ancestor(topo, obj, HWLOC_OBJ_PACKAGE),
		.numa = nearest_numa(obj),
	};
	describe_groups(obj, pu);
	describe_kind(topo, obj, pu);
}

/* From 0 on; the PUs of one group are neighbours. */
static void renumber(struct topo *topo, size_t member)
{
	int last = -1, n = -1;

	topo_for_each_pu(topo, pu) {
		int *id = (int *)((char *)&topo->pu[pu] + member);

		if (*id < 0)
			continue;
		n += *id != last;
		last = *id;
		*id = n;
	}
}

static int describe_pus(struct topo *topo)
{
	static const struct {
		hwloc_obj_type_t type;
		size_t member;
	} of[] = { { HWLOC_OBJ_CORE, offsetof(struct topo_pu, core) },
		   { HWLOC_OBJ_L2CACHE, offsetof(struct topo_pu, l2) },
		   { HWLOC_OBJ_L3CACHE, offsetof(struct topo_pu, l3) },
		   { HWLOC_OBJ_DIE, offsetof(struct topo_pu, die) },
		   { HWLOC_OBJ_PACKAGE, offsetof(struct topo_pu, package) },
		   { HWLOC_OBJ_GROUP, offsetof(struct topo_pu, group) },
		   { HWLOC_OBJ_GROUP, offsetof(struct topo_pu, board) } };

	topo->n_pus = hwloc_get_nbobjs_by_type(topo->hw, HWLOC_OBJ_PU);
	if (topo->n_pus < 1)
		return -EINVAL;
	topo->pu = calloc(topo->n_pus, sizeof(*topo->pu));
	if (!topo->pu)
		return -ENOMEM;
	topo_for_each_pu(topo, i) {
		struct topo_pu *pu = &topo->pu[i];

		describe_pu(topo, hwloc_get_obj_by_type(topo->hw, HWLOC_OBJ_PU, i), pu);
	}
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (of[i].type == HWLOC_OBJ_GROUP || is_on_many_levels(topo, of[i].type))
			renumber(topo, of[i].member);
	for (int i = 1; i < topo->n_pus; i++)
		if (topo->pu[i].core >= 0 && topo->pu[i - 1].core == topo->pu[i].core)
			topo->pu[i].smt = topo->pu[i - 1].smt + 1;
	return 0;
}

static bool is_nearest_to_one(const struct topo *topo, hwloc_obj_t node)
{
	topo_for_each_pu(topo, pu)
		if (topo->pu[pu].numa == (int)node->logical_index)
			return true;
	return false;
}

static int describe_memory(struct topo *topo)
{
	int n = hwloc_get_nbobjs_by_type(topo->hw, HWLOC_OBJ_NUMANODE);
	hwloc_obj_t node = NULL;

	if (n < 1)
		return 0;
	topo->memory_only = calloc((size_t)n, sizeof(*topo->memory_only));
	topo->memory_name = calloc((size_t)n, sizeof(*topo->memory_name));
	if (!topo->memory_only || !topo->memory_name)
		return -ENOMEM;
	while ((node = hwloc_get_next_obj_by_type(topo->hw, HWLOC_OBJ_NUMANODE, node))) {
		if (is_nearest_to_one(topo, node) || !node->attr || !node->attr->numanode.local_memory)
			continue;
		snprintf(topo->memory_name[topo->n_memory_only], sizeof(*topo->memory_name), "node:%u",
			 node->os_index);
		topo->memory_only[topo->n_memory_only++] = node;
	}
	return 0;
}

static char *kind_name(const struct topo *topo, int kind)
{
	struct hwloc_info_s *info;
	unsigned int n, i;

	if (hwloc_cpukinds_get_info(topo->hw, kind, NULL, NULL, &n, &info, 0))
		return strdup("");
	for (i = 0; i < n; i++)
		if (!strcmp(info[i].name, "CoreType"))
			return strdup(info[i].value);
	return strdup("");
}

static int describe_kinds(struct topo *topo)
{
	int n = hwloc_cpukinds_get_nr(topo->hw, 0);

	if (n < 1)
		return 0;
	topo->kind_names = calloc(n, sizeof(*topo->kind_names));
	if (!topo->kind_names)
		return -ENOMEM;
	for (topo->n_kinds = 0; topo->n_kinds < n; topo->n_kinds++) {
		char *name = kind_name(topo, topo->n_kinds);

		if (!name)
			return -ENOMEM;
		topo->kind_names[topo->n_kinds] = name;
	}
	return 0;
}

/*
 * A hand-made file may say anything.  Everything here rests on these: PUs stand in the tree in
 * logical order, each with its own OS number, and an object's cpuset is that of the PUs below it.
 */
static bool is_consistent(hwloc_obj_t obj, unsigned int *next_pu)
{
	unsigned int first = *next_pu;

	if (!obj->cpuset)
		return false;
	if (obj->type == HWLOC_OBJ_PU)
		return !obj->first_child && obj->logical_index == (*next_pu)++ &&
		       hwloc_bitmap_weight(obj->cpuset) == 1 &&
		       hwloc_bitmap_isset(obj->cpuset, obj->os_index);
	for (hwloc_obj_t child = obj->first_child; child; child = child->next_sibling)
		if (!is_consistent(child, next_pu) ||
		    !hwloc_bitmap_isincluded(child->cpuset, obj->cpuset))
			return false;
	return hwloc_bitmap_weight(obj->cpuset) == (int)(*next_pu - first);
}

static bool os_numbers_differ(const struct topo *topo)
{
	hwloc_obj_t root = hwloc_get_root_obj(topo->hw);

	topo_for_each_pu(topo, pu)
		if (!hwloc_bitmap_isset(root->cpuset, topo->pu[pu].cpu) ||
		    topo_pu_of_cpu(topo, topo->pu[pu].cpu) != pu)
			return false;
	return true;
}

int topo_describe(struct topo *topo)
{
	unsigned int n_pus = 0;
	int rc;

	if (!is_consistent(hwloc_get_root_obj(topo->hw), &n_pus))
		return -EINVAL;
	rc = describe_kinds(topo);
	if (!rc)
		rc = describe_pus(topo);
	if (!rc)
		rc = describe_memory(topo);
	if (!rc && (topo->n_pus != (int)n_pus || !os_numbers_differ(topo)))
		rc = -EINVAL;
	return rc;
}

int topo_node(const struct topo *topo, int pu)
{
	int numa = topo->pu[pu].numa;
	hwloc_obj_t node = hwloc_get_obj_by_type(topo->hw, HWLOC_OBJ_NUMANODE, (unsigned int)numa);

	return numa >= 0 && node ? (int)node->os_index : -1;
}

static bool is_near(const struct topo *topo, hwloc_obj_t memory, int pu)
{
	return hwloc_bitmap_iszero(memory->cpuset) ||
	       hwloc_bitmap_isset(memory->cpuset, (unsigned int)topo->pu[pu].cpu);
}

int topo_memory_only(const struct topo *topo, int a, int b, int i)
{
	for (int m = 0; m < topo->n_memory_only; m++)
		if ((is_near(topo, topo->memory_only[m], a) ||
		     is_near(topo, topo->memory_only[m], b)) && !i--)
			return (int)topo->memory_only[m]->os_index;
	return -1;
}

const char *topo_memory_name(const struct topo *topo, int node)
{
	for (int m = 0; m < topo->n_memory_only; m++)
		if ((int)topo->memory_only[m]->os_index == node)
			return topo->memory_name[m];
	return NULL;
}

int topo_n_pus(const struct topo *topo)
{
	return topo->n_pus;
}

const struct topo_pu *topo_pu(const struct topo *topo, int pu)
{
	return pu >= 0 && pu < topo->n_pus ? &topo->pu[pu] : NULL;
}

int topo_pu_of_cpu(const struct topo *topo, int cpu)
{
	topo_for_each_pu(topo, pu)
		if (topo->pu[pu].cpu == cpu)
			return pu;
	return -1;
}

const char *topo_kind_name(const struct topo *topo, int kind)
{
	return kind >= 0 && kind < topo->n_kinds ? topo->kind_names[kind] : "";
}

/*
 * How many objects the PUs name in one member of their records; objects without a usable PU do not
 * count.  PUs of one object are neighbours in logical order.
 */
static int count_ids(const struct topo *topo, size_t member)
{
	int n = 0, last = -1;

	topo_for_each_pu(topo, pu) {
		int id = *(const int *)((const char *)&topo->pu[pu] + member);

		n += id >= 0 && id != last;
		last = id;
	}
	return n;
}

void topo_count(const struct topo *topo, struct topo_counts *out)
{
	*out = (struct topo_counts){
		.pus = topo->n_pus,
		.cores = count_ids(topo, offsetof(struct topo_pu, core)),
		.l2s = count_ids(topo, offsetof(struct topo_pu, l2)),
		.l3s = count_ids(topo, offsetof(struct topo_pu, l3)),
		.dies = count_ids(topo, offsetof(struct topo_pu, die)),
		.packages = count_ids(topo, offsetof(struct topo_pu, package)),
		.numas = count_ids(topo, offsetof(struct topo_pu, numa)),
		.kinds = topo->n_kinds,
		.max_smt = 1,
	};
	out->groups = count_ids(topo, offsetof(struct topo_pu, group));
	out->boards = count_ids(topo, offsetof(struct topo_pu, board));
	topo_for_each_pu(topo, pu)
		if (topo->pu[pu].smt >= out->max_smt)
			out->max_smt = topo->pu[pu].smt + 1;
}

/* Cores on several levels have no number that hwloc's syntax could name. */
static bool has_named_core(const struct topo *topo, int pu)
{
	return topo->pu[pu].core >= 0 && !is_on_many_levels(topo, HWLOC_OBJ_CORE);
}

/* The rank of a PU's core, or of the PU where there are no cores, in its package. */
static int rank_in_package(const struct topo *topo, int pu)
{
	const struct topo_pu *p = topo->pu;
	int first = pu;

	while (first && p[first - 1].package == p[pu].package)
		first--;
	return has_named_core(topo, pu) ? p[pu].core - p[first].core : pu - first;
}

static void append(char *buf, size_t size, const char *type, int index)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%s:%d", used ? "." : "", type, index);
}

void topo_pu_name(const struct topo *topo, int pu, char *buf, size_t size)
{
	const struct topo_pu *p = topo_pu(topo, pu);
	int rank;

	if (!size)
		return;
	*buf = '\0';
	if (!p)
		return;
	rank = rank_in_package(topo, pu);
	if (p->package >= 0)
		append(buf, size, "Package", p->package);
	if (has_named_core(topo, pu))
		append(buf, size, "Core", rank);
	append(buf, size, "PU", has_named_core(topo, pu) ? p->smt : rank);
}

void topo_list_cpus(const struct topo *topo, char *buf, size_t size)
{
	int length =
		hwloc_bitmap_list_snprintf(buf, size, hwloc_topology_get_topology_cpuset(topo->hw));

	if (length >= (int)size && size > 4)
		memcpy(buf + size - 4, "...", 4);
}

struct cJSON *topo_layout_json(const struct topo *topo)
{
	static const char *const name[] = { "cpu", "core", "l3", "numa", "package" };
	cJSON *layout = cJSON_CreateObject(), *list[5];

	for (int i = 0; i < 5; i++)
		list[i] = cJSON_AddArrayToObject(layout, name[i]);
	topo_for_each_pu(topo, pu)
	{
		const struct topo_pu *p = topo_pu(topo, pu);
		const int ids[] = { p->cpu, p->core, p->l3, p->numa, p->package };

		for (int i = 0; i < 5; i++)
			cJSON_AddItemToArray(list[i], cJSON_CreateNumber(ids[i]));
	}
	return layout;
}
