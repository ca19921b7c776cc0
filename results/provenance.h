/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of two run.json files must agree before their figures may be compared. */
#ifndef RESULTS_PROVENANCE_H
#define RESULTS_PROVENANCE_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;

struct provenance_difference {
	char *what;  /* "machine.cpu_model" */
	char *a, *b; /* "unknown" where a side does not say */
	bool fatal;  /* machine, compiler, flags, library: no comparison; else worth a note only */
};

struct provenance {
	struct provenance_difference *difference;
	size_t n;
	size_t n_fatal;
};

/* Read PATH/run.json. -errno, -EBADMSG: not JSON; *run is NULL then. */
int provenance_read(const char *folder, struct cJSON **run, char *err, size_t err_size);

int provenance_compare(const struct cJSON *a, const struct cJSON *b,
		       struct provenance *provenance); /* -ENOMEM */
/* The first difference that forbids a comparison; NULL: there is none. */
const struct provenance_difference *provenance_fatal(const struct provenance *provenance);
void provenance_fini(struct provenance *provenance);

#endif
