#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A filter is for the scenarios that have its column: it leaves the others whole, and one that fits no chosen
scenario is refused."""
import json
import unittest

from bench_folder import kickbench

MACHINE = ("--synthetic", "pack:2 l3:2 core:2 pu:2", "--backend", "old,patched")
# Filter, a value; who has its column; one that has it not.
FILTERS = (("path", "self", "fastpath", None),
           ("line", "hot", "fastpath", "roundtrip"),
           ("form", "kick", "fastpath", "floor"),
           ("put", "minus1", "fastpath", "floor"),
           ("loop", "closed", "roundtrip", "floor"),
           ("arrivals", "poisson", "roundtrip", "fastpath"),
           ("transport", "signal", "roundtrip", "fastpath"),
           ("distance", "smt", "roundtrip", "entry"),
           ("pcpus", "3", "migrate", "floor"),
           ("vcpus", "64", "broadcast", "contend"),
           ("in-guest", "50", "broadcast", "floor"))


class Filters(unittest.TestCase):
    def cells(self, *args):
        """The lines of a plan: name, backend, PUs; by scenario."""
        done = kickbench("bench", "--plan", *MACHINE, *args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        found = {}
        for line in done.stdout.splitlines()[:-1]:
            found.setdefault(line.split("/")[0], []).append(line)
        return found

    def test_other_scenarios_stay_whole(self):
        for option, value, has, lacks in FILTERS:
            if not lacks:
                continue
            whole = self.cells("--scenario", lacks)[lacks]
            both = self.cells("--scenario", f"{lacks},{has}", "--" + option, value)
            self.assertEqual(both[lacks], whole, option)
            alone = self.cells("--scenario", has, "--" + option, value)[has]
            self.assertEqual(both[has], alone, option)

    def test_a_filter_does_filter(self):
        for option, value, has, _ in FILTERS[:5]:
            kept = self.cells("--scenario", has, "--" + option, value)[has]
            whole = self.cells("--scenario", has)[has]
            self.assertLess(set(kept), set(whole), option)
            self.assertEqual(kept, [line for line in whole if value in line.split()[0].split("/")], option)

    def test_what_fits_nobody_is_refused(self):
        for option, value, _, lacks in FILTERS:
            if not lacks:
                continue
            done = kickbench("bench", "--plan", *MACHINE, "--scenario", lacks, "--" + option, value)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), (option, done))
            self.assertIn(f"--{option} fits none", done.stderr)

    def test_the_floor_stays(self):
        cells = self.cells("--scenario", "floor,fastpath", "--form", "kick")
        self.assertTrue(any("cas_fail" in line for line in cells["floor"]))
        self.assertTrue(all("/kick/" in line for line in cells["fastpath"]))
        plan = json.loads(kickbench("bench", "--plan", "--json", *MACHINE, "--scenario", "floor,fastpath",
                                    "--form", "kick").stdout)
        self.assertEqual(plan["cells"], sum(map(len, cells.values())))


if __name__ == "__main__":
    unittest.main()
