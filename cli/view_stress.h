/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text and JSON of a stress run. */
#ifndef CLI_VIEW_STRESS_H
#define CLI_VIEW_STRESS_H

#include <stdio.h>

#include "stress/row.h"

/* The block of a backend: verdict, counts, violations by window. */
void view_stress_print(FILE *out, const struct stress_backend *backend,
			 const struct stress_options *options, const struct stress_result *result);

struct cJSON;
struct cJSON *view_stress_json(const struct stress_backend *backend,
				 const struct stress_options *options,
				 const struct stress_result *result);

#endif
