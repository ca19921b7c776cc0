#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench topo: its text to the letter, its JSON, its width, and one line for every bad input."""
import json
import os
import random
import re
import subprocess
import tempfile
import unittest

KICKBENCH = os.environ["KICKBENCH"]
TOPOLOGIES = os.path.join(os.environ["SRC"], "tests", "topo", "topologies")
XML = sorted(name for name in os.listdir(TOPOLOGIES) if name.endswith(".xml"))
LARGE = ["pack:8 [numa] l3:4 core:16 pu:2", "1024", "pack:16 die:2 [numa] l3:4 core:8 pu:1"]

# hwloc does not free what it had read of a file that ends too early.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")


def topo(*args, **kwargs):
    return subprocess.run([KICKBENCH, "topo", *args], capture_output=True, text=True, timeout=60,
                          check=False, env=ENVIRONMENT, **kwargs)


def shapes():
    for name in XML:
        yield "--xml", os.path.join(TOPOLOGIES, name)
    for text in LARGE:
        yield "--synthetic", text


class Text(unittest.TestCase):
    def test_golden(self):
        with open(os.path.join(TOPOLOGIES, "numa2-core4-pu2.txt"), encoding="ascii") as file:
            self.assertEqual(topo("--synthetic", "numa:2 core:4 pu:2").stdout, file.read())

    def test_lines_fit_and_end_cleanly(self):
        for source in shapes():
            done = topo(*source, "--pairs", "50")
            self.assertEqual((done.returncode, done.stderr), (0, ""), source)
            for line in done.stdout.splitlines()[1:]:  # the first holds the user's own words
                self.assertLessEqual(len(line), 100, line)
                self.assertEqual(line, line.rstrip())

    def test_this_machine(self):
        done = topo()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.startswith("this machine\n"))

    def test_described_machines_are_labelled(self):
        for source in shapes():
            self.assertIn("planning only", topo(*source).stdout.splitlines()[0])

    def test_help(self):
        done = topo("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("--xml", "--synthetic", "--pairs", "--seed", "--json", "remote"):
            self.assertIn(word, done.stdout)


class Json(unittest.TestCase):
    def check(self, view):
        n = view["counts"]["pus"]
        self.assertEqual([pu["pu"] for pu in view["pus"]], list(range(n)))
        self.assertEqual(sum(d["pairs"] for d in view["distances"]), n * n)
        for distance in view["distances"]:
            self.assertEqual(len(distance["chosen"]), min(3, distance["pairs"]))
        for place in view["placements"]:
            self.assertEqual(len(place["pus"]), place["threads"])
            self.assertEqual(len(set(place["pus"])), place["threads"])
        for pu in view["pus"]:
            self.assertNotIn(-1, [value for key, value in pu.items() if key != "pu"])

    def test_all_shapes(self):
        for source in shapes():
            done = topo(*source, "--pairs", "3", "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""), source)
            view = json.loads(done.stdout)
            self.assertFalse(view["this_system"])
            self.check(view)

    def test_this_machine(self):
        view = json.loads(topo("--json", "--pairs", "3").stdout)
        self.assertTrue(view["this_system"])
        self.check(view)

    def test_seed_is_exact_and_decides(self):
        source = ("--synthetic", LARGE[0], "--json")
        first = topo(*source, "--seed", "18446744073709551615").stdout
        self.assertEqual(json.loads(first)["seed"], 18446744073709551615)
        self.assertEqual(first, topo(*source, "--seed", "18446744073709551615").stdout)
        self.assertNotEqual(first, topo(*source, "--seed", "3").stdout)

    def test_mask_of_taskset(self):
        cpus = sorted(os.sched_getaffinity(0))
        done = topo("--json", preexec_fn=lambda: os.sched_setaffinity(0, cpus[-1:]))
        view = json.loads(done.stdout)
        self.assertEqual([pu["cpu"] for pu in view["pus"]], cpus[-1:])


class Refusals(unittest.TestCase):
    def refuse(self, word, *args, **kwargs):
        done = topo(*args, **kwargs)
        self.assertEqual(done.returncode, 2, args)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(word, done.stderr)

    def test_options(self):
        self.refuse("'--bogus'", "--bogus")
        self.refuse("'extra'", "extra")
        self.refuse("'-3'", "--pairs", "-3")
        self.refuse("'x'", "--seed", "x")
        self.refuse("'--xml' wants a value", "--xml")
        self.refuse("exclude", "--xml", "a", "--synthetic", "b")

    def test_files(self):
        self.refuse("No such file", "--xml", os.path.join(TOPOLOGIES, "missing.xml"))
        self.refuse("Is a directory", "--xml", "/")
        with open(os.path.join(TOPOLOGIES, "hybrid.xml"), "rb") as file:
            whole = file.read()
        bad = [b"", b"garbage\n", b"<topology/>", whole[:len(whole) // 2], bytes(range(256)) * 9,
               whole.replace(b'"PU"', b'"XY"'), b'<?xml version="1.0"?><html/>',
               # The package claims CPUs that nothing below it has.
               whole.replace(b'0x000fffff', b'0x01ffffff')]
        for content in bad:
            with tempfile.NamedTemporaryFile(suffix=".xml") as file:
                file.write(content)
                file.flush()
                self.refuse("not an hwloc XML topology", "--xml", file.name)

    def test_a_file_of_a_later_hwloc_is_named_by_its_version(self):
        with open(os.path.join(TOPOLOGIES, "hybrid.xml"), encoding="utf-8") as file:
            later = re.sub(r"<topology[^>]*>", '<topology version="9.1">', file.read())
        done = topo("--xml", "-", input=later)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "is a topology of hwloc 9; hwloc [0-9]+, which this program has")

    def test_damaged_files_never_crash(self):
        rng = random.Random(3)
        with open(os.path.join(TOPOLOGIES, "offline-uneven-smt.xml"), encoding="ascii") as file:
            lines = file.read().split("\n")
        for _ in range(100):
            damaged = list(lines)
            at = rng.randrange(3, len(lines) - 1)
            if rng.random() < 0.3:
                del damaged[at]
            else:
                column = rng.randrange(len(damaged[at]))
                line = damaged[at]
                damaged[at] = line[:column] + rng.choice("0123f<>/ x\"P") + line[column + 1:]
            done = topo("--xml", "-", input="\n".join(damaged))
            self.assertIn(done.returncode, (0, 2), damaged[at])
            self.assertEqual(len(done.stderr.splitlines()), done.returncode // 2, done.stderr)

    def test_strings(self):
        for text in ("", "foo", "core:4", "pu:-1", "pack:2 pu", "numa:2 core:4 pu:0"):
            self.refuse("synthetic", "--synthetic", text)
        self.refuse("8192", "--synthetic", "pack:1000 core:1000 pu:1000")

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
    def test_a_full_disk_is_no_success(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([KICKBENCH, "topo"], stdout=full, stderr=subprocess.PIPE,
                                  timeout=60, check=False)
        self.assertEqual(done.returncode, 3)


if __name__ == "__main__":
    unittest.main()
