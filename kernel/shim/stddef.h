/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contract asks for <stddef.h>; the kernel has NULL and size_t elsewhere. */
#include <linux/stddef.h>
#include <linux/types.h>
