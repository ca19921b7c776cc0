#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where report writes: into a device or a FIFO, through a link, beside nothing; and cells that no figure is made for."""
import csv
import os
import stat
import subprocess
import tempfile
import unittest

from report_page import KICKBENCH, REFERENCE, Page, copy_of_reference, report


class Files(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.place = holder.name

    def path(self, name):
        return os.path.join(self.place, name)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_device_stays_one(self):
        os.symlink("/dev/full", self.path("link"))
        for out in ("/dev/full", self.path("link")):
            done = report(REFERENCE, "--out", out)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn("No space left on device", done.stderr)
            self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))
        self.assertEqual(report(REFERENCE, "--out", "/dev/null").returncode, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_a_fifo_is_written_into(self):
        os.mkfifo(self.path("fifo"))
        with open(self.path("read"), "wb") as page, \
             subprocess.Popen(["cat", self.path("fifo")], stdout=page) as reader:
            self.assertEqual(report(REFERENCE, "--out", self.path("fifo")).returncode, 0)
            reader.wait()
        Page(self.path("read"))
        self.assertEqual(sorted(os.listdir(self.place)), ["fifo", "read"])

    def test_links_stay_links_and_nothing_stays_beside(self):
        os.mkdir(self.path("far"))
        os.symlink("far/page.html", self.path("near.html"))
        for _ in range(2):
            self.assertEqual(report(REFERENCE, "--out", self.path("near.html")).returncode, 0)
            self.assertTrue(os.path.islink(self.path("near.html")))
            Page(self.path("far/page.html"))
        self.assertEqual((os.listdir(self.path("far")), len(os.listdir(self.place))), (["page.html"], 2))

    def test_a_full_disk_keeps_the_old_page(self):
        out = self.path("page.html")
        self.assertEqual(report(REFERENCE, "--out", out).returncode, 0)
        with open(out, "rb") as file:
            old = file.read()
        done = subprocess.run(["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh", KICKBENCH, "report", REFERENCE,
                               "--out", out], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done)
        with open(out, "rb") as file:
            self.assertEqual(file.read(), old)
        self.assertEqual(os.listdir(self.place), ["page.html"])

    def test_the_ends_of_numbers_are_drawn(self):
        run = copy_of_reference(self.place)
        for name, column in (("kvm.csv", "call_p50_ns"), ("kvm.csv", "handler_p50_ns"), ("bench.csv", "ns_per_op"),
                             ("bench.csv", "kicks"), ("latency.csv", "bucket_low_ns"), ("latency.csv", "count"),
                             ("stress.csv", "kicks")):
            path = os.path.join(run, name)
            with open(path, encoding="utf-8", newline="") as file:
                old = file.read()
            rows = list(csv.reader(old.splitlines()))
            at = rows[0].index(column)
            for cells in (("1e-320", "1e308", "1e400"), ("5e-324", "-1e308", "18446744073709551616")):
                for row, cell in zip(rows[1:], 2 * cells):
                    row[at] = cell
                with open(path, "w", encoding="utf-8", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerows(rows)
                done = report(run)
                self.assertEqual(done.returncode, 0, (name, column, cells, done))
                Page(os.path.join(run, "report.html"))
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(old)


unittest.main()
