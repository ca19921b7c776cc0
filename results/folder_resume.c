// SPDX-License-Identifier: GPL-2.0-or-later
/* Going on with a folder whose run was killed: only where it could have been one run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "results/error.h"
#include "results/folder.h"
#include "results/provenance.h"

static const char *text_of(const struct cJSON *run, const char *section, const char *member)
{
	const struct cJSON *in = cJSON_GetObjectItemCaseSensitive(run, section);
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, member));

	return text ? text : "unknown";
}

static int check_text(const struct folder *folder, const struct cJSON *now, const char *section,
		      const char *member, char *err, size_t err_size)
{
	const char *was = text_of(folder->run, section, member), *is = text_of(now, section, member);

	if (!strcmp(was, is) && strcmp(is, "unknown"))
		return 0;
	return results_fail(-EINVAL, err, err_size,
			    "%s: cannot be resumed: %s.%s was '%s', now it is '%s'", folder->path, section,
			    member, was, is);
}

/* Everything without which the rows of before and after could not stand in one table. */
static int check(const struct folder *folder, const struct cJSON *now, char *err, size_t err_size)
{
	struct provenance p;
	int ret = provenance_compare(folder->run, now, &p);

	if (ret)
		return results_fail(ret, err, err_size, "out of memory");
	for (size_t i = 0; i < p.n && !ret; i++)
		if (p.difference[i].fatal)
			ret = results_fail(-EINVAL, err, err_size,
					   "%s: cannot be resumed: %s was '%s', now it is '%s'",
					   folder->path, p.difference[i].what, p.difference[i].a,
					   p.difference[i].b);
	provenance_fini(&p);
	if (!ret)
		ret = check_text(folder, now, "build", "binary", err, err_size);
	if (!ret)
		ret = check_text(folder, now, "plan", "hash", err, err_size);
	return ret;
}

/* What is new: the state, when and how it went on, and the plan's number of processes. */
static int note(struct folder *folder, struct cJSON *now)
{
	struct cJSON *resumed = cJSON_GetObjectItemCaseSensitive(folder->run, "resumed");
	struct cJSON *entry = cJSON_CreateObject();

	if (!resumed)
		resumed = cJSON_AddArrayToObject(folder->run, "resumed");
	cJSON_AddItemToObject(entry, "started", cJSON_DetachItemFromObject(now, "started"));
	cJSON_AddItemToObject(entry, "command", cJSON_DetachItemFromObject(now, "command"));
	cJSON_AddItemToArray(resumed, entry);
	if (folder_set(folder, "state", cJSON_CreateString("running")) ||
	    folder_set(folder, "finished", cJSON_CreateNull()))
		return -ENOMEM;
	return folder_set(folder, "plan", cJSON_DetachItemFromObject(now, "plan"));
}

int folder_join(struct folder *folder, const char *path, char *err, size_t err_size)
{
	const char *id;
	int ret;

	*folder = (struct folder){ 0 };
	if (snprintf(folder->path, sizeof(folder->path), "%s", path) >= (int)sizeof(folder->path))
		return results_fail(-ENAMETOOLONG, err, err_size, "%s: the path is too long", path);
	ret = provenance_read(path, &folder->run, err, err_size);
	if (ret)
		return ret;
	id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(folder->run, "run_id"));
	if (!id)
		ret = results_fail(-EBADMSG, err, err_size, "%s/run.json: no run_id", path);
	else
		snprintf(folder->run_id, sizeof(folder->run_id), "%s", id);
	cJSON_Delete(folder->run);
	folder->run = NULL;
	return ret;
}

int folder_resume(struct folder *folder, const struct folder_options *options, char *err,
		  size_t err_size)
{
	struct cJSON *now = NULL;
	int ret = folder_join(folder, options->out, err, err_size);

	if (ret)
		return ret;
	snprintf(folder->root, sizeof(folder->root), "%s", options->root ? options->root : "");
	host_noise_read(folder->root, &folder->start);
	ret = provenance_read(folder->path, &folder->run, err, err_size);
	if (!ret) {
		now = folder_describe(folder, options);
		ret = check(folder, now, err, err_size);
	}
	if (!ret && note(folder, now))
		ret = results_fail(-ENOMEM, err, err_size, "out of memory");
	if (!ret)
		ret = folder_save(folder, err, err_size);
	cJSON_Delete(now);
	if (ret) {
		cJSON_Delete(folder->run);
		folder->run = NULL;
	}
	return ret;
}
