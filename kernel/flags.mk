# SPDX-License-Identifier: GPL-2.0-or-later
# The compiler's flags, for a Kbuild file that has set `tree`: where kickbench's sources are.
ccflags-y := -I$(src) -I$(tree) -I$(tree)/include -I$(tree)/kernel/shim
# Since 7.x x86 keeps its counts of interrupts in an array.
ccflags-y += $(shell grep -q IRQ_COUNT_RESCHEDULE $(srctree)/arch/x86/include/asm/hardirq.h 2>/dev/null && \
	echo -DJUDGE_COUNTS_ARE_AN_ARRAY)
# The contract's atomics are the compiler's, and the kernel has none of its library's.
ccflags-$(CONFIG_ARM64) += -mno-outline-atomics
