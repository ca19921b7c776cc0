#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad input to bench, run and compare: exactly one line on stderr that names it, nothing on stdout,
exit 2, and not a file or folder created."""
import os
import subprocess
import tempfile
import unittest

from bench_folder import KICKBENCH, n_pus

SMALL = ("bench", "--backend", "noop", "--scenario", "entry", "--window", "100us")


def tree(root):
    return sorted(os.path.join(where, name) for where, folders, files in os.walk(root)
                  for name in folders + files)


class BadInput(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.place = temporary.name

    def refuse(self, word, *args, **kwargs):
        before = tree(self.place)
        done = subprocess.run([KICKBENCH, *args], capture_output=True, text=True, timeout=20,
                              check=False, cwd=self.place, stdin=subprocess.DEVNULL, **kwargs)
        said = done.stderr.splitlines()
        self.assertEqual(done.returncode, 2, (args, done.stderr))
        self.assertEqual(done.stdout, "", args)
        self.assertEqual(len(said), 1, (args, said))
        self.assertIn(word, said[0])
        self.assertEqual(tree(self.place), before, args)

    def test_names(self):
        for option in ("--backend", "--scenario", "--distance", "--transport", "--path", "--form",
                       "--line", "--put", "--loop"):
            self.refuse("nosuch", "bench", option, "nosuch")
            self.refuse(option, "bench", option)
        self.refuse("nosuch", "bench", "--backend", "old,nosuch")
        self.refuse("--backend", "bench", "--backend", "old,,patched")
        self.refuse("--backend", "bench", "--backend", "")
        self.refuse("--nosuch", "bench", "--nosuch")
        self.refuse("extra", "bench", "extra")

    def test_numbers(self):
        numbers = ("-1", "garbage", "", "1x", "1e99999", "99999999999999999999", "0x10", " 1", "+1")
        for option in ("--window", "--reps", "--kickers", "--vcpus", "--pairs", "--seed",
                       "--migrations-per-s", "--natural-exits", "--rate", "--widen"):
            for text in numbers:
                self.refuse(option[2:], *SMALL, option, text)
        self.refuse("-5ms", "bench", "--window", "-5ms")
        self.refuse("'50x'", "bench", "--window", "50x")
        self.refuse("'0.00001'", "bench", "--window", "0.00001")
        self.refuse("'99us'", "bench", "--window", "99us")
        self.refuse("9", "bench", "--reps", "3")
        self.refuse("'0'", "bench", "--kickers", "0")
        self.refuse("'0'", "bench", "--vcpus", "0")

    def test_pus(self):
        for option in ("--kicker-pu", "--vcpu-pu"):
            for text in ("99999", "-1", "garbage", "pack:99", ""):
                self.refuse(option, *SMALL, option, text)

    @unittest.skipIf(n_pus() < 2, "a smaller cpuset needs 2 PUs")
    def test_pu_outside_the_cpuset(self):
        cpus = sorted(os.sched_getaffinity(0))
        for cpu in (cpus[0], cpus[-1]):
            self.refuse("--vcpu-pu '1'", *SMALL, "--vcpu-pu", "1",
                        preexec_fn=lambda cpu=cpu: os.sched_setaffinity(0, [cpu]))
        self.refuse("distance", *SMALL, "--kicker-pu", "0", "--vcpu-pu", "0", "--distance", "remote")

    def test_nothing_left_to_measure(self):
        self.refuse("nothing", "bench", "--scenario", "entry", "--path", "self")

    def test_other_machines(self):
        with open(os.path.join(self.place, "page.xml"), "w", encoding="ascii") as file:
            file.write("<?xml version='1.0'?><html/>\n")
        self.refuse("page.xml", "bench", "--plan", "--xml", "page.xml")
        self.refuse("nosuch.xml", "bench", "--plan", "--xml", "nosuch.xml")
        self.refuse("--plan", "bench", "--xml", "page.xml")
        self.refuse("--plan", "bench", "--synthetic", "4")
        self.refuse("nonsense", "bench", "--plan", "--synthetic", "nonsense")
        self.refuse("exclude", "bench", "--plan", "--synthetic", "4", "--xml", "page.xml")

    def test_out(self):
        os.mkdir(os.path.join(self.place, "taken"))
        for name in ("file", "taken/run.json"):
            with open(os.path.join(self.place, name), "w", encoding="ascii") as file:
                file.write("{}")
        for verb in (SMALL, ("run", "--quick")):
            self.refuse("/proc/nosuch", *verb, "--out", "/proc/nosuch")
            self.refuse("file", *verb, "--out", "file")
            self.refuse("file/below", *verb, "--out", "file/below")
            self.refuse("taken", *verb, "--out", "taken")
            self.refuse("expected a folder", *verb, "--out", "")

    def test_run(self):
        self.refuse("--seed", "run", "--seed", "x")
        self.refuse("--nosuch", "run", "--nosuch")
        self.refuse("extra", "run", "extra")

    def test_compare(self):
        def write(name, content):
            with open(os.path.join(self.place, name), "wb") as file:
                file.write(content)
        write("empty.csv", b"")
        write("quote.csv", b'run_id,backend\n1,a"b\n')
        write("width.csv", b"run_id,backend\n1,2,3\n")
        write("binary.csv", bytes(range(256)) * 8)
        os.mkdir(os.path.join(self.place, "folder"))
        for name in ("nosuch.csv", "folder", "empty.csv", "quote.csv", "width.csv", "binary.csv"):
            self.refuse(name, "compare", name, name)
        self.refuse("compare", "compare")


class Vacuity(unittest.TestCase):
    setUp = BadInput.setUp

    def test_good_input_is_not_refused(self):
        with self.assertRaises(AssertionError):
            BadInput.refuse(self, "", *SMALL, "--plan")
        with self.assertRaises(AssertionError):
            BadInput.refuse(self, "another word", "bench", "--seed", "x")


if __name__ == "__main__":
    unittest.main()
