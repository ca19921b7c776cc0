// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names that libpfm4 knows, where it was there when this was built.  The library is loaded by the first who
 * asks: its tables have 41000 addresses to relocate, a fourth of what every start of the program would cost.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf/set.h"

#ifdef KICK_HAVE_PFM
#include <dlfcn.h>
#include <perfmon/pfmlib.h>
#include <perfmon/pfmlib_perf_event.h>

static struct {
	__typeof__(pfm_initialize) *initialize;
	__typeof__(pfm_get_version) *version;
	__typeof__(pfm_get_os_event_encoding) *encoding;
} pfm;

static bool loaded(void)
{
	void *library = dlopen("libpfm.so.4", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	pfm.initialize = (__typeof__(pfm_initialize) *)dlsym(library, "pfm_initialize");
	pfm.version = (__typeof__(pfm_get_version) *)dlsym(library, "pfm_get_version");
	pfm.encoding = (__typeof__(pfm_get_os_event_encoding) *)dlsym(library, "pfm_get_os_event_encoding");
	return pfm.initialize && pfm.version && pfm.encoding;
}

static bool started(void)
{
	static int result = 1;

	if (result == 1)
		result = loaded() ? pfm.initialize() : PFM_ERR_NOTSUPP;
	return result == PFM_SUCCESS;
}

const char *perf_pfm_version(void)
{
	static char text[16];
	int version = started() ? pfm.version() : 0;

	snprintf(text, sizeof(text), "%d.%d", PFM_MAJ_VERSION(version), PFM_MIN_VERSION(version));
	return version > 0 ? text : NULL;
}

int perf_name_pfm(struct perf_event *event, const char *name)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	pfm_perf_encode_arg_t arg = { .attr = &attr, .size = sizeof(arg) };

	if (!started() ||
	    pfm.encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT, &arg) != PFM_SUCCESS)
		return -ENOENT;
	event->type = attr.type;
	event->config = attr.config;
	event->config1 = attr.config1;
	event->config2 = attr.config2;
	event->user = !attr.exclude_user;
	event->kernel = !attr.exclude_kernel;
	event->group = attr.type == PERF_TYPE_SOFTWARE ? PERF_SOFTWARE : PERF_CORE;
	return 0;
}
#else
const char *perf_pfm_version(void)
{
	return NULL;
}

int perf_name_pfm(struct perf_event *event, const char *name)
{
	(void)event;
	(void)name;
	return -ENOENT;
}
#endif
