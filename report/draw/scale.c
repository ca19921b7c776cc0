// SPDX-License-Identifier: GPL-2.0-or-later
/* Scales and ticks. */
#include "report/draw/scale.h"

#include <math.h>
#include <stdio.h>

#define SCALE_LEAST 1e-300
#define SCALE_MOST  1e300

/* 1, 2 or 5 times a power of ten, the least that is not below x. */
static double round_step(double x)
{
	double power = pow(10, floor(log10(x)));

	for (int i = 0; i < 3; i++) {
		static const double factor[] = { 1, 2, 5 };

		if (factor[i] * power >= x * (1 - 1e-9))
			return factor[i] * power;
	}
	return 10 * power;
}

struct scale scale_linear(double low, double high, double from, double to)
{
	double step;

	if (!isfinite(low))
		low = 0;
	low = fmin(fmax(low, -SCALE_MOST), SCALE_MOST);
	high = fmin(high, SCALE_MOST);
	if (!(high > low) || !isfinite(high))
		high = low + fmax(1, fabs(low) / 10); /* 1 more than 1e300 is not more */
	step = round_step((high - low) / 5);
	return (struct scale){ .low = floor(low / step) * step,
			       .high = ceil(high / step - 1e-9) * step,
			       .from = from,
			       .to = to };
}

/* 1, 2 or 5 times a power of ten, the nearest one at or below (up: above) x. */
static double round_log(double x, bool up)
{
	double power = pow(10, floor(log10(x) + 1e-12)), m = x / power;

	if (up)
		return power * (m <= 1 + 1e-9 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10);
	return power * (m >= 5 ? 5 : m >= 2 ? 2 : 1);
}

struct scale scale_log(double low, double high, double from, double to)
{
	if (!(low > 0) || !isfinite(low))
		low = 1;
	low = fmin(fmax(low, SCALE_LEAST), SCALE_MOST); /* beyond, powers of ten are 0 or infinite */
	if (!(high > low) || !isfinite(high))
		high = low;
	high = fmin(high, SCALE_MOST);
	low = round_log(low, false);
	high = round_log(high, true);
	return (struct scale){
		.low = low, .high = high > low ? high : 10 * low, .from = from, .to = to, .log = true
	};
}

double scale_at(const struct scale *s, double value)
{
	double part;

	value = fmin(fmax(value, s->low), s->high);
	if (s->log)
		part = (log(value) - log(s->low)) / (log(s->high) - log(s->low));
	else
		part = (value - s->low) / (s->high - s->low);
	return s->from + part * (s->to - s->from);
}

static size_t linear_ticks(const struct scale *s, double *tick, size_t most)
{
	double step = round_step((s->high - s->low) / (double)(most - 1));
	size_t n = 0;

	for (double i = ceil(s->low / step - 1e-9); i * step <= s->high + step * 1e-9 && n < most; i++)
		tick[n++] = i * step + 0.0; /* not -0 */
	return n;
}

/* Every power of ten, or of a thousand; with few of them also twice and five times each. */
static size_t log_ticks(const struct scale *s, double *tick, size_t most)
{
	double decades = log10(s->high) - log10(s->low); /* the ratio may be infinite */
	double stride = fmax(ceil(decades / (double)most + 1e-9), 1);
	bool fine = decades * 3 + 1 <= (double)most;
	size_t n = 0;

	for (double e = floor(log10(s->low) + 1e-9); pow(10, e) <= s->high * (1 + 1e-9); e += stride)
		for (int i = 0; i < (fine ? 3 : 1); i++) {
			static const double factor[] = { 1, 2, 5 };
			double value = factor[i] * pow(10, e);

			if (value >= s->low * (1 - 1e-9) && value <= s->high * (1 + 1e-9) && n < most)
				tick[n++] = value;
		}
	return n;
}

size_t scale_ticks(const struct scale *scale, double tick[SCALE_MAX_TICKS], size_t most)
{
	if (most > SCALE_MAX_TICKS)
		most = SCALE_MAX_TICKS;
	return scale->log ? log_ticks(scale, tick, most) : linear_ticks(scale, tick, most);
}

const char *scale_label(char *text, size_t size, double value)
{
	double x = fabs(value);

	if (x >= 1e9)
		snprintf(text, size, "%gG", value / 1e9);
	else if (x >= 1e6)
		snprintf(text, size, "%gM", value / 1e6);
	else if (x >= 1e4)
		snprintf(text, size, "%gk", value / 1e3);
	else
		snprintf(text, size, "%g", value);
	return text;
}
