// SPDX-License-Identifier: GPL-2.0-or-later
/* Is it the same machine?  A number for the structure, the XML of all of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "results/hash.h"
#include "topo/internal.h"

static uint64_t cache_size(const struct topo *topo, hwloc_obj_type_t type, int index)
{
	hwloc_obj_t obj = index < 0 ? NULL : hwloc_get_obj_by_type(topo->hw, type, index);

	return obj ? obj->attr->cache.size : 0;
}

static uint64_t mix_pu(const struct topo *topo, uint64_t hash, const struct topo_pu *p)
{
	/* Not the efficiency: some systems derive it from a frequency that differs by boot. */
	const int ids[] = { p->cpu, p->core,	p->smt,	 p->l2,	 p->l3,
			    p->die, p->package, p->numa, p->kind };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		hash = hash_u64(hash, ids[i]);
	hash = hash_u64(hash, cache_size(topo, HWLOC_OBJ_L2CACHE, p->l2));
	return hash_u64(hash, cache_size(topo, HWLOC_OBJ_L3CACHE, p->l3));
}

uint64_t topo_hash(const struct topo *topo)
{
	uint64_t hash = HASH_START;

	topo_for_each_pu(topo, pu)
		hash = mix_pu(topo, hash, &topo->pu[pu]);
	return hash;
}

char *topo_xml(const struct topo *topo)
{
	char *xml, *copy;
	int length;

	if (hwloc_topology_export_xmlbuffer(topo->hw, &xml, &length, 0))
		return NULL;
	copy = strdup(xml);
	hwloc_free_xmlbuffer(topo->hw, xml);
	return copy;
}
