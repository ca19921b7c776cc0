#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A recorded run of scripts/kernel-judge: its books balance row by row, `report` shows them, with pictures of their
own, and KVM's own kicks beside them; `compare` sets the carriers side by side."""
import csv
import os
import re
import shutil
import subprocess
import tempfile
import unittest

RUN = os.path.join(os.environ["SRC"], "results", "reference", "kernel-judge")


def kickbench(*arguments, statuses=(0,)):
    done = subprocess.run([os.environ["KICKBENCH"], *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in statuses:
        raise AssertionError(f"exit {done.returncode}: {done.stderr}")
    return done.stdout


def number(row, column):
    return int(row[column] or 0)


class Kernel(unittest.TestCase):
    def test_books(self):
        with open(RUN + "/bench.csv", newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["kernel_status"] == "kick_judge" and row["ipis_sent"]]
        self.assertGreater(len(rows), 100)
        for row in rows:
            counted = number(row, "kernel_resched_ipis") + number(row, "kernel_call_ipis")
            self.assertEqual(number(row, "ipis_sent") + number(row, "kernel_foreign_ipis"),
                             counted + number(row, "ipis_double") + number(row, "ipis_dropped"), row)
            if row["scenario"] == "roundtrip" and row["verdict"] == "ok":
                self.assertEqual(row["kicks"], str(counted), row)
            if row["backend"] != "old":
                self.assertEqual(number(row, "poisoned") + number(row, "ipis_misdirected") + number(row, "lost"), 0, row)

    def test_report(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in os.listdir(RUN):
                if name != "kvm.csv":
                    shutil.copy(os.path.join(RUN, name), folder)
            alone = kickbench("report", folder)
            self.assertNotIn("KVM itself", alone)
            shutil.copy(os.path.join(RUN, "kvm.csv"), folder)
            text = kickbench("report", folder)
            with open(folder + "/report.html", encoding="utf-8") as file:
                page = file.read()
        self.assertRegex(text, r"\nKVM itself .*\n  msi +\d")
        self.assertRegex(text, r"\nroundtrip +old +(\d+) +\1 +\1 +0 +0 +0 ")
        self.assertRegex(text, r"\nmigrate moved \+100us +old ")
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 100)
        self.assertIn("Real reschedule IPIs", page)
        self.assertRegex(text, r"lost by old, with the window held open; by patched 0 in")
        self.assertRegex(text, r"in the kernel\n  0 in \d+ +lost by old, as it is; by patched 0 in")
        self.assertIn("\nIn the kernel, here, the extra cmpxchg costs +", text)
        named = re.findall(r"^(?:roundtrip|contend|migrate|broadcast|no-wakeup) .{33}", text, re.MULTILINE)
        self.assertEqual(len(named), len(set(named)), named)
        self.assertRegex(page, r"Repeat it: <code>scripts/kernel-judge --scenario migrate.* --transport doorbell,.*"
                               r"reschedule --reps 9 --window 10ms --widen 100us --kicks 2000")
        self.assertNotIn("kickbench bench", page)
        self.assertIn("The module kick_judge on kernel 6.1", page)

    def test_page_of_others(self):
        with tempfile.TemporaryDirectory() as folder:
            text = kickbench("report", os.path.dirname(RUN), "--out", folder + "/page.html")
            with open(folder + "/page.html", encoding="utf-8") as file:
                self.assertNotIn("Real reschedule IPIs", file.read())
        self.assertNotIn("The books", text)

    def test_compare(self):
        self.assertIn("each other transport", kickbench("compare", RUN, "--by", "transport", "--base", "reschedule",
                                                        statuses=(0, 1)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
