/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of stress. */
#ifndef CLI_STRESS_OPTIONS_H
#define CLI_STRESS_OPTIONS_H

#include <stdbool.h>

#include "stress/stress.h"

struct stress_command {
	struct stress_options stress;
	const struct stress_backend **backend; /* to be freed */
	size_t n_backends;
	const char *out;
	bool expect, json, help;
};

extern const char stress_command_help[];

/* EXIT_AS_STATED, or EXIT_USAGE after one line on stderr. */
int stress_command_parse(struct stress_command *command, int argc, char **argv);

#endif
