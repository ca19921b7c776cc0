#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""explore --expect: a declaration is about a preset as it is listed, in full form.  There it is what is found, or
it is wrong; of a smaller one, or in the core form, finding less contradicts nothing and confirms nothing."""

import os
import subprocess
import sys

KICKBENCH = os.environ["KICKBENCH"]
LISTED = "of the preset as listed: declared "

# Backend, preset, what was changed; the exit code, and what the line ends with.
CELLS = (
    ("old", "two-kicks", "", 0, "as declared"),
    ("old", "two-kicks", "--migrations 1", 0, "as declared"),  # which is what the preset has
    ("old", "two-kicks", "--migrations 0", 5, LISTED + "LOST, POISONED"),
    ("old", "two-kicks", "--kickers 1", 5, LISTED + "LOST, POISONED"),
    ("old", "one-kick", "--kickers 2", 1, "DECLARED POISONED"),  # it also loses
    ("patched", "two-kicks", "--migrations 0", 0, "as declared"),
    ("patched", "two-kicks", "--form core", 0, "as declared"),
    ("old", "two-kicks", "--form core", 0, "as declared"),
    ("xen_event_check", "two-kicks", "", 0, "as declared"),
    ("xen_event_check", "two-kicks", "--form core", 5, LISTED + "LOST"),  # interrupts are never off there
    ("busted_nofence", "one-kick", "--form core", 0, "as declared"),
)


def main():
    complaints = 0
    for backend, preset, changed, code, end in CELLS:
        done = subprocess.run(
            [KICKBENCH, "explore", "--expect", "--backend", backend, "--scenario", preset, "--model", "sc",
             *changed.split()], capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "300"})
        line = done.stdout.split("\n")[0]
        if done.returncode != code or not line.endswith(end):
            complaints += 1
            print(f"{backend} {preset} {changed}: exit {done.returncode}, not {code}, and not '{end}': {line}")
    print(f"{complaints} complaints")
    return 1 if complaints else 0


sys.exit(main())
