#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/cross-check beside a herd7 and a genmc that say what they are told: what it skips, how it compares, its
exit codes."""

import os
import subprocess
import sys
import tempfile

SCRIPT = os.environ["SRC"] + "/scripts/cross-check"
KERNEL = ("linux-kernel.cfg", "linux-kernel.bell", "linux-kernel.cat", "linux-kernel.def")
# One core: poisoned, which every model allows.
CORES = ("--backend", "old", "--scenario", "one-kick", "--model", "sc")


def program(folder, name, script):
    with open(folder + "/" + name, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script + "\n")
    os.chmod(folder + "/" + name, 0o755)


def check(folder, seconds="20"):
    environment = {**os.environ, "HERD7": folder + "/herd7", "GENMC": folder + "/genmc", "LKMM": folder,
                   "CROSS_CHECK_SECONDS": seconds}
    return subprocess.run([SCRIPT, *CORES], capture_output=True, text=True, check=False, env=environment)


def expect(done, code, *lines):
    assert done.returncode == code, done
    for line in lines:
        assert line in done.stdout, (line, done.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        expect(check(folder), 4, "neither herd7")
        allowed = 'echo "Observation name Sometimes 1 2"'
        program(folder, "herd7", allowed)
        expect(check(folder), 0, "not asked: genmc", "not asked: the kernel's model", "1 cores: 2 agree\n")
        for name in KERNEL:
            with open(folder + "/" + name, "w", encoding="utf-8"):
                pass
        done = check(folder)
        expect(done, 0)
        assert "the kernel's model" not in done.stdout and " lkmm " in done.stdout, done
        program(folder, "genmc", "[ -f $2 ] && echo 'Error: Assertion violation!'")
        expect(check(folder), 0, "genmc: allowed")
        program(folder, "genmc", "echo 'No errors were detected.'")
        expect(check(folder), 1, "contrary", "genmc: forbidden")
        program(folder, "genmc", "exit 9")
        program(folder, "herd7", 'echo "Observation name Never 0 2"')
        expect(check(folder), 1, "herd7: forbidden")
        program(folder, "herd7", "sleep 30")
        expect(check(folder, "0.2"), 5, "no answer")


if __name__ == "__main__":
    main()
    sys.exit(0)
