#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench --perf: the cells and columns of real runs, with whatever this machine can count."""
import csv
import glob
import os
import re
import subprocess
import tempfile
import threading
import unittest

from bench_folder import Folder, kickbench, select

PLAN = ("--backend", "old", "--scenario", "fastpath,roundtrip", "--path", "exiting,in_guest", "--form", "kick",
        "--window", "200us")
PERF = ("cycles instructions locked_loads hitm hitm_remote machine_clears task_clock context_switches"
        " cpu_migrations page_faults").split()


class Perf(unittest.TestCase):
    def test_no_cell_without_a_state(self):
        folder = Folder("bench", *PLAN)
        states = {e["column"]: e["state"] for e in folder.run["perf"]["events"]}
        self.assertEqual(set(states), {"perf_" + name for name in PERF})
        for event in folder.run["perf"]["events"]:
            self.assertTrue(event["state"] == "ok" or event["why"], event)
        for row in folder.rows:
            for column, state in states.items():
                counted = state in ("ok", "unproven")
                self.assertTrue(counted or row[column] == "", (column, state, row[column]))
                self.assertTrue(counted or state in row["perf_status"], row["perf_status"])
        if states["perf_task_clock"] == "ok":
            for row in select(folder.rows, scenario="fastpath", line="hot"):
                self.assertGreater(int(row["perf_task_clock"]), 1000)
                self.assertEqual(row["perf_task_clock_vcpu"], "", "there is no other thread")

    def test_off_is_off(self):
        for row in Folder("bench", *PLAN, "--perf", "off").rows:
            self.assertEqual(row["perf_status"], "off")
            self.assertFalse([k for k, v in row.items() if k.startswith("perf_") and k != "perf_status" and v])

    def test_named_events_have_columns_in_every_process(self):
        with tempfile.TemporaryDirectory() as temporary:
            out = os.path.join(temporary, "out")
            args = (*PLAN, "--perf", "page-faults,mine=task-clock,minor-faults", "--out", out, "--respawn", "2")
            self.assertIn(kickbench("bench", *args).returncode, (0, 5))
            again = kickbench("bench", "--resume", out, "--respawn", "3")
            self.assertIn(again.returncode, (0, 5), again.stderr)
            with open(out + "/bench.csv", encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
            self.assertEqual(lines[0][-4:], ["perf_mine", "perf_mine_vcpu", "perf_minor_faults",
                                             "perf_minor_faults_vcpu"])
            rows = [dict(zip(lines[0], line)) for line in lines[1:]]
            self.assertEqual({row["process"] for row in rows}, {"0", "1", "2"})
            self.assertTrue(all(row["perf_cycles"] == "" for row in rows))
            if rows[0]["perf_status"] == "ok":
                self.assertTrue(all(row["perf_mine"] for row in rows if row["verdict"] == "ok"))
            # A file from before these columns is still read, and compared.
            keep = [i for i, name in enumerate(lines[0]) if not name.startswith(("perf_", "kernel_"))]
            old = os.path.join(temporary, "old.csv")
            with open(old, "w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([line[i] for i in keep] for line in lines)
            done = kickbench("compare", old, out + "/bench.csv", "--force")
            self.assertIn(done.returncode, (0, 1, 5), done.stderr)
            self.assertIn("old", done.stdout)

    def test_a_wrong_event_is_named(self):
        for verb in ("bench", "run"):
            done = kickbench(verb, "--perf", "cycles,nonsense")
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertIn("'nonsense'", done.stderr)

    def test_probes_stand_outside_of_the_fast_loops(self):
        def notes(path):
            done = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=False)
            return set(re.findall(r"Provider: kickbench\s+Name: (\w+)", done.stdout))

        program = notes(os.environ["KICKBENCH"])
        if not program:
            self.skipTest("built without sys/sdt.h, or no readelf")
        self.assertEqual(program, {"kick", "claim", "send", "receive", "exit"})
        units = glob.glob(os.environ["BUILD"] + "/CMakeFiles/kb_bench.dir/**/fast_*.o", recursive=True)
        self.assertGreater(len(units), 3)
        for unit in units[:: max(1, len(units) // 8)]:
            self.assertEqual(notes(unit), set(), unit)

    def test_control_opens_and_closes_each_window(self):
        with tempfile.TemporaryDirectory() as temporary:
            control, ack = temporary + "/control", temporary + "/ack"
            os.mkfifo(control)
            os.mkfifo(ack)
            one = ("--backend", "old", "--scenario", "contend", "--kickers", "1", "--window", "200us")
            done = kickbench("bench", *one, "--perf-control", control)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), "nobody reads")
            # Both ends open, as perf has them.
            commands, answers = os.open(control, os.O_RDWR), os.open(ack, os.O_RDWR)
            heard = []

            def perf():
                while len(heard) < 18:
                    heard.append(os.read(commands, 64))
                    os.write(answers, b"ack\n")

            listener = threading.Thread(target=perf, daemon=True)
            listener.start()
            done = kickbench("bench", *one, "--perf-control", f"{control},{ack}", "--out", temporary + "/out")
            listener.join(10)
            self.assertIn(done.returncode, (0, 5), done.stderr)
            self.assertEqual(heard, [b"enable\n", b"disable\n"] * 9, "the probe's part is no window")


if __name__ == "__main__":
    unittest.main()
