#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A crash in the middle of a measurement: what came before is kept, run.json says which row it was, the exit code
is 3, and --resume measures the rest."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from bench_folder import KICKBENCH, kickbench, parse_csv

SRC = os.environ["SRC"]
LINE = ("bench", "--backend", "old,patched", "--scenario", "entry,roundtrip", "--reps", "9", "--window", "100us")


def read(folder):
    with open(folder + "/bench.csv", encoding="utf-8", newline="") as file:
        rows = parse_csv(file.read())
    with open(folder + "/run.json", encoding="utf-8") as file:
        return rows, json.load(file)


class Apart(unittest.TestCase):
    def crashed(self, folder, number, at=21, more=()):
        """At the start of a thread, which only rows of roundtrip have."""
        library, out = folder + "/fail.so", folder + "/out"
        subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", library,
                        os.path.join(SRC, "tests/cli/preload/fail_nth.c")], check=True)
        done = kickbench(*LINE, *more, "--out", out, env=dict(
            os.environ, LD_PRELOAD=library, FAIL_WHAT="thread", FAIL_AT=str(at), FAIL_SIGNAL=str(int(number))))
        rows, run = read(out)
        self.assertEqual(done.returncode, 3, done)
        self.assertEqual(run["state"], "failed")
        self.assertRegex(run["failed"]["row"], "^(entry|roundtrip)/")
        return done, out, rows, run

    def crash(self, number):
        with tempfile.TemporaryDirectory() as folder:
            done, out, rows, run = self.crashed(folder, number)
            self.assertIn(run["failed"]["row"], run["failed"]["reason"])
            self.assertIn(f"died of signal {int(number)}", run["failed"]["reason"])
            self.assertIn(run["failed"]["reason"], done.stderr)
            self.assertGreater(len(rows), 0)
            self.assertEqual({row["verdict"] for row in rows} - {"ok", "inconclusive"}, set())
            before = rows
            done = kickbench("bench", "--resume", out)
            rows, run = read(out)
            self.assertIn(done.returncode, (0, 5), done)
            self.assertEqual(run["state"], "complete")
            self.assertNotIn("failed", run)
            self.assertIn(f"died of signal {int(number)}", run["resumed"][0]["after"]["reason"])
            self.assertEqual(rows[:len(before)], before)
            keys = {tuple(row[k] for k in ("backend", "scenario", "loop", "repetition")) for row in rows}
            self.assertEqual((len(keys), len(rows)), (run["plan"]["rows"],) * 2)

    def test_a_crash(self):
        self.crash(signal.SIGSEGV)

    def test_one_that_cannot_be_caught(self):
        self.crash(signal.SIGKILL)

    def test_one_of_several_processes(self):
        with tempfile.TemporaryDirectory() as folder:
            done, _, _, run = self.crashed(folder, signal.SIGSEGV, 3, ("--respawn", "2"))
            self.assertIn(run["failed"]["row"] + " died of signal 11", done.stderr)
            self.assertIn("process 0 failed", run["failed"]["reason"])


if __name__ == "__main__":
    if "-fsanitize" in subprocess.run([KICKBENCH, "--version"], capture_output=True, text=True, check=True).stdout:
        print("skipped: a sanitizer reports crashes itself")
        sys.exit(4)
    unittest.main()
