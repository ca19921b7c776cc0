/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `kickbench topo` prints, for its two forms: text and JSON. */
#ifndef CLI_TOPO_VIEW_H
#define CLI_TOPO_VIEW_H

#include "topo/topo.h"

struct topo_view {
	const struct topo *topo;
	uint64_t seed;
	uint64_t counts[TOPO_N_DISTANCES];
	struct topo_pair *pairs; /* sorted by distance */
	size_t n_pairs;
	int *places; /* one placement, up to all PUs */
	void *json;  /* where topo_view_json() collects placements */
};

/* The pairs of one distance: a slice of the sorted array. */
const struct topo_pair *topo_view_pairs(const struct topo_view *v, enum topo_distance d, size_t *n);

/* Calls visit with every placement worth showing, in v->places. */
void topo_view_places(struct topo_view *v,
		      void (*visit)(struct topo_view *, enum topo_order order, int n));

/* One JSON object on stdout; returns an exit code. */
int topo_view_json(struct topo_view *v);

#endif
