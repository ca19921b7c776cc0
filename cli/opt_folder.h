/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results folder that a verb's --out names, with the machine's topology in it. */
#ifndef CLI_OPT_FOLDER_H
#define CLI_OPT_FOLDER_H

#include "results/folder.h"

struct cJSON;
struct topo;

struct opt_folder {
	const char *out; /* NULL: the default place */
	int argc;
	char **argv;
	uint64_t seed;
	struct cJSON *plan;	 /* taken; NULL: none */
	const struct topo *topo; /* its hash, and topology.xml; NULL: it does not matter */
	const struct csv_schema *schema;
};

/* Opens the folder and its CSV file.  An exit code after one line on stderr. */
int opt_open_folder(struct folder *folder, struct csv_writer *csv, const struct opt_folder *of);

#endif
