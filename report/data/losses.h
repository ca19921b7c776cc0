/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kicks that a backend lost: two figures, as it is and with the window held open, each with its own N. */
#ifndef REPORT_LOSSES_H
#define REPORT_LOSSES_H

#include <stdint.h>
#include "report/data/run.h"

struct report_loss {
	uint64_t kicks, lost, poisoned;
};

/*
 * Of bench's migrating vCPUs, or of stress where bench has none.  No kicks: not measured.  Those in the
 * kernel are another machine's: where there are any, which the second function tells, they alone count.
 */
struct report_loss report_losses_of(const struct report_run *run, const char *backend, bool held);
bool report_losses_in_kernel(const struct report_run *run);

/* " for up to 10us": how long bench's windows were held open; "" where the rows differ.  -> text. */
const char *report_widening(const struct report_run *run, char text[64]);

#endif
