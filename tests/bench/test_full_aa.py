#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A few pairs of scripts/aa: where nothing changed, at most 5 % of the rows are faster or slower."""
import os
import subprocess
import sys

sys.exit(subprocess.run([os.path.join(os.environ["SRC"], "scripts", "aa"), "--pairs", "8", "--processes", "6"],
                        timeout=1100, check=False).returncode)
