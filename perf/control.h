/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling a perf that watches this program (perf stat|record --control fifo:) when a window begins. */
#ifndef PERF_CONTROL_H
#define PERF_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

struct perf_control {
	int fd, ack; /* -1: none */
};

/*
 * "FIFO" or "FIFO,ACK", as perf has them open already.  -errno with a line in err; -ENXIO: nobody reads
 * the FIFO.
 */
int perf_control_open(struct perf_control *control, const char *text, char *err, size_t err_size);
/* Waits for the acknowledgement, if there is one: -ETIMEDOUT after 5 s, -errno.  NULL: 0 at once. */
int perf_control_enable(const struct perf_control *control, bool enable);
void perf_control_close(struct perf_control *control);

#endif
