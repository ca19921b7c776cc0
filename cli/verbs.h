/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs.  cli/verb_NAME.c makes a verb NAME by existing: CMake writes verbs.def from the file
 * names.  Such a file defines verb_NAME(), whose argv[0] is the verb and which returns an
 * enum exit_code, and verb_NAME_summary[], its line in `kickbench --help`.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#define X(name)                                    \
	int verb_##name(int argc, char **argv);    \
	extern const char verb_##name##_summary[];
#include "verbs.def"
#undef X

#endif
