/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of topo/ share: the hwloc topology behind the opaque struct. */
#ifndef TOPO_INTERNAL_H
#define TOPO_INTERNAL_H

#include <hwloc.h>

#include "topo/topo.h"

enum topo_origin { TOPO_MACHINE, TOPO_XML, TOPO_SYNTHETIC };

struct topo {
	hwloc_topology_t hw;
	enum topo_origin origin;
	char *input;  /* the file's name, the string, or "" */
	char *source; /* what topo_source() returns */
	char *xml;    /* the file's text, xml_size bytes with the NUL; else NULL */
	size_t xml_size;
	struct topo_pu *pu;
	int n_pus;
	char (*memory_name)[16]; /* of memory_only[i] */
	hwloc_obj_t *memory_only;
	int n_memory_only;
	char **kind_names;
	int n_kinds;
};

/* One line into err, if there is one; returns error, so that it can end a function. */
int topo_fail(int error, char *err, size_t err_size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Fill topo->pu and the kinds from topo->hw.  -ENOMEM; -EINVAL: the tree contradicts itself. */
int topo_describe(struct topo *topo);

/*
 * The same machine or file again, with the PUs that topo_load() left out because a cpuset or a mask
 * forbids them.  Only to explain an error.
 */
int topo_load_whole(struct topo **out, const struct topo *topo);

/* "0-3,8,10-11": the OS numbers of all PUs, cut with "..." where buf ends. */
void topo_list_cpus(const struct topo *topo, char *buf, size_t size);

#endif
