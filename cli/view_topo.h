/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `kickbench topo` prints, for its two forms: text and JSON. */
#ifndef CLI_VIEW_TOPO_H
#define CLI_VIEW_TOPO_H

#include "topo/topo.h"

struct view_topo {
	const struct topo *topo;
	uint64_t seed;
	uint64_t counts[TOPO_N_DISTANCES];
	struct topo_pair *pairs; /* sorted by distance */
	size_t n_pairs;
	int *places; /* one placement, up to all PUs */
	void *json;  /* where view_topo_json() collects placements */
};

/* The pairs of one distance: a slice of the sorted array. */
const struct topo_pair *view_topo_pairs(const struct view_topo *v, enum topo_distance d, size_t *n);

/* Calls visit with every placement worth showing, in v->places. */
void view_topo_places(struct view_topo *v,
		      void (*visit)(struct view_topo *, enum topo_order order, int n));

/* One JSON object on stdout; returns an exit code. */
int view_topo_json(struct view_topo *v);

#endif
