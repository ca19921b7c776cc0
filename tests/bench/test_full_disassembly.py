#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine code of what is timed, of every backend as gcc and as clang compile it: disassembly.py."""
import sys

import disassembly

sys.exit(disassembly.main(""))
