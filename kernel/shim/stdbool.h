/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contract asks for <stdbool.h>; the kernel has bool elsewhere. */
#include <linux/types.h>
