// SPDX-License-Identifier: GPL-2.0-or-later
/* How the program that runs now was built. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cmake/build_info.h"
#include "results/folder.h"
#include "results/hash.h"

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
