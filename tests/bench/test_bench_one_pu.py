#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""On one PU: what needs a second one is na and says so, what shares the PU is called oversubscribed,
nothing hangs, and the exit code is that of success."""
import os
import unittest

from bench_folder import Folder, measured, select

SHARED = ("roundtrip", "contend", "migrate")


class OnePu(unittest.TestCase):
    def test_everything_runs_or_says_why(self):
        cpu = max(os.sched_getaffinity(0))
        folder = Folder("bench", "--backend", "noop,old,patched", "--window", "4ms",
                        "--migrations-per-s", "0,100k",
                        preexec_fn=lambda: os.sched_setaffinity(0, [cpu]))
        rows = folder.rows
        self.assertEqual(folder.run["state"], "complete")
        self.assertEqual(len(rows), folder.run["plan"]["rows"])
        for row in rows:
            self.assertNotEqual(row["verdict"], "violated", row)
            self.assertIn(set(row["kicker_pu"].split("+")), ({""}, {"0"}))
            if row["line"] == "stolen":
                self.assertEqual(row["verdict"], "na", row)
                self.assertIn(row["reason"], ("needs a second PU", "no protocol, no claim"))
            elif row["verdict"] != "na":
                shares = row["scenario"] in SHARED or row["path"] in ("pingpong", "handover")
                self.assertEqual(row["placement"],
                                 "oversubscribed" if shares else "exclusive", row)
                self.assertEqual(row["distance"], "same" if shares else "", row)
        for scenario in ("floor", "fastpath", "entry"):
            for row in measured(select(rows, scenario=scenario)):
                self.assertTrue(float(row["ns_per_op"]) > 0 if row["verdict"] == "ok" else row["reason"], row)
        for scenario in SHARED:
            for row in measured(select(rows, scenario=scenario)):
                parts = ("useful", "stale", "spurious", "double", "dropped")
                self.assertEqual(int(row["ipis_sent"]),
                                 sum(int(row["ipis_" + part]) for part in parts), row)


if __name__ == "__main__":
    unittest.main()
