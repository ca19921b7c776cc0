#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine code of what is timed: disassembly.py.  As gcc has built it, and as clang compiles one of
each kind; all of them by clang is test_full_disassembly."""
import sys

import disassembly

sys.exit(disassembly.main("(old|patched|packed|mainline|kvm_2025|locked_mcs|xen_kick|qemu_kick|noop)$"))
