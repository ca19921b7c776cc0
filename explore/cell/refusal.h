/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the engine refused a backend, in words. */
#ifndef EXPLORE_REFUSAL_TEXT_H
#define EXPLORE_REFUSAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* refusal.c: one line, of the engine's refusal, for whoever knows the cell. */
void xp_refusal_text(const char *preset, const char *model, char *text, size_t size);

/* where.c, from this program's debug information, with libdw; false: unknown. */
/* "impl/old.h:57" */
bool xp_where(const void *pc, char *text, size_t size);
/* "running_vcpu": what is at an offset of a struct, as the text around pc has it. */
bool xp_field(const void *pc, const char *tag, size_t offset, char *text, size_t size);

#endif
