// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads a topology: of this machine as far as we may use it, or a described one for planning. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topo/internal.h"

#define MAX_XML (64u << 20) /* 2x96 cores need 325 kB */

int topo_fail(int error, char *err, size_t err_size, const char *fmt, ...)
{
	va_list ap;

	if (!err || !err_size)
		return error;
	va_start(ap, fmt);
	vsnprintf(err, err_size, fmt, ap);
	va_end(ap);
	return error;
}

void topo_free(struct topo *topo)
{
	if (!topo)
		return;
	for (int k = 0; k < topo->n_kinds; k++)
		free(topo->kind_names[k]);
	free(topo->kind_names);
	free(topo->memory_name);
	free(topo->memory_only);
	free(topo->pu);
	free(topo->source);
	free(topo->input);
	free(topo->xml);
	if (topo->hw)
		hwloc_topology_destroy(topo->hw);
	free(topo);
}

/* NULL: out of memory. */
static struct topo *new_topo(enum topo_origin origin, const char *input)
{
	static const char *const prefix[] = { "this machine", "xml ", "synthetic " };
	struct topo *topo = calloc(1, sizeof(*topo));

	if (!topo)
		return NULL;
	topo->origin = origin;
	topo->input = strdup(input);
	if (topo->input && asprintf(&topo->source, "%s%s", prefix[origin], input) >= 0)
		return topo;
	topo->source = NULL;
	topo_free(topo);
	return NULL;
}

/*
 * hwloc believes whoever sets IS_THISSYSTEM.  Where the user's own variables replace the machine,
 * we must not set it, or threads would be pinned by the numbers of another machine.
 */
static bool environment_replaces_machine(void)
{
	const char *here = getenv("HWLOC_THISSYSTEM");

	if (here && atoi(here))
		return false;
	return getenv("HWLOC_XMLFILE") || getenv("HWLOC_SYNTHETIC") || getenv("HWLOC_FSROOT") ||
	       getenv("HWLOC_CPUID_PATH");
}

static unsigned long machine_flags(void)
{
	if (environment_replaces_machine())
		return 0;
	return HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM | HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING;
}

/* hwloc wants its errno seen at once, and leaves 0 in some paths. */
static int hwloc_error(void)
{
	return errno > 0 ? -errno : -EINVAL;
}

static int read_input(struct topo *topo)
{
	int rc = 0;

	errno = 0;
	if (topo->origin == TOPO_XML)
		rc = hwloc_topology_set_xmlbuffer(topo->hw, topo->xml, topo->xml_size);
	else if (topo->origin == TOPO_SYNTHETIC)
		rc = hwloc_topology_set_synthetic(topo->hw, topo->input);
	if (rc)
		return hwloc_error();
	errno = 0;
	return hwloc_topology_load(topo->hw) ? hwloc_error() : 0;
}

/* Everything but the flags is set; on failure the topology is gone. */
static int load(struct topo **out, struct topo *topo, unsigned long flags)
{
	int rc = 0;

	setenv("HWLOC_HIDE_ERRORS", "2", 0); /* a library does not print */
	if (hwloc_topology_init(&topo->hw)) {
		topo->hw = NULL;
		rc = -ENOMEM;
	}
	if (!rc && hwloc_topology_set_flags(topo->hw, flags))
		rc = hwloc_error();
	if (!rc)
		rc = read_input(topo);
	if (!rc)
		rc = topo_describe(topo);
	if (rc)
		topo_free(topo);
	else
		*out = topo;
	return rc;
}

/* 0, or -errno: the affinity mask cannot be read, for which hwloc would try for ever. */
static int may_ask(void)
{
	unsigned long mask[TOPO_MAX_CPUS / (8 * sizeof(unsigned long))];

	return sched_getaffinity(0, sizeof(mask), (cpu_set_t *)mask) ? -errno : 0;
}

int topo_load(struct topo **out, char *err, size_t err_size)
{
	struct topo *topo;
	int rc = may_ask();

	if (rc)
		return topo_fail(-EACCES, err, err_size,
				 "this system, or a sandbox, denies sched_getaffinity(): %s", strerror(-rc));
	topo = new_topo(TOPO_MACHINE, "");
	rc = topo ? load(out, topo, machine_flags()) : -ENOMEM;
	if (rc)
		return topo_fail(rc, err, err_size, "cannot discover this machine's topology: %s",
				 strerror(-rc));
	return 0;
}

int topo_load_whole(struct topo **out, const struct topo *topo)
{
	unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
	struct topo *whole;

	if (topo->origin == TOPO_SYNTHETIC)
		return -EOPNOTSUPP; /* nothing was left out */
	if (topo->origin == TOPO_MACHINE)
		flags |= machine_flags() & HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM;
	whole = new_topo(topo->origin, topo->input);
	if (whole && topo->xml) {
		whole->xml = malloc(topo->xml_size);
		if (whole->xml)
			memcpy(whole->xml, topo->xml, topo->xml_size);
		whole->xml_size = topo->xml_size;
	}
	if (!whole || !whole->xml != !topo->xml) {
		topo_free(whole);
		return -ENOMEM;
	}
	return load(out, whole, flags);
}

/* All of a file, or of a pipe, with a NUL behind it. */
static int read_file(FILE *file, struct topo *topo)
{
	size_t room = 1 << 16, n;

	do {
		char *bigger = realloc(topo->xml, room);

		if (!bigger)
			return -ENOMEM;
		topo->xml = bigger;
		n = fread(topo->xml + topo->xml_size, 1, room - 1 - topo->xml_size, file);
		if (ferror(file))
			return -errno;
		topo->xml_size += n;
		room *= 2;
	} while (n && room <= MAX_XML);
	topo->xml[topo->xml_size++] = '\0';
	return n ? -EFBIG : 0;
}

static int read_xml(const char *path, struct topo *topo)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int rc;

	if (!file)
		return -errno;
	rc = read_file(file, topo);
	if (file != stdin)
		fclose(file);
	return rc;
}

/*
 * hwloc trusts a file: one wrong byte makes it crash or complain on stderr in some 4 % of cases.
 * So a child tries first, in silence.
 */
static bool survives(struct topo *topo)
{
	struct topo *out;
	pid_t child = fork();
	int status, null;

	if (!child) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		_exit(load(&out, topo, 0) != 0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* The version of hwloc that wrote it, where that is one that came after the library's own; else 0. */
static int newer_version(const char *xml)
{
	const char *at = strstr(xml, "<topology"), *version = at ? strstr(at, "version") : NULL;
	int major = 0;

	if (version && version < at + strcspn(at, ">"))
		major = atoi(version + strcspn(version, "0123456789>"));
	else if ((at = strstr(xml, "hwloc")) && isdigit((unsigned char)at[5]) && !strncmp(at + 6, ".dtd", 4))
		major = at[5] - '0';
	return major > HWLOC_API_VERSION >> 16 ? major : 0;
}

int topo_load_xml(struct topo **out, const char *path, char *err, size_t err_size)
{
	struct topo *topo = new_topo(TOPO_XML, path);
	int rc = topo ? read_xml(path, topo) : -ENOMEM, newer;

	if (rc) {
		topo_free(topo);
		return topo_fail(rc, err, err_size, "cannot read '%s': %s", path, strerror(-rc));
	}
	newer = newer_version(topo->xml);
	if (survives(topo)) {
		rc = load(out, topo, 0);
	} else {
		topo_free(topo);
		rc = -EINVAL;
	}
	if (rc && newer)
		return topo_fail(rc, err, err_size,
				 "'%s' is a topology of hwloc %d; hwloc %d, which this program has, "
				 "cannot read it (lstopo --export-xml-flags v2 writes one that it can)",
				 path, newer, HWLOC_API_VERSION >> 16);
	if (rc)
		return topo_fail(rc, err, err_size, "'%s' is not an hwloc XML topology", path);
	return 0;
}

/*
 * hwloc would build a billion objects if told to.  So the numbers of levels are read as it reads them: by
 * strtoul with any base, behind a colon or where a level begins; what stands in brackets are attributes.
 */
static bool too_many_pus(const char *text)
{
	unsigned long pus = 1, arity;
	const char *at = text, *number;
	char *end = NULL;

	while (*at) {
		if (*at == ' ') {
			at++;
		} else if (*at == '(' || *at == '[') {
			at += strcspn(at, *at == '(' ? ")" : "]");
			at += *at != '\0';
		} else {
			number = isdigit((unsigned char)*at) ? at : strchr(at, ':');
			number += number && *number == ':';
			arity = number ? strtoul(number, &end, 0) : 0;
			if (!arity || end == number)
				return false; /* no level: hwloc refuses it */
			if (arity > TOPO_MAX_CPUS || (pus *= arity) > TOPO_MAX_CPUS)
				return true;
			at = end;
		}
	}
	return false;
}

int topo_load_synthetic(struct topo **out, const char *text, char *err, size_t err_size)
{
	struct topo *topo;
	int rc;

	if (too_many_pus(text))
		return topo_fail(-E2BIG, err, err_size,
				 "synthetic topology '%s' has more than %d PUs", text,
				 TOPO_MAX_CPUS);
	topo = new_topo(TOPO_SYNTHETIC, text);
	rc = topo ? load(out, topo, 0) : -ENOMEM;
	if (rc)
		return topo_fail(
			rc, err, err_size,
			"'%s' is not a synthetic topology (like 'pack:2 l3:2 core:4 pu:2')", text);
	return 0;
}

bool topo_is_this_system(const struct topo *topo)
{
	return topo->origin == TOPO_MACHINE && hwloc_topology_is_thissystem(topo->hw) == 1;
}

const char *topo_source(const struct topo *topo)
{
	return topo->source;
}
