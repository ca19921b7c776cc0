// SPDX-License-Identifier: GPL-2.0-or-later
/* What is timed of each backend, in words. */
#include "bench/backend.h"

const char *const bench_form_name[BENCH_N_FORMS] = { "kick", "request_kick", "claim" };
const char *const bench_path_name[BENCH_N_PATHS + 1] = { "unloaded", "self", "outside", "exiting",
							 "in_guest" };
