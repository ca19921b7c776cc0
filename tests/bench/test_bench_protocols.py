#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What bench says of protocols, however little time it had: nothing that they rule out, and no ok for one that
never kicks.  (What it finds: test_full_protocols.py.)"""
import unittest

from bench_folder import Folder, n_pus, skip

FOUND = ("ipis_misdirected", "poisoned", "lost")


class Protocols(unittest.TestCase):
    def test_what_is_declared_impossible_is_not_seen(self):
        """However few kicks there were."""
        folder = Folder("bench", "--scenario", "migrate", "--backend", "patched,mainline",
                        "--migrations-per-s", "10k", "--window", "5ms")
        for row in folder.rows:
            self.assertIn(row["verdict"], ("ok", "inconclusive"), row)
            self.assertEqual([row[column] for column in FOUND], ["0"] * len(FOUND), row)

    def test_a_protocol_that_never_kicks_is_never_ok(self):
        folder = Folder("bench", "--scenario", "migrate", "--backend", "busted_nokick",
                        "--migrations-per-s", "1k", "--window", "2ms")
        self.assertNotIn("ok", {row["verdict"] for row in folder.rows})

    def test_what_has_no_window_is_not_called_widened(self):
        folder = Folder("bench", "--scenario", "migrate", "--backend", "old,locked_fas",
                        "--migrations-per-s", "0", "--window", "1ms")
        for row in folder.rows:
            self.assertEqual(row["verdict"] == "na",
                             (row["backend"], row["widen"] != "none") == ("locked_fas", True), row)


if __name__ == "__main__":
    if n_pus() < 2:
        skip("a kicker and a vCPU that run at the same time need 2 PUs")
    unittest.main()
