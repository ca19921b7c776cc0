/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the engine refused a backend, in words. */
#ifndef EXPLORE_REFUSAL_TEXT_H
#define EXPLORE_REFUSAL_TEXT_H

#include <stddef.h>

/* refusal.c: one line, of the engine's refusal, for whoever knows the cell; of whatever it has failed of. */
void xp_error_text(const char *preset, const char *model, char *text, size_t size);
void xp_refusal_text(const char *preset, const char *model, char *text, size_t size);

#endif
