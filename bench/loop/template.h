/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all templates of bench need: the name of what they export, and the backend's sizes. */
#ifndef BENCH_TEMPLATE_H
#define BENCH_TEMPLATE_H

#define BENCH_PASTE2(a, b) a##b
#define BENCH_PASTE(a, b) BENCH_PASTE2(a, b)
#define BENCH_NAME(prefix) BENCH_PASTE(prefix, KICK_BACKEND)

#define BENCH_SIZES                                                                                \
	{ sizeof(struct kick_vcpu), sizeof(struct kick_vm), sizeof(struct kick_pcpu),              \
	  sizeof(struct kick_kicker) }

#endif
