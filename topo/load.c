// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads a topology: of this machine as far as we may use it, or of a file or string for planning. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/internal.h"

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
	free(topo->pu);
	free(topo->source);
	free(topo->input);
	if (topo->hw)
		hwloc_topology_destroy(topo->hw);
	free(topo);
}

static int name_source(struct topo *topo, const char *input)
{
	static const char *const prefix[] = { "this machine", "xml ", "synthetic " };

	if (input) {
		topo->input = strdup(input);
		if (!topo->input)
			return -ENOMEM;
	}
	return asprintf(&topo->source, "%s%s", prefix[topo->origin], input ? input : "") < 0
		       ? -ENOMEM
		       : 0;
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
		rc = hwloc_topology_set_xml(topo->hw, topo->input);
	else if (topo->origin == TOPO_SYNTHETIC)
		rc = hwloc_topology_set_synthetic(topo->hw, topo->input);
	if (rc)
		return hwloc_error();
	errno = 0;
	return hwloc_topology_load(topo->hw) ? hwloc_error() : 0;
}

static int load(struct topo **out, enum topo_origin origin, const char *input, unsigned long flags)
{
	struct topo *topo = calloc(1, sizeof(*topo));
	int rc;

	if (!topo)
		return -ENOMEM;
	topo->origin = origin;
	rc = name_source(topo, input);
	if (!rc && hwloc_topology_init(&topo->hw)) {
		topo->hw = NULL;
		rc = -ENOMEM;
	}
	if (!rc && hwloc_topology_set_flags(topo->hw, flags))
		rc = hwloc_error();
	if (!rc)
		rc = read_input(topo);
	if (!rc)
		rc = topo_describe(topo);
	if (rc) {
		topo_free(topo);
		return rc;
	}
	*out = topo;
	return 0;
}

int topo_load(struct topo **out, char *err, size_t err_size)
{
	int rc = load(out, TOPO_MACHINE, NULL, machine_flags());

	if (rc)
		return topo_fail(rc, err, err_size, "cannot discover this machine's topology: %s",
				 strerror(-rc));
	return 0;
}

int topo_load_whole(struct topo **out, const struct topo *topo)
{
	unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;

	if (topo->origin == TOPO_SYNTHETIC || (topo->input && !strcmp(topo->input, "-")))
		return -EOPNOTSUPP; /* nothing was left out; stdin has been read */
	if (topo->origin == TOPO_MACHINE)
		flags |= machine_flags() & HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM;
	return load(out, topo->origin, topo->input, flags);
}

/* hwloc says EINVAL for most things; a file that cannot be read deserves its own errno. */
static int check_readable(const char *path)
{
	FILE *file;
	int rc = 0;

	if (!strcmp(path, "-"))
		return 0;
	file = fopen(path, "r");
	if (!file)
		return -errno;
	if (fgetc(file) == EOF && ferror(file))
		rc = -errno;
	fclose(file);
	return rc;
}

int topo_load_xml(struct topo **out, const char *path, char *err, size_t err_size)
{
	int rc = check_readable(path);

	if (rc)
		return topo_fail(rc, err, err_size, "cannot read '%s': %s", path, strerror(-rc));
	rc = load(out, TOPO_XML, path, 0);
	if (rc)
		return topo_fail(rc, err, err_size, "'%s' is not an hwloc XML topology%s%s", path,
				 rc == -EINVAL ? "" : ": ", rc == -EINVAL ? "" : strerror(-rc));
	return 0;
}

/* A number that follows a colon or starts a word is a level's; those in parentheses are not. */
static bool is_level(const char *text, const char *at)
{
	return isdigit((unsigned char)*at) && (at == text || at[-1] == ':' || at[-1] == ' ');
}

/* hwloc would build a billion objects if told to. */
static bool too_many_pus(const char *text)
{
	unsigned long long pus = 1;
	int depth = 0;

	for (const char *at = text; *at && pus <= TOPO_MAX_CPUS; at++) {
		depth += (*at == '(') - (*at == ')');
		if (!depth && is_level(text, at)) {
			unsigned long arity = strtoul(at, NULL, 10);

			pus *= arity > TOPO_MAX_CPUS ? TOPO_MAX_CPUS + 1 : arity;
		}
	}
	return pus > TOPO_MAX_CPUS;
}

int topo_load_synthetic(struct topo **out, const char *text, char *err, size_t err_size)
{
	int rc;

	if (too_many_pus(text))
		return topo_fail(-E2BIG, err, err_size,
				 "synthetic topology '%s' has more than %d PUs", text,
				 TOPO_MAX_CPUS);
	rc = load(out, TOPO_SYNTHETIC, text, 0);
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
