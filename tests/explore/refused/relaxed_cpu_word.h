/* SPDX-License-Identifier: GPL-2.0-or-later */
/* busted_relaxed_cpu: the mode may be seen before the number. */
#define PLAIN_CPU 0
#define PLAIN_CPU_FIRST 0
#define PLAIN_PUBLISH(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#include "tests/explore/refused/family/plain.h"
