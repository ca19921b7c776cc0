// SPDX-License-Identifier: GPL-2.0-or-later
/* What this program was made of: an empty list that CMake writes, or that of kit/make.c. */
#include "kit/kit.h"

const struct kit_backend kit_made[] = {
#define X(name, file) { #name, file },
#include "kit_made.def"
#undef X
	{ "", "" },
};
const size_t kit_n_made = sizeof(kit_made) / sizeof(kit_made[0]) - 1, kit_n_files = KIT_N_FILES;
