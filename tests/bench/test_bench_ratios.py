#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures in proportion to each other, all from one interleaved run: what the harness adds, what
the extra cmpxchg costs, and a round trip against a ping-pong of the same two PUs."""
import unittest

from bench_folder import Folder, median, n_pus, select, up_to_three_times


def measure():
    return Folder("bench", "--backend", "null,old,patched", "--scenario",
                  "floor,fastpath,roundtrip", "--path",
                  "empty,cas_fail,pingpong,unloaded,self,in_guest", "--window", "4ms")


def floor(folder, path, column="ns_per_op"):
    return median(select(folder.rows, scenario="floor", path=path), column)


def kick(folder, backend, path):
    return median(select(folder.rows, scenario="fastpath", backend=backend, path=path, line="hot",
                         form="kick", put="sticky"), "ns_per_op")


class Ratios(unittest.TestCase):
    @up_to_three_times
    def test_in_proportion(self):
        folder = measure()
        cas = floor(folder, "cas_fail")
        for path in ("unloaded", "self"):
            tax = kick(folder, "null", path) - floor(folder, "empty")
            self.assertLessEqual(tax, .05 * cas, path)
            price = kick(folder, "patched", path) - kick(folder, "old", path)
            self.assertGreater(price, .75 * cas, path)
            self.assertLess(price, 1.25 * cas, path)
        if n_pus() < 2:
            print("skipped: round trips: need 2 PUs")
            return
        for backend in ("old", "patched"):
            trip = median(select(folder.rows, scenario="roundtrip", loop="closed",
                                 backend=backend), "p50_ns")
            self.assertLessEqual(trip, 1.5 * floor(folder, "pingpong", "p50_ns"), backend)


if __name__ == "__main__":
    unittest.main()
