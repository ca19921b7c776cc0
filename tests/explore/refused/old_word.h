/* SPDX-License-Identifier: GPL-2.0-or-later */
/* old: the number is read before the claim. */
#define PLAIN_CPU 0
#define PLAIN_CPU_FIRST 1
#define PLAIN_PUBLISH(vcpu) smp_store_release(&(vcpu)->mode, IN_GUEST_MODE)
#include "tests/explore/refused/family/plain.h"
