// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder and its run.json, there from the start, so that a killed run says what it was. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include "cmake/build_info.h"
#include "results/error.h"
#include "results/file.h"
#include "results/folder.h"
#include "results/hash.h"
#include "results/json.h"
#include "results/shortage.h"
#include "results/provenance.h"

#define RUNS "results/runs"

/* The one whose run goes on: there is one at a time. */
static struct folder *open_one;

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

/*
 * <UTC>-<host>-<random>, of characters that are safe in a file name: two nodes may begin in one second, and
 * two containers may have one name.
 */
static void make_run_id(char *id, size_t size)
{
	char stamp[32], host[65] = "";
	uint64_t random = (uint64_t)getpid() << 32 ^ (uint64_t)clock();

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random ^= (uint64_t)(uintptr_t)&random; /* where the kernel's pool is not up yet */
	format_time(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ");
	gethostname(host, sizeof(host) - 1);
	for (char *c = host; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_",
			    *c))
			*c = '_';
	snprintf(id, size, "%s-%s-%012llx", stamp, host[0] ? host : "unknown",
		 (unsigned long long)random & 0xffffffffffff);
}

static int make_folder(struct folder *folder, const char *out)
{
	make_run_id(folder->run_id, sizeof(folder->run_id));
	if (out && !*out)
		return -ENOENT;
	if (snprintf(folder->path, sizeof(folder->path), "%s%s", out ? "" : RUNS "/",
		     out ? out : folder->run_id) >= (int)sizeof(folder->path))
		return -ENAMETOOLONG;
	return folder_make_path(folder->path);
}

static void add_now(struct cJSON *object, const char *name)
{
	char text[32];

	format_time(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ");
	cJSON_AddStringToObject(object, name, text);
}

/* Of the program file; "" if it cannot be read. */
static void hash_binary(char *text, size_t size)
{
	uint64_t hash = HASH_START;
	unsigned char chunk[1 << 14];
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		hash = hash_bytes(hash, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
	*text = '\0';
	if (!n)
		snprintf(text, size, "%016llx", (unsigned long long)hash);
}

const struct folder_build *folder_this_build(bool measures)
{
	static char binary[32];
	static struct folder_library libraries[4]; /* a NULL name at the end */
	static struct folder_build build;
	size_t n = 0;

	*binary = '\0';
	if (measures) {
		hash_binary(binary, sizeof(binary));
		libraries[n++] = (struct folder_library){ "benchmark", build_info.benchmark_version };
	}
	libraries[n++] = (struct folder_library){ "hwloc", build_info.hwloc_version };
	libraries[n++] = (struct folder_library){ "ck", build_info.ck_version };
	libraries[n] = (struct folder_library){ NULL, NULL };
	build = (struct folder_build){ .version = build_info.version,
				       .revision = build_info.git_revision,
				       .compiler = build_info.compiler,
				       .flags = build_info.c_flags,
				       .build_type = build_info.build_type,
				       .libraries = libraries,
				       .binary = binary };
	return &build;
}

static void add_build(struct cJSON *run, const struct folder_build *build)
{
	struct cJSON *object = cJSON_AddObjectToObject(run, "build");
	struct cJSON *libraries = cJSON_AddObjectToObject(run, "libraries");

	if (!build)
		return;
	host_add_text(object, "version", build->version);
	host_add_text(object, "revision", build->revision);
	host_add_text(object, "compiler", build->compiler);
	host_add_text(object, "flags", build->flags);
	host_add_text(object, "type", build->build_type);
	host_add_text(object, "binary", build->binary);
	for (const struct folder_library *l = build->libraries; l && l->name; l++)
		host_add_text(libraries, l->name, l->version);
}

static void add_command(struct cJSON *run, int argc, char **argv)
{
	struct cJSON *command = cJSON_AddArrayToObject(run, "command");

	for (int i = 0; i < argc; i++)
		cJSON_AddItemToArray(command, cJSON_CreateString(argv[i]));
}

/* What run.json says of this machine, build and command now. */
static struct cJSON *describe(const struct folder *folder, const struct folder_options *options)
{
	struct cJSON *run = cJSON_CreateObject(), *machine = host_state_json(folder->root);
	char directory[PATH_MAX];

	cJSON_AddStringToObject(run, "format", "kickbench-run-1");
	cJSON_AddStringToObject(run, "run_id", folder->run_id);
	cJSON_AddStringToObject(run, "state", "running");
	add_now(run, "started");
	cJSON_AddNullToObject(run, "finished");
	add_command(run, options->argc, options->argv);
	host_add_text(run, "directory", getcwd(directory, sizeof(directory)));
	results_json_add_u64(run, "seed", options->seed);
	add_build(run, options->build);
	host_add_text(machine, "topology_hash", options->topology_hash);
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
	open_one = folder;
	folder->run = describe(folder, options);
	ret = folder_save(folder, err, err_size);
	if (!ret)
		return 0;
	cJSON_Delete(folder->run);
	folder->run = NULL;
	open_one = NULL;
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

bool folder_is_misnamed(int failed)
{
	static const int ours[] = { ENOMEM, ENOSPC, EDQUOT, EIO, EFBIG, EMFILE, ENFILE };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (failed == -ours[i])
			return false;
	return failed != 0;
}

int folder_csv(const struct folder *folder, const struct csv_schema *schema, enum csv_open how,
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

int folder_write(const struct folder *folder, const char *name, const char *text)
{
	char path[PATH_MAX];
	int failed = folder_file(folder, name, path, sizeof(path));

	return failed ? failed : results_file_write(path, text, strlen(text));
}

int folder_save(const struct folder *folder, char *err, size_t err_size)
{
	char *text = results_json_print(folder->run, true);
	int ret = text ? folder_write(folder, "run.json", text) : -ENOMEM;

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

	open_one = NULL;
	host_noise_read(folder->root, &finish);
	format_time(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ");
	add_noise(folder, host_noise_json(&folder->start, &finish));
	folder_set(folder, "finished", cJSON_CreateString(now));
	do { /* twice where memory runs out only now */
		if (results_shortage() && !strcmp(state, "complete"))
			state = "failed";
		folder_set(folder, "state", cJSON_CreateString(state));
		ret = folder_save(folder, err, err_size);
	} while (results_shortage() && !strcmp(state, "complete"));
	cJSON_Delete(folder->run);
	folder->run = NULL;
	return ret;
}

void folder_abandon(void)
{
	char err[512];

	if (open_one)
		folder_close(open_one, "failed", err, sizeof(err));
}

/* Going on with a folder whose run was killed: only where it could have been one run */

static int check_text(const struct folder *folder, const struct cJSON *now, const char *member, char *err,
		      size_t err_size)
{
	const char *was = provenance_text(folder->run, member), *is = provenance_text(now, member);

	if (!strcmp(was, is) && strcmp(is, "unknown"))
		return 0;
	return results_fail(-EINVAL, err, err_size, "%s: cannot be resumed: %s was '%s', now it is '%s'",
			    folder->path, member, was, is);
}

/* Everything without which the rows of before and after could not stand in one table. */
static int check_same(const struct folder *folder, const struct cJSON *now, char *err, size_t err_size)
{
	struct provenance p;
	int ret = provenance_compare(folder->run, now, &p);

	if (ret)
		return results_fail(ret, err, err_size, "Cannot allocate memory");
	for (size_t i = 0; i < p.n && !ret; i++)
		if (p.difference[i].group != PROVENANCE_NOTE)
			ret = results_fail(-EINVAL, err, err_size,
					   "%s: cannot be resumed: %s was '%s', now it is '%s'",
					   folder->path, p.difference[i].what, p.difference[i].a,
					   p.difference[i].b);
	provenance_fini(&p);
	if (!ret)
		ret = check_text(folder, now, "build.binary", err, err_size);
	if (!ret)
		ret = check_text(folder, now, "plan.hash", err, err_size);
	return ret;
}

/* What is new: the state, when, how and after what it went on, and the plan's number of processes. */
static int note(struct folder *folder, struct cJSON *now)
{
	struct cJSON *resumed = cJSON_GetObjectItemCaseSensitive(folder->run, "resumed");
	struct cJSON *failed = cJSON_DetachItemFromObjectCaseSensitive(folder->run, "failed");
	struct cJSON *entry = cJSON_CreateObject();

	if (!resumed)
		resumed = cJSON_AddArrayToObject(folder->run, "resumed");
	cJSON_AddItemToObject(entry, "started", cJSON_DetachItemFromObject(now, "started"));
	cJSON_AddItemToObject(entry, "command", cJSON_DetachItemFromObject(now, "command"));
	if (failed)
		cJSON_AddItemToObject(entry, "after", failed);
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
	open_one = folder;
	ret = provenance_read(folder->path, &folder->run, err, err_size);
	if (!ret) {
		now = describe(folder, options);
		ret = check_same(folder, now, err, err_size);
	}
	if (!ret && note(folder, now))
		ret = results_fail(-ENOMEM, err, err_size, "Cannot allocate memory");
	if (!ret)
		ret = folder_save(folder, err, err_size);
	cJSON_Delete(now);
	if (ret) {
		cJSON_Delete(folder->run);
		folder->run = NULL;
		open_one = NULL;
	}
	return ret;
}
