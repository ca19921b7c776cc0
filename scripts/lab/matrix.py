#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's matrix: which pairs of kicks are tried, and what kernel, explore and stress say of each.

usage: matrix.py arguments VARIANT CSV [--quick]   the program's arguments in the guest, for the rows
                                                   that CSV has not; nothing if it has all
       matrix.py judge KICKBENCH CSV [--quick]     the matrix, from kernel-lab.csv
"""

import csv
import functools
import json
import subprocess
import sys
import tempfile
from collections import namedtuple

from generate import VARIANTS

# explore, stress: how the same situation is put to the model and to the emulated machine.  In explore one
# kicker kicks twice: like in the lab, the second kick begins after the first one has returned.
Row = namedtuple("Row", "title first second migrate early rounds explore stress")
TWICE = "--kickers 1 --kicks 2 --migrations 1"
ROWS = [
    Row("kick, kick", "msi", "msi", 1, 0, 100, f"two-kicks {TWICE}", "kick"),
    Row("mask, kick", "msr_filter", "msi", 1, 0, 25, "mask --migrations 1", "kick mask"),
    Row("kick, mask", "msi", "msr_filter", 1, 0, 25, "mask --migrations 1", "kick mask"),
    Row("mask, mask", "msr_filter", "msr_filter", 1, 0, 25, f"mask {TWICE}", "mask"),
    Row("kick, waiting mask", "msi", "clock", 1, 0, 25, f"mask-wait {TWICE}", "wait"),
    Row("mask, waiting mask", "msr_filter", "clock", 1, 0, 25, f"mask-wait {TWICE}", "wait"),
    Row("no migration", "msi", "msi", 0, 0, 25, "two-kicks --kickers 1 --kicks 2 --migrations 0", ""),
    Row("window before claim", "msi", "msi", 1, 1, 50, f"two-kicks {TWICE}", "kick"),
]
OTHER_KICKS = ["self", "neighbour"]  # events of stress that kick, too
KICKS = "kick bare quiet mask bare-mask wait kick-wait retire".split()
FEW = 0.1  # of the rounds, and one at least: those that a tick healed, or where the host was too slow


def of(row, variant):
    """The window can be moved in the patched order only."""
    return variant != "old" or not row.early


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def find(rows, row, variant):
    """The line of kernel-lab.csv, or None."""
    key = f"{variant}_early" if row.early else variant, row.first, row.second, str(row.migrate), "1"
    columns = "variant", "first", "second", "migrate", "gate"
    return next((r for r in rows if tuple(r[c] for c in columns) == key), None)


def arguments(variant, have, quick):
    words = []
    for row in ROWS:
        if of(row, variant) and not find(have, row, variant):
            rounds = max(10, row.rounds // 5) if quick else row.rounds
            words += [
                "--lab",
                f"first={row.first},second={row.second},rounds={rounds},migrate={row.migrate}"
                f",gate=1,early={row.early},wait=200ms",
            ]
    return " ".join(["kvm", *words] if words else [])


GRADE = ["holds", "POISONED", "LOST"]


def worst(found):
    """Of poisoned and lost, what matters more."""
    return "LOST" if "lost" in found else "POISONED" if "poisoned" in found else "holds"


def ask_kernel(rows, row, variant):
    """(verdict, figures) of a line of kernel-lab.csv; verdict None: it proves nothing."""
    line = find(rows, row, variant)
    if not line:
        return None, "not run"
    rounds, held, poisoned, silent, swallowed = (
        int(line[c]) for c in ("rounds", "held", "poisoned", "lost", "swallowed")
    )
    # A second kick that nothing followed is lost if it trusted the claim of a poisoned stint.  Else the
    # host may be slow, or the vCPU was outside anyway and makes no further exit for a mask: a few may be.
    lost = min(silent, swallowed, poisoned)
    unseen = silent - lost
    figures = f"{poisoned} / {lost} of {rounds}" + (f", {unseen} unseen" if unseen else "")
    few = max(1, int(FEW * rounds))
    if held < rounds - few:
        return None, f"{figures}, held {held}"
    if unseen > few or any(0 < n < rounds - few for n in (poisoned, lost)):
        return None, figures  # neither all nor none: the order alone does not decide that
    return worst(["lost"] * bool(lost) + ["poisoned"] * bool(poisoned)), figures


def run(command):
    """The JSON that a verb prints; 0, 1 and 5 are verdicts."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1, 5):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def ask_explore(kickbench, row, variant):
    preset, *changes = row.explore.split()
    cell = run([kickbench, "explore", "--backend", variant, "--model", "sc", "--json", "--scenario", preset, *changes])
    if cell[0]["status"] != "exhaustive":
        raise RuntimeError(f"explore {preset}: {cell[0]['text']}")
    return worst([name.lower() for name in cell[0]["found"]])


LONGEST = 16  # times the seconds: stress draws its moments, and a busy host gives it few


@functools.cache  # rows share kinds of kicks
def ask_stress(kickbench, kinds, variant, seconds, wanted):
    """What stress finds; more seconds for as long as it is less than what is wanted."""
    if not kinds:
        return None  # it always migrates
    found, times = "holds", 1
    while times <= LONGEST:
        found = stress_once(kickbench, kinds, variant, seconds * times)
        if GRADE.index(found) >= GRADE.index(wanted):
            break
        times *= 2
    return found


def stress_once(kickbench, kinds, variant, seconds):
    weights = ",".join(f"{kind}={int(kind in kinds.split())}" for kind in KICKS + OTHER_KICKS)
    with tempfile.TemporaryDirectory() as folder:
        options = ["--seconds", str(seconds), "--weights", weights, "--out", f"{folder}/run", "--json"]
        phases = run([kickbench, "stress", "--backend", variant, *options])[0]["rows"]
    return worst({name for phase in phases for name in phase["violations"]})


def compare(kernel, explore, stress):
    """Whether the three agree.  A stress that found less than the kernel may have met no such moment."""
    if kernel is None:
        return "undecided"
    if kernel != explore or stress and GRADE.index(stress) > GRADE.index(kernel):
        return "NO"
    return "yes" if stress in (None, kernel) else "undecided"


def judge(kickbench, path, quick):
    rows = read(path)
    seconds = 0.5 if quick else 1
    print("A packaged kernel, the window held open; old: the order of before 5.15 put back,")
    print("patched: as it is, patched_testfirst: with a look at the mode before the claim.")
    print("kernel: poisoned stints / lost second kicks; the same situations in our model and on our machine.")
    form = "{:<20} {:<24} {:<17} {:<9} {:<22} {:<9} {:<9} {}"
    print(form.format("first, second", "kicks", "order", "kernel", "", "explore", "stress", "agree"))
    disagree = undecided = 0
    for row in ROWS:
        for variant in VARIANTS:
            if not of(row, variant):
                continue
            kernel, figures = ask_kernel(rows, row, variant)
            explore = ask_explore(kickbench, row, variant)
            stress = ask_stress(kickbench, row.stress, variant, seconds, kernel or "holds")
            word = compare(kernel, explore, stress)
            undecided += word == "undecided"
            disagree += word == "NO"
            print(form.format(row.title, f"{row.first} -> {row.second}", variant, kernel or "?", figures, explore,
                              stress or "-", word if stress else f"{word} (stress always migrates)"))
    print(f"{disagree} rows disagree, {undecided} undecided")
    return 1 if disagree else 5 if undecided else 0


def main(words):
    quick = "--quick" in words
    words = [word for word in words if word != "--quick"]
    if len(words) == 3 and words[0] == "arguments" and words[1] in VARIANTS:
        print(arguments(words[1], read(words[2]), quick))
        return 0
    if len(words) == 3 and words[0] == "judge":
        try:
            return judge(words[1], words[2], quick)
        except (RuntimeError, ValueError, OSError) as error:
            print(f"kernel-lab: {error}", file=sys.stderr)
            return 3
    sys.exit("\n".join(__doc__.splitlines()[2:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
