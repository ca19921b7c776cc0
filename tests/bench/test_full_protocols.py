#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What bench finds out about protocols in time: widened, old misdirects IPIs and poisons stints, as it
declares; patched and mainline do neither in as many kicks; a protocol that never kicks loses."""
import unittest

from bench_folder import Folder, main_full, n_pus, select, skip, up_to_three_times

FOUND = ("ipis_misdirected", "poisoned", "lost")


def total(rows, column):
    return sum(int(row[column]) for row in rows)


class Protocols(unittest.TestCase):
    @up_to_three_times
    def test_old_fails_and_patched_does_not(self):
        folder = Folder("bench", "--scenario", "migrate", "--backend", "old,patched,mainline",
                        "--migrations-per-s", "10k,100k", "--window", "20ms")
        self.assertEqual(folder.done.returncode, 0, folder.done.stdout)
        old = [row for row in select(folder.rows, backend="old") if row["widen"] != "none"]
        self.assertGreater(total(old, "ipis_misdirected"), 0)
        self.assertGreater(total(old, "poisoned"), 0)
        for row in folder.rows:
            self.assertIn(row["verdict"], ("ok", "inconclusive"), row)
        for backend in ("patched", "mainline"):
            rows = select(folder.rows, backend=backend)
            self.assertEqual({column: total(rows, column) for column in FOUND},
                             dict.fromkeys(FOUND, 0))
            # The zeros count: it kicked, hit guests, and the vCPU moved meanwhile.
            self.assertGreater(total(rows, "kicks"), total(old, "kicks") / 4)
            self.assertGreater(total(rows, "ipis_useful"), 1000)
            self.assertGreater(total(rows, "migrations"), 1000)

    @up_to_three_times
    def test_a_protocol_that_never_kicks_is_found_out(self):
        folder = Folder("bench", "--scenario", "migrate", "--backend", "busted_nokick",
                        "--migrations-per-s", "1k", "--window", "2ms")
        self.assertGreater(total(select(folder.rows, widen="none"), "lost"), 0)
        self.assertNotIn("ok", {row["verdict"] for row in folder.rows})


if __name__ == "__main__":
    if n_pus() < 2:
        skip("a kicker and a vCPU that run at the same time need 2 PUs")
    main_full()
