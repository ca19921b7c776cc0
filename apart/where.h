/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in the source something is, in words: of whoever crashed there. */
#ifndef APART_WHERE_H
#define APART_WHERE_H

#include <stdbool.h>
#include <stddef.h>

/* From this program's debug information, with libdw; false: unknown. */
/* "impl/old.h:57" */
bool apart_where(const void *pc, char *text, size_t size);
/* The same of a place that a compiler has noted, from the root of the source: without "../../". */
const char *apart_from_root(const char *file);
/* "running_vcpu": what is at an offset of a struct, as the text around pc has it. */
bool apart_field(const void *pc, const char *tag, size_t offset, char *text, size_t size);

#endif
