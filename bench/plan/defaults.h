/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bench measures when nothing else is asked for. */
#ifndef BENCH_PLAN_DEFAULTS_H
#define BENCH_PLAN_DEFAULTS_H

#include "bench/cells/options.h"

/* Every backend but the broken ones, every scenario but those that are only measured where named. */
void bench_options_init(struct bench_options *options);

#endif
