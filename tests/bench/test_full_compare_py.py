#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""gbench.json is what Google Benchmark's compare.py wants: its U test finds the repetitions, between two runs and
between two backends of one."""
import json
import os
import subprocess
import sys
import tempfile

COMPARE = "/usr/share/benchmark/compare.py"


def with_scipy():
    """A Python that has it: Debian's, if another one is in use."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import scipy.stats"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def bench(place, name):
    out = os.path.join(place, name)
    subprocess.run([os.environ["KICKBENCH"], "bench", "--backend", "old,patched", "--scenario", "floor,fastpath",
                    "--window", "100us", "--line", "hot", "--out", out], check=True, capture_output=True)
    return os.path.join(out, "gbench.json")


def compared(python, *args):
    done = subprocess.run([python, COMPARE, "--no-color", *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tests = [line for line in done.stdout.splitlines() if "_pvalue" in line]
    assert tests and all("U Test, Repetitions: 9 vs 9" in line for line in tests), done.stdout
    return done.stdout, len(tests)


def main():
    python = with_scipy()
    if not os.path.exists(COMPARE) or not python:
        print("skipped: no " + (COMPARE if python else "scipy") + " (Debian: libbenchmark-tools, python3-scipy)")
        sys.exit(4)
    with tempfile.TemporaryDirectory() as place:
        one, other = bench(place, "one"), bench(place, "other")
        with open(one, encoding="utf-8") as file:
            runs = json.load(file)["benchmarks"]
        _, n = compared(python, "benchmarks", one, other)
        assert n == len({run["name"] for run in runs}), n
        out, n = compared(python, "filters", one, "old", "patched")
        assert n == len({run["name"] for run in runs if "/old/" in run["name"]}), n
        assert "/[old vs. patched]/pu:" in out, out
    print("ok")


main()
