#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 3
# test_faults.py with many more failures.
exec python3 "$SRC/tests/cli/test_faults.py" --full
