/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLORE_LITMUS_READ_H
#define EXPLORE_LITMUS_READ_H

#include "explore/litmus/test.h"

/* 0; -errno of the file; -EINVAL: it is no such test, and err has the line and what is wrong. */
int xp_lt_read(struct lt_test *test, const char *path, char *err, size_t err_size);

#endif
