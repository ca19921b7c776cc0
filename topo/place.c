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

/*
 * Spreading, step one: every core gets `full` threads before any gets more, and `extra` cores get
 * one more.  Step two: the extra ones are shared among the children of each object, equally as far
 * as their cores go.  On even machines that is hwloc-distrib's result; on uneven ones hwloc shares
 * by the number of PUs, and would load a core twice while another one idles.
 */
struct spread {
	const struct topo *topo;
	int full;
	int *out;
};

static int first_pu(hwloc_obj_t obj)
{
	while (obj->type != HWLOC_OBJ_PU) {
		obj = obj->first_child;
		while (hwloc_bitmap_iszero(obj->cpuset)) /* a package with memory only */
			obj = obj->next_sibling;
	}
	return obj->logical_index;
}

/* Cores of obj that can take one thread more than `full`. */
static size_t room(const struct spread *s, hwloc_obj_t obj)
{
	int n = hwloc_bitmap_weight(obj->cpuset), first = n > 0 ? first_pu(obj) : 0;
	size_t cores = 0;

	for (int pu = first; pu < first + n; pu++)
		cores += s->topo->pu[pu].smt == s->full;
	return cores;
}

/* How many threads the children of obj take if none takes more than `each`. */
static size_t taken(const struct spread *s, hwloc_obj_t obj, size_t each)
{
	size_t sum = 0;

	for (hwloc_obj_t child = obj->first_child; child; child = child->next_sibling) {
		size_t cores = room(s, child);

		sum += cores < each ? cores : each;
	}
	return sum;
}

/* The largest share that all children with enough room can have of `extra` threads. */
static size_t equal_share(const struct spread *s, hwloc_obj_t obj, size_t extra)
{
	size_t low = 0, high = extra;

	while (low < high) {
		size_t middle = high - (high - low) / 2;

		if (taken(s, obj, middle) <= extra)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static size_t count_children_above(const struct spread *s, hwloc_obj_t obj, size_t cores)
{
	size_t n = 0;

	for (hwloc_obj_t child = obj->first_child; child; child = child->next_sibling)
		n += room(s, child) > cores;
	return n;
}

/* The same number of steps apart, as hwloc_distrib() rounds. */
static void put_on_core(struct spread *s, hwloc_obj_t core, size_t extra)
{
	int first = first_pu(core), n = hwloc_bitmap_weight(core->cpuset);
	int threads = (n < s->full ? n : s->full) + extra;

	for (int i = 0; i < threads; i++)
		*s->out++ = first + i * n / threads;
}

static void spread(struct spread *s, hwloc_obj_t obj, size_t extra)
{
	size_t each, rest, wider, seen = 0;

	if (hwloc_bitmap_iszero(obj->cpuset) || (!s->full && !extra))
		return;
	if (obj->type == HWLOC_OBJ_PU || obj->type == HWLOC_OBJ_CORE) {
		put_on_core(s, obj, extra);
		return;
	}
	each = equal_share(s, obj, extra);
	rest = extra - taken(s, obj, each);
	wider = count_children_above(s, obj, each);
	for (hwloc_obj_t child = obj->first_child; child; child = child->next_sibling) {
		size_t share = room(s, child);

		if (share > each) {
			share = each + ((seen + 1) * rest + wider - 1) / wider -
				(seen * rest + wider - 1) / wider;
			seen++;
		}
		spread(s, child, share);
	}
}

/* n is at most the number of PUs. */
static void spread_all(const struct topo *topo, size_t n, int *pus)
{
	struct spread s = { .topo = topo, .out = pus };
	hwloc_obj_t root = hwloc_get_root_obj(topo->hw);
	size_t cores = room(&s, root);

	while (n > cores) {
		n -= cores;
		s.full++;
		cores = room(&s, root);
	}
	spread(&s, root, n);
}

void topo_place(const struct topo *topo, enum topo_order order, size_t n, int *pus)
{
	if (order == TOPO_SPREAD && n <= (size_t)topo->n_pus) {
		spread_all(topo, n, pus);
		return;
	}
	for (size_t i = 0; i < n; i++)
		pus[i] = i % topo->n_pus;
}
