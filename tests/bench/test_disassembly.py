#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine code of what is timed: disassembly.py.  As gcc has built it, and as clang compiles what the
mutants are made of."""
import sys

import disassembly

sys.exit(disassembly.main("(?!busted_|kvm_20(07|09|10)|locked_(fas|ticket))"))
