/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relaxed_cpu_plain with a number of few bits, beside others of the same byte. */
#define PLAIN_CPU 1
#define PLAIN_CPU_FIRST 0
#define PLAIN_BITS : 5, nested : 3
#define PLAIN_PUBLISH(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#include "tests/explore/refused/family/plain.h"
