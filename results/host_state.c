// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The readers of /proc and /sys: the machine's state, and what else used our CPUs, as growth over a run.
 * What cannot be read is null in the JSON.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include "results/host_state.h"
#include "results/json.h"

#define CPU_DIR "/sys/devices/system/cpu"

static FILE *open_file(const char *root, const char *path)
{
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s%s", root, path) >= (int)sizeof(full))
		return NULL;
	return fopen(full, "re");
}

/* The first line of root/path without its line end; false: unreadable or empty. */
static bool read_line(const char *root, const char *path, char *line, size_t size)
{
	FILE *in = open_file(root, path);

	if (!in)
		return false;
	if (!fgets(line, (int)size, in))
		line[0] = '\0';
	fclose(in);
	line[strcspn(line, "\n")] = '\0';
	return line[0] != '\0';
}

void host_add_text(struct cJSON *object, const char *name, const char *text)
{
	if (text && *text)
		cJSON_AddStringToObject(object, name, text);
	else
		cJSON_AddNullToObject(object, name);
}

static void add_line(struct cJSON *object, const char *name, const char *root, const char *path)
{
	char line[512];

	host_add_text(object, name, read_line(root, path, line, sizeof(line)) ? line : NULL);
}

/* An empty list is "none": it could be read. */
static void add_list(struct cJSON *object, const char *name, const char *root, const char *path)
{
	char line[512];
	FILE *in = open_file(root, path);

	if (in && !read_line(root, path, line, sizeof(line)))
		strcpy(line, "none");
	host_add_text(object, name, in ? line : NULL);
	if (in)
		fclose(in);
}

/* The value behind "key<blanks>: " in a file of such lines, of its first occurrence. */
static bool read_key(const char *root, const char *path, const char *key, char *value, size_t size)
{
	FILE *in = open_file(root, path);
	char *line = NULL;
	size_t space = 0, key_size = strlen(key);
	bool found = false;

	while (in && !found && getline(&line, &space, in) > 0) {
		char *rest = line + key_size;

		if (strncmp(line, key, key_size))
			continue;
		rest += strspn(rest, " \t");
		if (*rest++ != ':')
			continue;
		rest += strspn(rest, " \t");
		rest[strcspn(rest, "\n")] = '\0';
		snprintf(value, size, "%s", rest);
		found = *rest != '\0';
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

/* x86 has "model name", the others have their own words for it. */
static void add_cpu_model(struct cJSON *object, const char *root)
{
	static const char *const keys[] = { "model name", "cpu model",	 "Model Name", "cpu",
					    "uarch",	  "processor 0", "CPU part" };
	char model[512] = "";

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (read_key(root, "/proc/cpuinfo", keys[i], model, sizeof(model)))
			break;
	host_add_text(object, "cpu_model", model);
}

static void add_key(struct cJSON *object, const char *name, const char *root, const char *path,
		    const char *key)
{
	char value[512] = "";

	read_key(root, path, key, value, sizeof(value));
	host_add_text(object, name, value);
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += n)
		if ((at == text || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

/* Flags of the first CPU; null where there are none (not x86), for then nothing is known. */
static void add_flags(struct cJSON *object, const char *root)
{
	static const char *const words[] = { "hypervisor", "constant_tsc", "nonstop_tsc" };
	char flags[8192];
	bool known = read_key(root, "/proc/cpuinfo", "flags", flags, sizeof(flags));

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (known)
			cJSON_AddBoolToObject(object, words[i], has_word(flags, words[i]));
		else
			cJSON_AddNullToObject(object, words[i]);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_mitigations(struct cJSON *object, const char *root)
{
	struct cJSON *all = cJSON_AddObjectToObject(object, "mitigations");
	struct dirent **entry = NULL;
	char dir[PATH_MAX], path[PATH_MAX];
	int n;

	snprintf(dir, sizeof(dir), "%s" CPU_DIR "/vulnerabilities", root);
	n = scandir(dir, &entry, is_visible, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), CPU_DIR "/vulnerabilities/%s", entry[i]->d_name);
		add_line(all, entry[i]->d_name, root, path);
		free(entry[i]);
	}
	free(entry);
}

/* One file of all cpufreq policies: its value, or all different ones joined by '+'. */
static void add_policies(struct cJSON *object, const char *name, const char *root, const char *file)
{
	char dir[PATH_MAX], path[PATH_MAX], line[64], all[256] = "";
	struct dirent **entry = NULL;
	int n;

	snprintf(dir, sizeof(dir), "%s" CPU_DIR "/cpufreq", root);
	n = scandir(dir, &entry, is_visible, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), CPU_DIR "/cpufreq/%s/%s", entry[i]->d_name, file);
		free(entry[i]);
		if (!read_line(root, path, line, sizeof(line)) || strstr(all, line))
			continue;
		if (strlen(all) + strlen(line) + 2 > sizeof(all))
			continue;
		if (all[0])
			strcat(all, "+");
		strcat(all, line);
	}
	free(entry);
	host_add_text(object, name, all);
}

/* acpi-cpufreq and amd-pstate say boost, intel_pstate says no_turbo. */
static void add_boost(struct cJSON *object, const char *root)
{
	char line[16];

	if (read_line(root, CPU_DIR "/cpufreq/boost", line, sizeof(line)))
		cJSON_AddBoolToObject(object, "boost", line[0] == '1');
	else if (read_line(root, CPU_DIR "/intel_pstate/no_turbo", line, sizeof(line)))
		cJSON_AddBoolToObject(object, "boost", line[0] == '0');
	else
		cJSON_AddNullToObject(object, "boost");
}

/*
 * Our group's path in the v1 hierarchy of `controller`, or in v2 if that is "". The lines of
 * /proc/self/cgroup: "3:cpu,cpuset:/path", "0::/path".
 */
static bool cgroup_path(const char *root, const char *controller, char *path, size_t size)
{
	FILE *in = open_file(root, "/proc/self/cgroup");
	char line[PATH_MAX];
	bool found = false;

	while (in && !found && fgets(line, sizeof(line), in)) {
		char *names = strchr(line, ':');
		char *group = names ? strchr(names + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = '\0';
		group[strcspn(group, "\n")] = '\0';
		for (char *c = names + 1; *c; c++)
			*c = *c == ',' ? ' ' : *c;
		found = *controller ? has_word(names + 1, controller) : !names[1];
		snprintf(path, size, "%s", strcmp(group, "/") ? group : "");
	}
	if (in)
		fclose(in);
	return found;
}

/* Our group becomes the one above it; false: it has none. */
static bool go_up(char *group)
{
	char *slash = strrchr(group, '/');

	if (slash)
		*slash = '\0';
	return slash;
}

static bool is_no_limit(const char *value)
{
	/* v1 says 2^63, less a page */
	return !strncmp(value, "max", 3) || !strcmp(value, "-1") || strtod(value, NULL) > 0x1p60;
}

/* The first limit on the way up to the root, which a container's own mount shows in our path's place. */
static bool read_cgroup(const char *root, const char *controller, const char *file, char *value,
			size_t size)
{
	char group[PATH_MAX], path[PATH_MAX * 2], line[1024];
	bool found = false;

	if (!cgroup_path(root, controller, group, sizeof(group)))
		return false;
	do {
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s%s%s/%s", *controller ? "/" : "", controller,
			 group, file);
		if (read_line(root, path, line, sizeof(line)) && (!found || !is_no_limit(line))) {
			snprintf(value, size, "%s", line);
			found = true;
		}
	} while (go_up(group) && (!found || is_no_limit(value)));
	return found;
}

static long long llmax(long long a, long long b)
{
	return a > b ? a : b;
}

/* What a line of cpu.stat says, the most of the groups on the way up; -1: none says it. */
static int64_t cgroup_cpu_stat(const char *root, const char *key)
{
	static const char *const controllers[] = { "", "cpu" };
	char group[PATH_MAX], path[PATH_MAX * 2], line[128];
	size_t length = strlen(key);
	long long value = -1;

	for (int i = 0; i < 2; i++) {
		const char *controller = controllers[i];

		if (!cgroup_path(root, controller, group, sizeof(group)))
			continue;
		do {
			FILE *in;

			snprintf(path, sizeof(path), "/sys/fs/cgroup%s%s%s/cpu.stat", *controller ? "/" : "",
				 controller, group);
			in = open_file(root, path);
			while (in && fgets(line, sizeof(line), in))
				if (!strncmp(line, key, length) && line[length] == ' ')
					value = llmax(value, strtoll(line + length, NULL, 10));
			if (in)
				fclose(in);
		} while (go_up(group));
	}
	return value;
}

bool host_memory_max(const char *root, char *value, size_t size)
{
	bool found = read_cgroup(root, "", "memory.max", value, size) ||
		     read_cgroup(root, "memory", "memory.limit_in_bytes", value, size);

	return found && strtod(value, NULL) > 0 && !is_no_limit(value);
}

static void add_cgroup(struct cJSON *object, const char *root)
{
	char value[1024] = "";

	if (!read_cgroup(root, "", "cpuset.cpus.effective", value, sizeof(value)) &&
	    !read_cgroup(root, "cpuset", "cpuset.effective_cpus", value, sizeof(value)))
		read_cgroup(root, "cpuset", "cpuset.cpus", value, sizeof(value));
	host_add_text(object, "cgroup_cpuset", value);
	value[0] = '\0';
	if (!read_cgroup(root, "", "cpu.max", value, sizeof(value)))
		read_cgroup(root, "cpu", "cpu.cfs_quota_us", value, sizeof(value));
	host_add_text(object, "cgroup_cpu_quota", value);
	value[0] = '\0';
	host_memory_max(root, value, sizeof(value));
	host_add_text(object, "cgroup_memory_max", value);
}

static void add_uname(struct cJSON *object, const char *root)
{
	struct utsname name;

	add_line(object, "hostname", root, "/proc/sys/kernel/hostname");
	host_add_text(object, "arch", uname(&name) ? NULL : name.machine);
	add_line(object, "kernel", root, "/proc/sys/kernel/osrelease");
	add_line(object, "kernel_build", root, "/proc/sys/kernel/version");
}

struct cJSON *host_state_json(const char *root)
{
	struct cJSON *object = cJSON_CreateObject();

	if (!object)
		return NULL;
	add_uname(object, root);
	add_cpu_model(object, root);
	add_key(object, "cpu_stepping", root, "/proc/cpuinfo", "stepping");
	add_key(object, "microcode", root, "/proc/cpuinfo", "microcode");
	add_flags(object, root);
	add_line(object, "hypervisor_vendor", root, "/sys/class/dmi/id/sys_vendor");
	add_mitigations(object, root);
	add_policies(object, "governor", root, "scaling_governor");
	add_policies(object, "frequency_driver", root, "scaling_driver");
	add_boost(object, root);
	add_line(object, "smt", root, CPU_DIR "/smt/control");
	add_line(object, "smt_active", root, CPU_DIR "/smt/active");
	add_line(object, "clock_source", root,
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	add_line(object, "cpus_online", root, CPU_DIR "/online");
	add_list(object, "cpus_isolated", root, CPU_DIR "/isolated");
	add_list(object, "cpus_nohz_full", root, CPU_DIR "/nohz_full");
	add_key(object, "cpus_allowed", root, "/proc/self/status", "Cpus_allowed_list");
	add_cgroup(object, root);
	add_key(object, "memory", root, "/proc/meminfo", "MemTotal");
	add_line(object, "transparent_hugepage", root,
		 "/sys/kernel/mm/transparent_hugepage/enabled");
	add_line(object, "aslr", root, "/proc/sys/kernel/randomize_va_space");
	add_line(object, "numa_balancing", root, "/proc/sys/kernel/numa_balancing");
	add_line(object, "loadavg", root, "/proc/loadavg");
	return object;
}

/* The eighth number of /proc/stat's first line, in clock ticks. */
static int64_t steal_ms(const char *root)
{
	long ticks_per_s = sysconf(_SC_CLK_TCK);
	FILE *in = open_file(root, "/proc/stat");
	long long ticks;
	int got;

	if (!in)
		return -1;
	got = fscanf(in, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &ticks);
	fclose(in);
	return got == 1 && ticks_per_s > 0 ? ticks * 1000 / ticks_per_s : -1;
}

void host_noise_read(const char *root, struct host_noise *noise)
{
	struct rusage own = { 0 }, children = { 0 }; /* these measure */

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	noise->steal_ms = steal_ms(root);
	noise->nivcsw = own.ru_nivcsw + children.ru_nivcsw;
	noise->nvcsw = own.ru_nvcsw + children.ru_nvcsw;
	noise->minflt = own.ru_minflt + children.ru_minflt;
	noise->throttled = cgroup_cpu_stat(root, "nr_throttled");
	noise->throttled_us = cgroup_cpu_stat(root, "throttled_usec");
	if (noise->throttled_us < 0)
		noise->throttled_us = cgroup_cpu_stat(root, "throttled_time") / 1000; /* v1: ns */
}

struct cJSON *host_noise_json(const struct host_noise *start,
				 const struct host_noise *finish)
{
	struct cJSON *object = cJSON_CreateObject();

	if (!object)
		return NULL;
	if (start->steal_ms >= 0 && finish->steal_ms >= start->steal_ms)
		cJSON_AddNumberToObject(object, "steal_ms", (double)(finish->steal_ms - start->steal_ms));
	else
		cJSON_AddNullToObject(object, "steal_ms");
	cJSON_AddNumberToObject(object, "involuntary_switches", (double)(finish->nivcsw - start->nivcsw));
	cJSON_AddNumberToObject(object, "voluntary_switches", (double)(finish->nvcsw - start->nvcsw));
	cJSON_AddNumberToObject(object, "page_faults", (double)(finish->minflt - start->minflt));
	if (start->throttled >= 0 && finish->throttled >= start->throttled) {
		cJSON_AddNumberToObject(object, "throttled", (double)(finish->throttled - start->throttled));
		cJSON_AddNumberToObject(object, "throttled_ms",
					(double)(finish->throttled_us - start->throttled_us) / 1000);
	} else {
		cJSON_AddNullToObject(object, "throttled");
		cJSON_AddNullToObject(object, "throttled_ms");
	}
	return object;
}

/* What tables take for no value at all, pandas first, or for no text: numbers, true and false. */
static bool is_no_text(const char *name)
{
	static const char *const words[] = { "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "-NaN", "-nan",
					     "None", "<NA>", "#N/A", "#N/A N/A", "#NA", "1.#IND", "1.#QNAN",
					     "-1.#IND", "-1.#QNAN", "" };
	char *end;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(name, words[i]))
			return true;
	strtod(name, &end);
	return !*end || !strcasecmp(name, "true") || !strcasecmp(name, "false");
}

/* No name has a space. */
const char *host_name(void)
{
	static char name[3 * HOST_NAME_MAX + 8];
	char raw[HOST_NAME_MAX + 1] = "", *text;

	if (*name)
		return name;
	gethostname(raw, sizeof(raw) - 1);
	text = results_json_utf8(raw);
	snprintf(name, sizeof(name), "%s%s", is_no_text(text ? text : "") ? "host " : "", text ? text : "");
	free(text);
	return name;
}

const char *host_machine(void)
{
	static char kind[640];
	struct cJSON *state = *kind ? NULL : host_state_json("");
	const char *arch = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(state, "arch"));
	const char *model = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(state, "cpu_model"));
	const struct cJSON *below = cJSON_GetObjectItemCaseSensitive(state, "hypervisor");

	if (!*kind)
		snprintf(kind, sizeof(kind), "%s %s%s", arch ? arch : "unknown", model ? model : "unknown",
			 cJSON_IsTrue(below) ? ", virtual" : "");
	cJSON_Delete(state);
	return kind;
}
