#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/herd beside a herd7 that says what it is told: what it skips, how it compares, its exit codes."""

import os
import subprocess
import sys
import tempfile

SCRIPT = os.environ["SRC"] + "/scripts/herd"
FILES = ("linux-kernel.cfg", "linux-kernel.bell", "linux-kernel.cat", "linux-kernel.def")
CORES = ("--backend", "old", "--scenario", "one-kick", "--model", "sc")


def herd(folder, word, seconds="60"):
    program = folder + "/herd7"
    with open(program, "w", encoding="utf-8") as file:
        sleep = "sleep 5" if word == "late" else ""
        file.write(f'#!/bin/sh\n[ "$1" = -conf ] && [ -f linux-kernel.cfg ] && [ -f "$3" ] || exit 1\n{sleep}\n'
                   f'echo "Observation name {word} 1 2"\n')
    os.chmod(program, 0o755)
    environment = {**os.environ, "HERD7": program, "LKMM": folder, "HERD_SECONDS": seconds}
    return subprocess.run([SCRIPT, *CORES], capture_output=True, text=True, check=False, env=environment)


def main():
    with tempfile.TemporaryDirectory() as folder:
        gone = subprocess.run([SCRIPT, *CORES], capture_output=True, text=True, check=False,
                              env={**os.environ, "HERD7": folder + "/none"})
        assert gone.returncode == 4 and "herdtools7" in gone.stdout, gone
        done = herd(folder, "Sometimes")
        assert done.returncode == 4 and "linux-kernel.cat" in done.stdout, done
        for name in FILES:
            with open(folder + "/" + name, "w", encoding="utf-8"):
                pass
        done = herd(folder, "Sometimes")
        assert done.returncode == 0 and "1 cores: 1 agrees" in done.stdout, done
        done = herd(folder, "Never")
        assert done.returncode == 0 and "1 stricter" in done.stdout, done
        done = herd(folder, "late", "0.1")
        assert done.returncode == 5 and "1 undecided" in done.stdout, done


if __name__ == "__main__":
    main()
    sys.exit(0)
