#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What could not be measured is empty, with the reason: system calls that a sandbox denies, an rseq area that is
not registered.  Nothing hangs, and no watchdog barks."""
import csv
import json
import os
import shutil
import subprocess
import tempfile
import unittest

KICKBENCH, SRC = os.environ["KICKBENCH"], os.environ["SRC"]
LIVE = ("bench", "--backend", "old", "--scenario", "roundtrip,migrate", "--transport",
        "doorbell,signal,membarrier", "--migrations-per-s", "10k", "--window", "500us")
FOLDER = None


def setUpModule():
    global FOLDER
    FOLDER = tempfile.TemporaryDirectory()
    subprocess.run([os.environ.get("CC", "cc"), "-o", FOLDER.name + "/deny",
                    os.path.join(SRC, "tests/cli/preload/deny.c")], check=True)
    if subprocess.run([FOLDER.name + "/deny", "tgkill", "true"], check=False).returncode:
        raise unittest.SkipTest("no seccomp here")


def run(*command, calls="", **env):
    before = [FOLDER.name + "/deny", calls] if calls else []
    done = subprocess.run([*before, KICKBENCH, *command], capture_output=True, text=True, check=False, timeout=100,
                          env={**os.environ, **env})
    assert "watchdog" not in done.stderr, done
    assert all(line != "kickbench: " for line in done.stderr.splitlines()), done
    return done


def measure(calls="", **env):
    out = FOLDER.name + "/out"
    shutil.rmtree(out, ignore_errors=True)
    done = run(*LIVE, "--out", out, calls=calls, **env)
    with open(out + "/bench.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(out + "/run.json", encoding="utf-8") as file:
        return done, rows, json.load(file)


class Denied(unittest.TestCase):
    def check_transport(self, transport, calls, why):
        done, rows, _ = measure(calls)
        self.assertIn(done.returncode, (0, 5), done)
        for row in rows:
            if row["transport"] == transport:
                self.assertEqual(row["verdict"], "na", row)
            if row["transport"] == transport and row["scenario"] == "roundtrip":
                self.assertIn(why, row["reason"])
        self.assertTrue(any(int(row["ops"] or 0) for row in rows if row["transport"] == "doorbell"))

    def test_tgkill(self):
        self.check_transport("signal", "tgkill", "tgkill")
        self.assertEqual(run("stress", "--backend", "old", "--seconds", "0.1", "--faults", "stalls", "--out",
                             FOLDER.name + "/stalls", calls="tgkill").returncode, 3)
        self.assertIn(run("kvm", "--seconds", "0.1", "--out", FOLDER.name + "/kvm", calls="tgkill").returncode, (4,))

    def test_floor_of_a_pause(self):
        for calls, verdict in (("tgkill", "na"), ("rseq", "ok")):
            out = f"{FOLDER.name}/pause-{calls}"
            done = run("bench", "--backend", "qemu_kick", "--scenario", "pause", "--vcpus", "1", "--window", "2ms",
                       "--out", out, calls=calls)
            self.assertIn(done.returncode, (0, 4, 5), done)
            with open(out + "/bench.csv", encoding="utf-8", newline="") as file:
                floors = {row["verdict"] for row in csv.DictReader(file) if row["path"] == "tgkill"}
            self.assertTrue(floors and floors <= {verdict, "inconclusive"}, (calls, floors, done))

    def test_membarrier(self):
        self.check_transport("membarrier", "membarrier", "membarrier")

    def test_perf(self):
        done, rows, record = measure("perf_event_open")
        self.assertIn(done.returncode, (0, 5), done)
        self.assertFalse(any(row["perf_cycles"] or row["perf_task_clock"] for row in rows))
        self.assertNotIn("ok", {event["state"] for event in record["perf"]["events"]})

    def test_pins(self):
        done, rows, _ = measure("sched_setaffinity")
        self.assertEqual(done.returncode, 4, done)
        self.assertTrue(rows and all(row["verdict"] == "na" for row in rows))
        self.assertTrue(all("sched_setaffinity" in row["reason"] for row in rows))
        for verb in ("stress", "kvm"):
            self.assertEqual(run(verb, "--seconds", "0.1", calls="sched_setaffinity").returncode, 4)

    def test_affinity_that_cannot_be_read(self):
        for command in (LIVE, ("topo",), ("stress", "--seconds", "0.1"), ("kvm", "--seconds", "0.1")):
            done = run(*command, calls="sched_getaffinity")
            self.assertEqual(done.returncode, 4, done)
            self.assertIn("sched_getaffinity", done.stderr)
        self.assertEqual(run("list", calls="sched_getaffinity").returncode, 0)


class WithoutRseq(unittest.TestCase):
    def check(self, calls="", **env):
        _, rows, record = measure(calls, **env)
        self.assertIs(record["machine"]["rseq"], False)
        self.assertTrue(any(int(row["ops"] or 0) for row in rows))
        self.assertEqual({row["preempted"] for row in rows}, {""})
        self.assertEqual({row["verdict"] for row in rows if row["transport"] in ("signal", "membarrier")}, {"na"})

    def test_tunable(self):
        self.check(GLIBC_TUNABLES="glibc.pthread.rseq=0")

    def test_denied(self):
        self.check("rseq")

    def test_compare_ranks_no_tail_across_it(self):
        sides = {}
        for name, env in (("with", {}), ("without", {"GLIBC_TUNABLES": "glibc.pthread.rseq=0"})):
            _, _, record = measure(**env)
            if name == "with" and not record["machine"]["rseq"]:
                self.skipTest("no rseq here")
            sides[name] = f"{FOLDER.name}/{name}"
            shutil.copytree(FOLDER.name + "/out", sides[name])
        for metric in ("p99_ns", "max_ns", "p999_ns"):
            done = run("compare", sides["with"], sides["without"], "--metric", metric, "--json")
            self.assertEqual(done.returncode, 5, done)
            rows = json.loads(done.stdout)["rows"]
            self.assertTrue(rows and all(row["verdict"] == "inconclusive" for row in rows), rows)
            if all("repetition" in row["reason"] for row in rows):
                self.skipTest("the machine was too busy: " + rows[0]["reason"])
            self.assertTrue(any("rseq" in row["reason"] for row in rows), rows)
        self.assertNotIn("rseq was not", run("compare", sides["with"], sides["without"]).stdout)


if __name__ == "__main__":
    unittest.main()
