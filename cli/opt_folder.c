// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder, its run.json, its topology and its CSV file. */
#include "cli/opt_folder.h"

#include <stdio.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "topo/topo.h"

static int export_topology(const struct folder *folder, const struct topo *topo, char *err,
			   size_t err_size)
{
	char path[PATH_MAX];

	if (folder_file(folder, "topology.xml", path, sizeof(path)))
		return -1;
	return topo_export_xml(topo, path, err, err_size);
}

int opt_open_folder(struct folder *folder, struct csv_writer *csv, const struct opt_folder *of)
{
	char hash[32], err[512] = "";
	struct folder_options options = { .out = of->out,
					  .argc = of->argc,
					  .argv = of->argv,
					  .seed = of->seed,
					  .build = folder_this_build(false),
					  .plan = of->plan,
					  .topology_hash = of->topo ? hash : NULL };
	cJSON *layout = NULL;
	int failed;

	if (of->topo) {
		snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)topo_hash(of->topo));
		layout = topo_layout_json(of->topo);
		options.pu_layout = layout;
	}
	failed = folder_open(folder, &options, err, sizeof(err));
	cJSON_Delete(of->plan);
	cJSON_Delete(layout);
	if (failed)
		return usage_error("%s", err);
	if (folder_csv(folder, of->schema, csv, err, sizeof(err)) ||
	    (of->topo && export_topology(folder, of->topo, err, sizeof(err))))
		return env_error("%s", err);
	return EXIT_AS_STATED;
}
