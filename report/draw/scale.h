/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From values to pixels: linear and logarithmic scales, and where their ticks are. */
#ifndef REPORT_SCALE_H
#define REPORT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

struct scale {
	double low, high; /* values at its ends; high > low, and low > 0 on a logarithmic one */
	double from, to;  /* pixels at its ends; to < from where values grow upwards */
	bool log;
};

/* A scale around the values seen: ends are widened to round numbers. */
struct scale scale_linear(double low, double high, double from, double to);
struct scale scale_log(double low, double high, double from, double to);

/* Outside of the ends: at the nearer end. */
double scale_at(const struct scale *scale, double value);

enum { SCALE_MAX_TICKS = 16 };
/* Round numbers, rising; at most `most` of them. */
size_t scale_ticks(const struct scale *scale, double tick[SCALE_MAX_TICKS], size_t most);

/* "200", "2k", "1.5M": a tick's label. */
const char *scale_label(char *text, size_t size, double value);

#endif
