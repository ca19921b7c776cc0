#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every verb, while the n-th allocation, mapping, thread, process, file, read, write or fsync fails: exit 3 (or 2,
before there was anything) with a line that says what was missing; no crash, no hang, no run that calls itself complete.
"--full" as an argument tries many more n."""
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import unittest

KICKBENCH, SRC = os.environ["KICKBENCH"], os.environ["SRC"]
FULL = "--full" in sys.argv
KINDS = ("malloc", "mmap", "thread", "process", "open", "read", "write", "sync")
SAYS = ("Cannot allocate memory", "Resource temporarily unavailable", "Too many open files",
        "No space left on device", "Input/output error")
REFERENCE = os.path.join(SRC, "results/reference")
VERBS = {
    "bench": "bench --backend old --scenario entry,roundtrip --reps 9 --window 100us --out OUT",
    "bench --json": "bench --backend old --scenario broadcast --vcpus 2 --reps 9 --window 100us --json --out OUT",
    "bench --plan": "bench --plan --json",
    "stress": "stress --backend old --seconds 0.1 --out OUT",
    "stress --json": "stress --backend patched --seconds 0.1 --json --out OUT",
    "explore": "explore --backend old --scenario two-kicks --model sc --out OUT",
    "explore --json": "explore --backend patched --scenario one-kick --model sc --json",
    "explore --litmus": "explore --litmus OUT --backend old --scenario one-kick --model sc",
    "explore --weaken": "explore --weaken --backend patched --scenario one-kick --model sc --out OUT",
    "list": "list --json",
    "topo": "topo --json",
    "kvm": "kvm --seconds 0.2 --out OUT",
    "compare": f"compare {REFERENCE} {REFERENCE} --junit OUT.xml",
    "report": f"report {REFERENCE} --out OUT.html",
}
PRELOAD = None


def setUpModule():
    global PRELOAD
    PRELOAD = tempfile.TemporaryDirectory()
    subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o",
                    PRELOAD.name + "/fail.so", os.path.join(SRC, "tests/cli/preload/fail_nth.c")], check=True)


def run(line, kind, n):
    """Exit code, stderr, the state in run.json, and how many calls of each kind there were."""
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, LD_PRELOAD=PRELOAD.name + "/fail.so", FAIL_WHAT=kind, FAIL_AT=str(n),
                   FAIL_COUNT=folder + "/count", HOME=folder, XDG_CACHE_HOME=folder)
        done = subprocess.run([KICKBENCH, *line.replace("OUT", folder + "/out").split()], env=env, cwd=folder,
                              capture_output=True, text=True, errors="replace", check=False, timeout=100)
        state, count = None, {}
        if os.path.exists(folder + "/out/run.json"):
            with open(folder + "/out/run.json", encoding="utf-8") as file:
                state = json.load(file)["state"]
        if os.path.exists(folder + "/count"):
            with open(folder + "/count", encoding="utf-8") as file:
                count = {line.split()[0]: int(line.split()[1]) for line in file}
        return done.returncode, done.stderr, state, count


class Faults(unittest.TestCase):
    def check(self, verb, kind, n):
        code, said, state, count = run(VERBS[verb], kind, n)
        if count.get(kind, 0) < n and code in (0, 1, 4, 5):
            return  # threads met otherwise: there was no n-th call
        where = f"{verb}: call {n} of {kind}: exit {code}, {state}: {said}"
        self.assertIn(code, (2, 3), where)
        self.assertTrue(any(text in said for text in SAYS), where)
        self.assertNotEqual(state, "complete", where)

    def test_every_verb(self):
        chance = random.Random(1)
        for verb, line in VERBS.items():
            if not FULL and verb in ("bench --json", "stress --json", "explore --json"):
                continue
            code, said, _, count = run(line, "", 0)
            self.assertIn(code, (0, 1, 4, 5), said)
            for kind in KINDS:
                n = count[kind]
                # Of topo's allocations most are hwloc's, which goes on without what it does not get, or crashes.
                tries = 100 if FULL else 8 if (verb, kind) == ("topo", "malloc") else 1
                for at in chance.sample(range(1, n + 1), min(n, tries)):
                    with self.subTest(verb=verb, kind=kind, at=at):
                        self.check(verb, kind, at)

    def test_a_library_that_ends_the_process_gives_no_verdict(self):
        with tempfile.TemporaryDirectory() as folder:
            for most in range(4, 24, 1 if FULL else 4):
                out = f"{folder}/{most}"
                done = subprocess.run([KICKBENCH, "bench", "--backend", "old", "--scenario", "entry", "--window",
                                       "100us", "--out", out], capture_output=True, text=True, check=False,
                                      preexec_fn=lambda n=most: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)))
                self.assertIn(done.returncode, (0, 3, 5), done)
                if done.returncode == 3:
                    self.assertIn("kickbench: ", done.stderr)
                if os.path.exists(out + "/run.json"):
                    with open(out + "/run.json", encoding="utf-8") as file:
                        self.assertEqual(json.load(file)["state"] == "complete", done.returncode != 3, done)

    def test_files_that_may_not_grow(self):
        for verb in ("bench", "stress", "explore", "kvm", "report"):
            for most in (0, 4500):
                with self.subTest(verb=verb, most=most), tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run([KICKBENCH, *VERBS[verb].replace("OUT", folder + "/out").split()],
                                          capture_output=True, text=True, check=False,
                                          preexec_fn=lambda n=most: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)))
                    self.assertEqual((done.returncode, "File too large" in done.stderr), (3, True), done)
                    if os.path.exists(folder + "/out/run.json"):
                        with open(folder + "/out/run.json", encoding="utf-8") as file:
                            self.assertNotEqual(json.load(file)["state"], "complete", done)

    def test_too_few_files_are_nothing_that_a_system_lacks(self):
        for verb in ("bench", "stress", "explore", "kvm", "compare", "report"):
            for most in range(4, 11, 1 if FULL else 3):
                with self.subTest(verb=verb, most=most), tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run([KICKBENCH, *VERBS[verb].replace("OUT", folder + "/out").split()],
                                          capture_output=True, text=True, check=False,
                                          preexec_fn=lambda n=most: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)))
                    if "Too many open files" in done.stderr:
                        self.assertEqual(done.returncode, 3, done)


if __name__ == "__main__":
    if "-fsanitize" in subprocess.run([KICKBENCH, "--version"], capture_output=True, text=True, check=True).stdout:
        print("skipped: a sanitizer has allocations of its own")
        sys.exit(4)
    unittest.main(argv=sys.argv[:1])
