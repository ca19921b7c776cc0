// SPDX-License-Identifier: GPL-2.0-or-later
/* Which PU each of n threads gets: close together, or as far apart as the machine allows. */
#include <errno.h>
#include <string.h>

#include "topo/internal.h"

static const char *const orders[TOPO_N_ORDERS] = {
	[TOPO_COMPACT] = "compact",
	[TOPO_SPREAD] = "spread",
};

const char *topo_order_name(enum topo_order order)
{
	return (unsigned int)order < TOPO_N_ORDERS ? orders[order] : NULL;
}

int topo_order_parse(const char *name, enum topo_order *out)
{
	for (int order = 0; order < TOPO_N_ORDERS; order++) {
		if (!strcmp(name, orders[order])) {
			*out = order;
			return 0;
		}
	}
	return -EINVAL;
}

static size_t weight(hwloc_obj_t obj)
{
	int pus = hwloc_bitmap_weight(obj->cpuset);

	return pus > 0 ? pus : 0;
}

/* A package may have memory and no PU that is online. */
static int first_pu(hwloc_obj_t obj)
{
	while (obj->type != HWLOC_OBJ_PU) {
		obj = obj->first_child;
		while (!weight(obj))
			obj = obj->next_sibling;
	}
	return obj->logical_index;
}

/*
 * hwloc_distrib()'s arithmetic: every child gets its share by weight, rounded so that the shares
 * add up and none exceeds the child's PUs.  Needs n <= weight(obj).
 */
static int *spread(hwloc_obj_t obj, size_t n, int *out)
{
	size_t total = weight(obj), before = 0;

	if (!n)
		return out;
	if (n == 1 || obj->type == HWLOC_OBJ_PU) {
		*out = first_pu(obj);
		return out + 1;
	}
	for (hwloc_obj_t child = obj->first_child; child; child = child->next_sibling) {
		size_t after = before + weight(child);
		size_t share = (after * n + total - 1) / total - (before * n + total - 1) / total;

		out = spread(child, share, out);
		before = after;
	}
	return out;
}

void topo_place(const struct topo *topo, enum topo_order order, size_t n, int *pus)
{
	if (order == TOPO_SPREAD && n <= (size_t)topo->n_pus) {
		spread(hwloc_get_root_obj(topo->hw), n, pus);
		return;
	}
	for (size_t i = 0; i < n; i++)
		pus[i] = i % topo->n_pus;
}
