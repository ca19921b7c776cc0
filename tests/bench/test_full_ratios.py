#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/ratios, up to three times: a miss counts only on a machine that was not too busy to say."""
import os
import subprocess
import sys

for attempt in range(3):
    code = subprocess.run([os.path.join(os.environ["SRC"], "scripts", "ratios")], timeout=350, check=False).returncode
    if code not in (1, 5):
        break
if code == 5:
    print("skipped: the machine was too busy to say, three times")
sys.exit(4 if code == 5 else code)
