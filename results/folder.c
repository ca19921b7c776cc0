// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder and its run.json, there from the start, so that a killed run says what it was. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include "results/error.h"
#include "results/folder.h"

#define RUNS "results/runs"

int folder_make_path(const char *path)
{
	char part[PATH_MAX];

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0777) && errno != EEXIST ? -errno : 0;
}

static void format_time(char *text, size_t size, const char *format)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, size, format, &utc);
}

/* <UTC>-<host>, of characters that are safe in a file name. */
static void make_run_id(char *id, size_t size)
{
	char stamp[32], host[65] = "";

	format_time(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ");
	gethostname(host, sizeof(host) - 1);
	for (char *c = host; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_",
			    *c))
			*c = '_';
	snprintf(id, size, "%s-%s", stamp, host[0] ? host : "unknown");
}

/* Two runs that begin in the same second: the second one's name ends in -2. */
static int make_default_folder(struct folder *folder, const char *id)
{
	int ret = folder_make_path(RUNS);

	for (int i = 1; !ret && i < 1000; i++) {
		if (i == 1)
			snprintf(folder->run_id, sizeof(folder->run_id), "%s", id);
		else
			snprintf(folder->run_id, sizeof(folder->run_id), "%s-%d", id, i);
		snprintf(folder->path, sizeof(folder->path), RUNS "/%s", folder->run_id);
		if (!mkdir(folder->path, 0777))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return ret ? ret : -EEXIST;
}

static int make_folder(struct folder *folder, const char *out)
{
	char id[100];

	make_run_id(id, sizeof(id));
	if (!out)
		return make_default_folder(folder, id);
	snprintf(folder->run_id, sizeof(folder->run_id), "%s", id);
	if (!*out)
		return -ENOENT;
	if (snprintf(folder->path, sizeof(folder->path), "%s", out) >= (int)sizeof(folder->path))
		return -ENAMETOOLONG;
	return folder_make_path(out);
}

static void add_text(struct cJSON *object, const char *name, const char *text)
{
	if (text && *text)
		cJSON_AddStringToObject(object, name, text);
	else
		cJSON_AddNullToObject(object, name);
}

static void add_u64(struct cJSON *object, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	cJSON_AddRawToObject(object, name, text);
}

static void add_now(struct cJSON *object, const char *name)
{
	char text[32];

	format_time(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ");
	cJSON_AddStringToObject(object, name, text);
}

static void add_build(struct cJSON *run, const struct folder_build *build)
{
	struct cJSON *object = cJSON_AddObjectToObject(run, "build");
	struct cJSON *libraries = cJSON_AddObjectToObject(run, "libraries");

	if (!build)
		return;
	add_text(object, "version", build->version);
	add_text(object, "revision", build->revision);
	add_text(object, "compiler", build->compiler);
	add_text(object, "flags", build->flags);
	add_text(object, "type", build->build_type);
	add_text(object, "binary", build->binary);
	for (const struct folder_library *l = build->libraries; l && l->name; l++)
		add_text(libraries, l->name, l->version);
}

static void add_command(struct cJSON *run, int argc, char **argv)
{
	struct cJSON *command = cJSON_AddArrayToObject(run, "command");

	for (int i = 0; i < argc; i++)
		cJSON_AddItemToArray(command, cJSON_CreateString(argv[i]));
}

struct cJSON *folder_describe(const struct folder *folder, const struct folder_options *options)
{
	struct cJSON *run = cJSON_CreateObject(), *machine = host_state_json(folder->root);
	char directory[PATH_MAX];

	cJSON_AddStringToObject(run, "format", "kickbench-run-1");
	cJSON_AddStringToObject(run, "run_id", folder->run_id);
	cJSON_AddStringToObject(run, "state", "running");
	add_now(run, "started");
	cJSON_AddNullToObject(run, "finished");
	add_command(run, options->argc, options->argv);
	add_text(run, "directory", getcwd(directory, sizeof(directory)));
	add_u64(run, "seed", options->seed);
	add_build(run, options->build);
	add_text(machine, "topology_hash", options->topology_hash);
	cJSON_AddItemToObject(run, "machine", machine);
	cJSON_AddNullToObject(run, "noise");
	cJSON_AddItemToObject(run, "plan",
			      options->plan ? cJSON_Duplicate(options->plan, true)
					    : cJSON_CreateNull());
	if (options->pu_layout)
		cJSON_AddItemToObject(run, "pu_layout", cJSON_Duplicate(options->pu_layout, true));
	return run;
}

int folder_file(const struct folder *folder, const char *name, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s", folder->path, name) >= (int)size ? -ENAMETOOLONG : 0;
}

static int begin(struct folder *folder, const struct folder_options *options, char *err,
		 size_t err_size)
{
	char path[PATH_MAX];
	int ret = folder_file(folder, "run.json", path, sizeof(path));

	if (ret)
		return results_fail(ret, err, err_size, "%s: %s", folder->path, strerror(-ret));
	if (!access(path, F_OK))
		return results_fail(-EEXIST, err, err_size,
				    "%s: holds the results of a run already", folder->path);
	host_noise_read(folder->root, &folder->start);
	folder->run = folder_describe(folder, options);
	ret = folder_save(folder, err, err_size);
	if (ret)
		cJSON_Delete(folder->run);
	return ret;
}

int folder_open(struct folder *folder, const struct folder_options *options, char *err,
		size_t err_size)
{
	int ret;

	*folder = (struct folder){ 0 };
	snprintf(folder->root, sizeof(folder->root), "%s", options->root ? options->root : "");
	ret = make_folder(folder, options->out);
	if (ret)
		return results_fail(ret, err, err_size, "%s: cannot create the results folder: %s",
				    options->out ? options->out : RUNS, strerror(-ret));
	return begin(folder, options, err, err_size);
}

int folder_csv(const struct folder *folder, const struct csv_schema *schema,
	       struct csv_writer *writer, char *err, size_t err_size)
{
	return folder_csv_open(folder, schema, CSV_CREATE, writer, err, err_size);
}

int folder_csv_open(const struct folder *folder, const struct csv_schema *schema, enum csv_open how,
		    struct csv_writer *writer, char *err, size_t err_size)
{
	char name[64], path[PATH_MAX];
	int ret;

	snprintf(name, sizeof(name), "%s.csv", schema->name);
	ret = folder_file(folder, name, path, sizeof(path));
	if (ret)
		return results_fail(ret, err, err_size, "%s: %s", folder->path, strerror(-ret));
	return csv_writer_open(writer, path, schema, how, err, err_size);
}

int folder_set(struct folder *folder, const char *name, struct cJSON *value)
{
	if (!value)
		return -ENOMEM;
	if (cJSON_HasObjectItem(folder->run, name)
		    ? cJSON_ReplaceItemInObject(folder->run, name, value)
		    : cJSON_AddItemToObject(folder->run, name, value))
		return 0;
	cJSON_Delete(value);
	return -ENOMEM;
}

static int write_all(const char *path, const char *text)
{
	size_t size = strlen(text), done = 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int ret = 0;

	if (fd < 0)
		return -errno;
	while (!ret && done < size) {
		ssize_t n = write(fd, text + done, size - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			ret = -errno;
	}
	if (!ret && fsync(fd))
		ret = -errno;
	close(fd);
	return ret;
}

int folder_save(const struct folder *folder, char *err, size_t err_size)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	char *text = folder->run ? cJSON_Print(folder->run) : NULL;
	int ret = text ? 0 : -ENOMEM;

	if (!ret)
		ret = folder_file(folder, "run.json", path, sizeof(path));
	if (!ret)
		ret = folder_file(folder, ".run.json.new", temporary, sizeof(temporary));
	if (!ret)
		ret = write_all(temporary, text);
	if (!ret && rename(temporary, path))
		ret = -errno;
	free(text);
	if (ret)
		return results_fail(ret, err, err_size, "%s: cannot write run.json: %s",
				    folder->path, strerror(-ret));
	return 0;
}

/* The noise of the last part of a resumed run says nothing of its first part. */
static void add_noise(struct folder *folder, struct cJSON *noise)
{
	struct cJSON *resumed = cJSON_GetObjectItemCaseSensitive(folder->run, "resumed");
	int n = cJSON_GetArraySize(resumed);

	if (!n)
		folder_set(folder, "noise", noise);
	else
		cJSON_AddItemToObject(cJSON_GetArrayItem(resumed, n - 1), "noise", noise);
}

int folder_close(struct folder *folder, const char *state, char *err, size_t err_size)
{
	struct host_noise finish;
	char now[32];
	int ret;

	host_noise_read(folder->root, &finish);
	format_time(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ");
	add_noise(folder, host_noise_json(&folder->start, &finish));
	folder_set(folder, "finished", cJSON_CreateString(now));
	folder_set(folder, "state", cJSON_CreateString(state));
	ret = folder_save(folder, err, err_size);
	cJSON_Delete(folder->run);
	folder->run = NULL;
	return ret;
}
