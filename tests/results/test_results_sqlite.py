#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The CSV files load unchanged into other programs: sqlite3 stands for R, pandas, DuckDB and gnuplot."""
import csv
import os
import shutil
import subprocess
import sys
import unittest

REFERENCE = os.path.join(os.environ["SRC"], "results", "reference")


def sql(name, query):
    done = subprocess.run(["sqlite3", "-csv", ":memory:", "-cmd", f".import --csv {name}.csv t", query],
                          cwd=REFERENCE, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return list(csv.reader(done.stdout.splitlines()))


class Loads(unittest.TestCase):
    def test_every_file_has_as_many_rows_and_columns_there(self):
        for name in ("bench", "latency", "explore", "stress"):
            with open(os.path.join(REFERENCE, name + ".csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            self.assertEqual(sql(name, "SELECT * FROM t"), rows[1:], name)
            self.assertEqual([c[1] for c in sql(name, "PRAGMA table_info(t)")], rows[0])

    def test_the_documented_query_gives_the_price_of_the_patch(self):
        with open(os.path.join(os.environ["SRC"], "results", "README.md"), encoding="utf-8") as file:
            line = next(l for l in file if l.lstrip().startswith("sqlite3 "))
        query = line.split('"')[1]
        answer = dict(sql("bench", query))
        self.assertGreater(float(answer["patched"]), float(answer["old"]))


if not shutil.which("sqlite3"):
    print("skipped: no sqlite3 here (scripts/setup --test installs it)")
    sys.exit(4)
unittest.main()
