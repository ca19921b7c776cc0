#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every verb, while the n-th allocation, mapping, thread, process, file, read, write or fsync fails: exit 3 (or 2,
before there was anything) with a line that says what was missing; no crash, no hang, no run that calls itself complete.
"--full" as an argument tries many more n, others each day."""
import datetime
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
TODAY = datetime.date.today().toordinal()
KINDS = ("malloc", "mmap", "thread", "process", "open", "read", "write", "sync")
SAYS = ("Cannot allocate memory", "out of memory", "Resource temporarily unavailable", "Too many open files",
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
# In the full tier: what takes seconds, and what is like another one.
MORE = {
    "bench --respawn": "bench --backend old --scenario entry --reps 9 --window 100us --respawn 2 --out OUT",
    "explore --jobs": "explore --backend old --scenario two-kicks --model sc --jobs 2 --out OUT",
    "explore --resume": "explore --backend old --scenario one-kick --model sc --resume OUT",
    "explore --corpus": "explore --backend old --scenario two-kicks --model sc --corpus OUT",
    "explore --matrix": "explore --matrix --no-cache --backend old --scenario one-kick --model sc",
    "report --figures": f"report {REFERENCE} --out OUT.html --figures OUT",
    "judge --new": "judge --new OUT.h",
}
SLOW = {
    "judge": f"judge {SRC}/impl/patched.h --time 1 --stress-time 0.1 --bench-time 0 --out OUT",
    "run": "run --quick --out OUT",
}
FULL_VERBS = {**VERBS, **MORE}
PRELOAD = None


def setUpModule():
    global PRELOAD
    PRELOAD = tempfile.TemporaryDirectory()
    subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o",
                    PRELOAD.name + "/fail.so", os.path.join(SRC, "tests/cli/preload/fail_nth.c")], check=True)


def run(line, kind, n):
    """Exit code, what was said, the state in run.json, and how many calls of each kind there were."""
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, LD_PRELOAD=PRELOAD.name + "/fail.so", FAIL_WHAT=kind, FAIL_AT=str(n),
                   FAIL_COUNT=folder + "/count", HOME=folder, XDG_CACHE_HOME=folder)
        done = subprocess.run([KICKBENCH, *line.replace("OUT", folder + "/out").split()], env=env, cwd=folder,
                              capture_output=True, text=True, errors="replace", check=False, timeout=500)
        state, count = None, {}
        if os.path.exists(folder + "/out/run.json"):
            with open(folder + "/out/run.json", encoding="utf-8") as file:
                state = json.load(file)["state"]
        if os.path.exists(folder + "/count"):
            with open(folder + "/count", encoding="utf-8") as file:
                count = {line.split()[0]: int(line.split()[1]) for line in file}
        # A cell that failed says so in its line.
        failed = [line for line in done.stdout.splitlines() if " FAILED: " in line]
        return done.returncode, done.stderr + "\n".join(failed), state, count


class Faults(unittest.TestCase):
    def check(self, verb, kind, n):
        code, said, state, count = run({**FULL_VERBS, **SLOW}[verb], kind, n)
        if count.get(kind, 0) < n and code in (0, 1, 4, 5):
            return  # threads met otherwise: there was no n-th call
        where = f"{verb}: call {n} of {kind}: exit {code}, {state}: {said}"
        self.assertIn(code, (2, 3), where)
        self.assertTrue(any(text in said for text in SAYS), where)
        self.assertNotEqual(state, "complete", where)

    def test_every_verb(self):
        chance = random.Random(TODAY if FULL else 1)
        for turn, (verb, line) in enumerate((FULL_VERBS if FULL else VERBS).items()):
            if not FULL and verb in ("bench --json", "stress --json", "explore --json"):
                continue
            code, said, _, count = run(line, "", 0)
            self.assertIn(code, (0, 1, 4, 5), said)
            # In the quick tier half of them, the other half of the next verb.
            for kind in KINDS if FULL else KINDS[turn % 2::2]:
                n = count[kind]
                # Of topo's allocations most are hwloc's, which goes on without what it does not get, or crashes.
                tries = 8 if (verb, kind) == ("topo", "malloc") else 4 if FULL else 1
                for at in chance.sample(range(1, n + 1), min(n, tries)):
                    with self.subTest(verb=verb, kind=kind, at=at):
                        self.check(verb, kind, at)

    @unittest.skipUnless(FULL, "for the full tier")
    def test_what_takes_long(self):
        """Their calls are not counted first: each allocation would be looked at, millions of them.  Half of the
        kinds a day, the other half of the other verb."""
        for half, verb in enumerate(SLOW, TODAY):
            for turn, kind in list(enumerate(KINDS, TODAY // 2))[half % 2::2]:
                at = (1, 5)[turn % 2] if kind == "malloc" else (1, 3, 12)[turn % 3]
                with self.subTest(verb=verb, kind=kind, at=at):
                    self.check(verb, kind, at)

    @unittest.skipUnless(FULL, "for the full tier")
    def test_limits(self):
        """Of address space, stack and processes: no verb crashes, hangs, or calls itself complete with exit 3."""
        def give_up_root():
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)

        limits = [(resource.RLIMIT_AS, most << 20) for most in (64, 72, 96, 160, 400)]
        limits += [(resource.RLIMIT_STACK, most << 10) for most in (256, 1024)]
        limits += [(resource.RLIMIT_NPROC, most) for most in (0, 2, 5)]
        for verb, line in {**FULL_VERBS, "judge": SLOW["judge"]}.items():
            for which, most in limits[TODAY % 4::4] if verb == "judge" else limits[TODAY % 2::2]:
                self.limited(verb, line, which, most, give_up_root if which == resource.RLIMIT_NPROC else None)

    def limited(self, verb, line, which, most, before):
        with self.subTest(verb=verb, which=which, most=most), tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)

            def limit():
                if before:
                    before()
                resource.setrlimit(which, (most, most))

            done = subprocess.run([KICKBENCH, *line.replace("OUT", folder + "/out").split()], cwd=folder, text=True,
                                  capture_output=True, errors="replace", check=False, timeout=500, preexec_fn=limit,
                                  env=dict(os.environ, HOME=folder, XDG_CACHE_HOME=folder, TMPDIR=folder))
            self.assertIn(done.returncode, (0, 1, 3, 4, 5), done)
            if done.returncode == 3:
                self.assertTrue(any(text in done.stderr for text in SAYS), done)
            if done.returncode == 3 and os.path.exists(folder + "/out/run.json"):
                with open(folder + "/out/run.json", encoding="utf-8") as file:
                    self.assertNotEqual(json.load(file)["state"], "complete", done)

    @unittest.skipUnless(FULL and os.geteuid() == 0, "for the full tier, as root")
    def test_a_disk_that_is_full(self):
        for verb, line in FULL_VERBS.items():
            for size in (4, 16, 64, 400):
                with self.subTest(verb=verb, size=size), tempfile.TemporaryDirectory() as folder:
                    script = f"mount -t tmpfs -o size={size}k disk {folder} && cd {folder} && exec \"$@\""
                    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", KICKBENCH,
                                           *line.replace("OUT", folder + "/out").split()], capture_output=True, text=True,
                                          errors="replace", check=False, timeout=500,
                                          env=dict(os.environ, HOME=folder, XDG_CACHE_HOME=folder))
                    self.assertIn(done.returncode, (0, 1, 3, 4, 5), done)
                    if "No space left" in done.stderr + done.stdout:
                        self.assertEqual(done.returncode, 3, done)

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
                    if verb == "kvm" and not os.access("/dev/kvm", os.R_OK | os.W_OK):
                        self.skipTest("no /dev/kvm: nothing is written")
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
    unittest.main(argv=[a for a in sys.argv if a != "--full"])
