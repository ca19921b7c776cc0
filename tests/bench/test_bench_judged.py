#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a row records is judged: threads that hardly met, stints that nobody's IPI ended."""
import unittest

from bench_folder import Folder, n_pus, skip

LEAST_OVERLAP = .9
FOLDER = None


def setUpModule():
    global FOLDER
    FOLDER = Folder("bench", "--window", "2ms", "--backend", "old,patched", "--scenario",
                    "floor,fastpath,roundtrip,contend,migrate", "--form", "kick,request_kick",
                    "--natural-exits", "1M", "--migrations-per-s", "10k")


def timed(row):
    """Samples in the row's histograms."""
    same = ("backend", "scenario", "path", "loop", "arrivals", "form", "kicker_pu", "vcpu_pu", "repetition")
    return sum(int(b["count"]) for b in FOLDER.latency if all(b[c] == row[c] for c in same))


class Judged(unittest.TestCase):
    def test_no_ok_row_of_threads_that_hardly_met(self):
        for row in FOLDER.rows:
            if row["verdict"] == "ok" and row["placement"] == "exclusive":
                self.assertGreaterEqual(float(row["overlap"]), LEAST_OVERLAP, row)
            if "ran together" in row["reason"]:
                self.assertLess(float(row["overlap"]), LEAST_OVERLAP, row)
                self.assertEqual(row["verdict"], "inconclusive")

    def test_a_stint_that_ended_by_itself_is_not_timed(self):
        rows = [row for row in FOLDER.rows if row["scenario"] == "roundtrip" and row["kicks"]]
        self.assertTrue(rows)
        for row in rows:
            self.assertLessEqual(timed(row), int(row["exits"]), row)

    def test_all_kickers_stand_in_the_row(self):
        for row in FOLDER.rows:
            if row["kickers"] and row["kicker_pu"]:
                self.assertEqual(len(row["kicker_pu"].split("+")), int(row["kickers"]), row)


if __name__ == "__main__":
    if n_pus() < 2:
        skip("needs two PUs")
    unittest.main()
