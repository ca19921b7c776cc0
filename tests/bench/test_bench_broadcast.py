#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Broadcasts by their books: every vCPU in guest mode that is kicked gets an IPI and leaves, the others
none; and which columns a row has."""
import unittest

from bench_folder import Folder, measured, n_pus, select, skip

VCPUS = 16


class Broadcast(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder("bench", "--backend", "old,mainline", "--scenario", "broadcast", "--vcpus",
                            str(VCPUS), "--in-guest", "0,50,100", "--window", "200us")

    def rows(self, **want):
        return measured(row for row in select(self.folder.rows, **want) if row["path"] != "floor")

    def test_who_is_in_guest_mode_gets_an_ipi(self):
        for percent in (0, 50, 100):
            for row in self.rows(in_guest_pct=str(percent)):
                kicks, avoided = int(row["kicks"]), int(row["ipis_avoided"] or 0)
                self.assertEqual(int(row["mask_width"]), VCPUS)
                self.assertEqual(kicks, int(row["ops"]) * VCPUS)
                self.assertEqual(avoided * 100, kicks * (100 - percent), row["path"])

    def test_the_paths_of_each_text(self):
        for backend, paths in (("old", {"scan", "scan_wait"}), ("mainline", {"bits", "bits_wait"})):
            for wakeup in ("yes", "no"):
                rows = [row for row in select(self.folder.rows, backend=backend, wakeup=wakeup)
                        if row["verdict"] != "na"]
                self.assertEqual({row["path"] for row in rows}, paths)
        measured(select(self.folder.rows, path="floor"))

    def test_who_waits_has_a_waiting_time(self):
        for row in self.rows(in_guest_pct="100"):
            if not row["p50_ns"]:  # each was preempted
                continue
            waits = row["path"].endswith("_wait")
            for column in ("wait_p50_ns", "wait_p99_ns"):
                self.assertEqual(bool(row[column]), waits, row["path"])
            self.assertTrue(row["to_send_p50_ns"])


if __name__ == "__main__":
    if n_pus() < 2:
        skip("a broadcast needs 2 PUs")
    unittest.main()
