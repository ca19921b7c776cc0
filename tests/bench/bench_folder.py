# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of bench and run share: starting the program and reading a results folder."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

KICKBENCH = os.environ["KICKBENCH"]
MEASURED = ("ops ns_per_op min_ns p50_ns p90_ns p99_ns p999_ns max_ns kicks ipis_sent ipis_useful"
            " ipis_stale ipis_misdirected ipis_spurious ipis_double ipis_dropped coalesced stints"
            " exits poisoned lost locked_rmws_per_kick fences_per_kick overlap fairness nivcsw"
            " loads_per_kick stores_per_kick migrations preempted placement").split()


def kickbench(*args, **kwargs):
    kwargs.setdefault("timeout", 100)
    return subprocess.run([KICKBENCH, *args], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **kwargs)


def n_pus():
    return json.loads(kickbench("topo", "--json").stdout)["counts"]["pus"]


def skip(why):
    print("skipped: " + why)
    sys.exit(4)


def parse_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


class Folder:
    """What a finished `bench` or `run` left in a folder of its own, which is gone by now."""

    last_rows = []  # of the last one

    def __init__(self, *args, **kwargs):
        with tempfile.TemporaryDirectory() as temporary:
            path = os.path.join(temporary, "out")
            self.done = kickbench(*args, "--out", path, **kwargs)
            if self.done.returncode not in (0, 5):
                raise AssertionError(f"exit {self.done.returncode}: {self.done.stderr}")
            self.files = {}
            for name in os.listdir(path):
                with open(os.path.join(path, name), encoding="utf-8", newline="") as file:
                    self.files[name] = file.read()
        self.rows = Folder.last_rows = parse_csv(self.files["bench.csv"])
        self.latency = parse_csv(self.files["latency.csv"])
        self.run = json.loads(self.files["run.json"])


def select(rows, **want):
    return [row for row in rows if all(row[key] == value for key, value in want.items())]


def measured(rows):
    """Those with operations in their books, which hold however a row was judged: where the machine is busy an
    honest row may be inconclusive."""
    rows = [row for row in rows if int(row["ops"] or 0)]
    if not rows:
        raise AssertionError("no operation in any row")
    return rows


def median(rows, column):
    values = sorted(float(row[column]) for row in rows if row["verdict"] == "ok")
    if not values:
        raise AssertionError("no valid repetition")
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def disturbed(rows):
    """Did others run on the same PUs?  In more than a tenth of the rows a thread was switched away."""
    measured = [row for row in rows if row["verdict"] != "na"]
    hit = sum(row["verdict"] == "inconclusive" or int(row["nivcsw"] or 0) > 0 for row in measured)
    return f"too busy to say: disturbed rows {hit} of {len(measured)}" if hit * 10 > len(measured) else None


def main_full():
    """unittest.main() for the full tier: what was skipped is exit 4, with its reason."""
    result = unittest.main(exit=False).result
    for _, why in result.skipped:
        print("skipped: " + why)
    sys.exit(1 if not result.wasSuccessful() else 4 if result.skipped else 0)


def up_to_three_times(test):
    """For what a noisy neighbour can spoil, in the full tier: a pass counts; three failures are one, or are
    skipped where the last run was disturbed."""
    def attempts(self):
        for attempt in range(3):
            try:
                return test(self)
            except AssertionError:
                why = attempt == 2 and disturbed(Folder.last_rows)
                if why:
                    self.skipTest(why)
                if attempt == 2:
                    raise
        return None
    return attempts
