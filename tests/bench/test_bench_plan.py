#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench --plan on machines that are not here: complete, and the same as JSON.  (How quick: scripts/ratios.)"""
import json
import os
import tempfile
import unittest

from bench_folder import kickbench

LARGE = "pack:8 [numa] l3:4 core:16 pu:2"


class Plans(unittest.TestCase):
    def plan(self, *args):
        done = kickbench("bench", "--plan", *args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return done.stdout

    def test_1024_pus(self):
        for topology in (LARGE, "1024", "pack:2 die:2 l3:4 core:16 pu:4"):
            for json_option in ((), ("--json",)):
                self.assertIn("rows", self.plan("--synthetic", topology, *json_option), topology)

    def test_json_says_the_same(self):
        for args in ((), ("--synthetic", LARGE), ("--synthetic", "1"), ("--reps", "20"),
                     ("--backend", "old", "--scenario", "migrate")):
            plan = json.loads(self.plan("--json", *args))
            lines = self.plan(*args).splitlines()
            self.assertTrue(lines[-1].startswith(f"{plan['cells']} cells, {plan['rows']} rows, "))
            self.assertEqual(len(lines) - 1, plan["cells"])
            na = sum("  na: " in line for line in lines)
            self.assertEqual(plan["rows"], na + (plan["cells"] - na) * plan["repetitions"])
            self.assertGreater(plan["estimated_s"], 0)

    def test_every_distance_of_the_machine_is_measured(self):
        text = self.plan("--synthetic", LARGE, "--backend", "old", "--scenario", "roundtrip",
                         "--loop", "closed")
        near = self.plan("--synthetic", LARGE, "--backend", "old", "--scenario", "roundtrip",
                         "--loop", "closed", "--distance", "smt")
        self.assertGreaterEqual(len(text.splitlines()), 4)
        self.assertEqual(len(near.splitlines()), 2)

    def test_kinds_of_cpus_are_named(self):
        hybrid = os.path.join(os.environ["SRC"], "tests", "topo", "topologies", "hybrid.xml")
        self.assertRegex(self.plan("--xml", hybrid, "--scenario", "roundtrip"), r"pu \d+ -> \d+  kind 0 -> 1\n")
        self.assertNotIn("kind", self.plan("--synthetic", "4", "--scenario", "roundtrip"))

    def test_each_path_can_be_chosen(self):
        rows = [line.split()[0] for line in self.plan("--scenario", "all", "--backend", "patched").splitlines()[:-1]]
        paths = {row.split("/")[1] for row in rows}
        self.assertGreater(len(paths), 15)
        for path in paths:
            chosen = self.plan("--scenario", "all", "--backend", "patched", "--path", path).splitlines()[:-1]
            self.assertEqual(len(chosen), sum(row.split("/")[1] == path for row in rows), path)

    def test_one_pu(self):
        text = self.plan("--synthetic", "1")
        self.assertIn("  na: needs a second PU", text)
        self.assertIn("roundtrip/in_guest/kick/closed", text)

    def test_planning_creates_nothing(self):
        with tempfile.TemporaryDirectory() as place:
            done = kickbench("bench", "--plan", "--out", "here", cwd=place)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(os.listdir(place), [])


if __name__ == "__main__":
    unittest.main()
