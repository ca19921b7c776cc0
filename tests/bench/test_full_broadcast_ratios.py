#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Broadcasts to vCPUs outside guest mode against the same locked operations by hand, and the set bits
against each other, all from one interleaved run."""
import unittest

from bench_folder import Folder, median, n_pus, select, skip, up_to_three_times

PATH = {"old": "scan", "patched": "scan", "mainline": "bits"}


class Ratios(unittest.TestCase):
    @up_to_three_times
    def test_in_proportion(self):
        folder = Folder("bench", "--backend", ",".join(PATH), "--scenario", "broadcast", "--vcpus",
                        "64,1024,4096", "--in-guest", "0", "--path", "scan,bits,floor", timeout=300)

        def ns(vcpus, width, **want):
            return median(select(folder.rows, vcpus=str(vcpus), mask_width=str(width), wakeup="no",
                                 **want), "ns_per_op")

        for backend, path in PATH.items():
            ratio = {n: ns(n, n, backend=backend, path=path) / ns(n, n, path="floor")
                     for n in (64, 1024, 4096)}
            for vcpus, value in ratio.items():
                self.assertLessEqual(value, 1.3, (backend, vcpus))
            self.assertLessEqual(abs(ratio[4096] / ratio[1024] - 1), .1, backend)
        # 64 of 64, 64 of 1024 and 256 of 4096: what a set bit costs does not depend on the others.
        for vcpus, width in ((64, 64), (1024, 64), (4096, 256)):
            bits = ns(vcpus, width, backend="mainline", path="bits")
            self.assertLessEqual(bits, 1.1 * ns(vcpus, width, path="floor"), (vcpus, width))


if __name__ == "__main__":
    if n_pus() < 2:
        skip("a broadcast needs 2 PUs")
    unittest.main()
