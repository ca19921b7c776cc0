/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of two run.json files must agree before their figures may be compared. */
#ifndef RESULTS_PROVENANCE_H
#define RESULTS_PROVENANCE_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;

/* What a difference is one of; of the last four each forbids a comparison. */
enum provenance_group {
	PROVENANCE_NOTE, /* worth a note only */
	PROVENANCE_MACHINE,
	PROVENANCE_COMPILER,
	PROVENANCE_FLAGS,
	PROVENANCE_LIBRARIES,
	PROVENANCE_N_GROUPS
};
extern const char *const provenance_group_name[PROVENANCE_N_GROUPS];

struct provenance_difference {
	char *what;  /* "machine.cpu_model" */
	char *a, *b; /* "unknown" where a side does not say */
	enum provenance_group group;
};

struct provenance {
	struct provenance_difference *difference;
	size_t n;
};

/* Read PATH/run.json. -errno, -EBADMSG: not JSON; *run is NULL then. */
int provenance_read(const char *folder, struct cJSON **run, char *err, size_t err_size);
/* A member of it, "machine.cpu_model", or NULL; and its text, "unknown" where it has none. */
const struct cJSON *provenance_member(const struct cJSON *run, const char *path);
const char *provenance_text(const struct cJSON *run, const char *path);

int provenance_compare(const struct cJSON *a, const struct cJSON *b,
		       struct provenance *provenance); /* -ENOMEM */
/*
 * Is there a difference that forbids a comparison, of a group whose bit (1u << group) is not in `forced`?
 * All of them as one line for people.
 */
bool provenance_refuses(const struct provenance *provenance, unsigned int forced, char *text, size_t size);
void provenance_fini(struct provenance *provenance);

#endif
