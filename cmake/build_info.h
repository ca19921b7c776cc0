/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this binary was built from and with; filled in by cmake/build_info.cmake at build time. */
#ifndef CMAKE_BUILD_INFO_H
#define CMAKE_BUILD_INFO_H

struct build_info {
	const char *version;      /* of the project */
	const char *git_revision; /* 40 digits, "+dirty" if tracked files differ; or "unknown" */
	const char *compiler;     /* "GNU 12.2.0" */
	const char *c_flags;
	const char *build_type; /* "Release" */
	const char *sanitize;   /* "" or -fsanitize='s argument */
	const char *benchmark_version;
	const char *hwloc_version;
	const char *ck_version;
	const char *cjson_version;
};

extern const struct build_info build_info;

#endif
