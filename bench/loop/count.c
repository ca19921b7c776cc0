// SPDX-License-Identifier: GPL-2.0-or-later
/* What the counting templates share. */
#include "kick_ops_counting.h"
#include "kick.h"
#include "bench/loop/count_world.h"

struct kick_counts kick_counts;
struct bench_count_world bench_count_world;
