#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows that the kernel measures, against a module that is not there (preload/module.c): orders become rows, its counts
cells, and what it may say verdicts; and what is said where there is no module."""
import json
import os
import subprocess
import tempfile
import unittest

from bench_folder import kickbench, parse_csv, select

SRC = os.environ["SRC"]
KERNEL = ("--transport", "reschedule,call", "--kicks", "1000", "--perf", "off")
PRELOAD = tempfile.TemporaryDirectory()


def setUpModule():
    subprocess.run(["gcc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", "-I", SRC, "-o", PRELOAD.name + "/module.so",
                    os.path.join(SRC, "tests/bench/preload/module.c")], check=True)


def environment(says=""):
    return dict(os.environ, LD_PRELOAD=PRELOAD.name + "/module.so", MODULE_SAYS=says,
                HWLOC_SYNTHETIC="core:6 pu:1", HWLOC_THISSYSTEM="1", ASAN_OPTIONS="verify_asan_link_order=0")


def bench(says, scenario, *more, backend="patched"):
    """The rows and run.json, whatever the verdicts."""
    with tempfile.TemporaryDirectory() as out:
        done = kickbench("bench", "--backend", backend, "--scenario", scenario, *KERNEL, *more, "--out", out,
                         env=environment(says))
        if done.returncode not in (0, 1, 5):
            raise AssertionError(f"exit {done.returncode}: {done.stderr}")
        with open(out + "/bench.csv", encoding="utf-8") as rows, open(out + "/run.json", encoding="utf-8") as run:
            return parse_csv(rows.read()), json.load(run)


class Kernel(unittest.TestCase):
    def test_no_module(self):
        with tempfile.TemporaryDirectory() as out:
            done = kickbench("bench", "--backend", "old", "--scenario", "entry", *KERNEL, "--out", out)
        self.assertEqual(done.returncode, 4)
        self.assertIn("scripts/kernel-judge", done.stderr)

    def test_plan(self):
        plan = kickbench("bench", "--plan", "--backend", "old", "--scenario", "fastpath,migrate,broadcast", *KERNEL,
                         "--migrations-per-s", "1k", "--vcpus", "2", "--in-guest", "100").stdout
        for name in ("fastpath/self/hot/kick/sticky/reschedule ", "/call/migrations:1000/widened",
                     "migrate/moved/request_kick/", "broadcast/scan/"):
            self.assertIn(name, plan)
        self.assertNotIn("stolen", plan)
        self.assertNotIn("membarrier", plan)

    def test_rows(self):
        rows, run = bench("", "fastpath,entry", "--form", "kick", backend="old,locked_mutex")
        old = select(rows, backend="old")
        self.assertEqual({row["transport"] for row in old}, {"reschedule"})
        for row in [row for row in old if row["verdict"] != "na"]:
            self.assertEqual((row["verdict"], row["ns_per_op"], row["kernel_status"]), ("ok", "5000", "kick_judge"), row)
        rows = select(rows, backend="locked_mutex", scenario="entry")
        self.assertEqual([row["reason"] for row in rows], ["its lock sleeps"])
        self.assertEqual(run["kick_judge"]["release"], "6.1.0-none")

    def live(self, says, scenario="roundtrip", **want):
        rows = select(bench(says, scenario, "--migrations-per-s", "1k", backend="old,patched")[0], **want)
        self.assertTrue(rows)
        return rows

    def test_books(self):
        for row in self.live(""):
            moved = "kernel_resched_ipis" if row["transport"] == "reschedule" else "kernel_call_ipis"
            self.assertEqual((row["verdict"], row["ipis_sent"], row[moved]), ("ok", "1000", "1000"), row)
            self.assertAlmostEqual(float(row["p50_ns"]), 5500, delta=600)
            self.assertEqual((row["kernel_foreign_ipis"], row["kernel_repeats"]), ("0", "0"))

    def test_ipis_that_are_not_ours(self):
        for says, scenario, backend, verdict, repeats, reason in (
                ("foreign", "roundtrip", "patched", "inconclusive", "3", "3 IPIs there that are not ours"),
                ("foreign", "contend", "patched", "inconclusive", "3", "3 IPIs there that are not ours"),
                ("moves", "migrate", "patched", "ok", "0", ""),
                ("merged", "roundtrip", "patched", "inconclusive", "3", "10 of our IPIs met others"),
                ("merged", "contend", "patched", "ok", "0", ""),
                ("doubtful", "contend", "patched", "inconclusive", "3", "1 IPIs may be the scheduler's")):
            rows = select(self.live(says, scenario), backend=backend, transport="reschedule")
            for row in [row for row in rows if row["verdict"] != "na"]:
                self.assertEqual((row["verdict"], row["kernel_repeats"]), (verdict, repeats), (says, row))
                self.assertIn(reason, row["reason"])
                self.assertEqual(sum(int(row[name]) for name in ("ipis_sent", "kernel_foreign_ipis")),
                                 sum(int(row[name] or 0) for name in ("kernel_resched_ipis", "kernel_call_ipis",
                                                                      "ipis_double", "ipis_dropped")), row)

    def test_a_row_that_met_some_is_measured_again(self):
        rows = self.live("once", transport="reschedule")
        self.assertEqual({row["verdict"] for row in rows}, {"ok"})
        self.assertEqual(sorted(row["kernel_repeats"] for row in rows), ["0"] * (len(rows) - 1) + ["1"])

    def test_verdicts(self):
        for says, verdict in (("untrue", "violated"), ("stuck", "inconclusive"), ("offline", "inconclusive")):
            self.assertEqual({row["verdict"] for row in self.live(says)}, {verdict})
        for says in "poisoned", "lost", "misdirected":
            for row in self.live(says, "migrate"):
                self.assertEqual(row["verdict"], "ok" if row["backend"] == "old" else "violated", row)

    def test_module_goes(self):
        done = kickbench("bench", "--backend", "old", "--scenario", "entry", *KERNEL, "--out", PRELOAD.name + "/gone",
                         env=environment("gone"))
        self.assertEqual((done.returncode, done.stderr.count("No such device")), (3, 1), done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
