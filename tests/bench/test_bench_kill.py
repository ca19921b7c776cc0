#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A run that is ended early keeps what it measured: after SIGINT and SIGTERM every row is whole and
run.json says so; after SIGKILL at a random moment at most the last line is torn."""
import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest

from bench_folder import KICKBENCH, parse_csv

ARGS = ("bench", "--backend", "old,patched", "--scenario", "floor,fastpath,roundtrip", "--window",
        "20ms")
LONG = 100  # seconds: that it ends at all
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup would hand on that it is ignored


def check_whole(text):
    """All lines but the last one, which is empty or torn, are rows like the first."""
    *lines, torn = text.splitlines(keepends=True) or [""]
    if torn.endswith("\n"):
        lines.append(torn)
    rows = parse_csv("".join(lines))
    for row in rows:
        assert None not in row and None not in row.values(), row
        assert row["verdict"] in ("ok", "inconclusive", "na"), row
        assert row["run_id"] == rows[0]["run_id"], row
        assert row["window_ns"] or row["verdict"] == "na", row
    return rows


class Ends(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.out = os.path.join(temporary.name, "out")

    def start(self):
        child = subprocess.Popen([KICKBENCH, *ARGS, "--out", self.out], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child

    def text(self, name):
        try:
            with open(os.path.join(self.out, name), encoding="utf-8", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def state(self):
        return json.loads(self.text("run.json"))["state"]

    def wait_for_rows(self, n):
        limit = time.monotonic() + LONG
        while self.text("bench.csv").count("\n") <= n:
            self.assertLess(time.monotonic(), limit, "no rows")
            time.sleep(.01)

    def end(self, number):
        child = self.start()
        self.wait_for_rows(8)
        seen = self.text("bench.csv").count("\n")
        child.send_signal(number)
        stdout, stderr = child.communicate(timeout=LONG)
        self.assertEqual(child.returncode, 128 + number, stderr)
        self.assertEqual(self.state(), "interrupted")
        text = self.text("bench.csv")
        self.assertTrue(text.endswith("\n"))
        rows = check_whole(text)
        self.assertGreaterEqual(len(rows) + 1, seen)
        self.assertTrue(json.loads(self.text("run.json"))["finished"])
        self.assertIn("cas_fail", stdout)  # what was measured is shown

    def test_sigint(self):
        self.end(signal.SIGINT)

    def test_sigterm(self):
        self.end(signal.SIGTERM)

    def test_sighup(self):
        self.end(signal.SIGHUP)

    def test_sigkill(self):
        rng = random.Random(7)
        out, with_rows = self.out, 0
        for attempt in range(10):
            self.out = f"{out}-{attempt}"
            child = self.start()
            if attempt % 3:
                self.wait_for_rows(rng.randrange(6))
            time.sleep(rng.uniform(0, .1))
            child.kill()
            child.communicate()
            if self.text("run.json"):
                self.assertEqual(self.state(), "running")
            with_rows += len(check_whole(self.text("bench.csv"))) > 0
        self.assertGreater(with_rows, 2)

    def test_checks_can_fail(self):
        child = self.start()
        self.wait_for_rows(5)
        child.kill()
        child.communicate()
        lines = self.text("bench.csv").splitlines(keepends=True)[:6]
        self.assertEqual(len(check_whole("".join(lines))), 5)
        self.assertEqual(len(check_whole("".join(lines) + lines[1][:30])), 5)
        half = lines[2][:len(lines[2]) // 2]
        for bad in (half + "\n", half, lines[2].replace("ok", "okay"), lines[2][9:]):
            with self.assertRaises(AssertionError):
                check_whole("".join(lines[:2] + [bad] + lines[3:]))


if __name__ == "__main__":
    unittest.main()
