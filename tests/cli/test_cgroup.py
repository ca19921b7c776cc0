#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The limits of a cgroup are named by whoever meets them: its CPU quota in a line and in run.json, its memory
where that ran out."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

KICKBENCH, SRC = os.environ["KICKBENCH"], os.environ["SRC"]
LIBRARIES = None
LINES = {
    "bench": "bench --backend old --scenario entry --window 100us",
    "stress": "stress --backend patched --seconds 0.1",
    "explore": "explore --backend patched --scenario one-kick --model sc",
}


def setUpModule():
    global LIBRARIES
    LIBRARIES = tempfile.TemporaryDirectory()
    for name in ("elsewhere", "fail_nth"):
        subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o",
                        f"{LIBRARIES.name}/{name}.so", os.path.join(SRC, f"tests/cli/preload/{name}.c")], check=True)


def run(line, out, *libraries, **env):
    env = dict(os.environ, LD_PRELOAD=":".join(f"{LIBRARIES.name}/{name}.so" for name in libraries), **env)
    return subprocess.run([KICKBENCH, *line.split(), "--out", out], env=env, capture_output=True, text=True,
                          check=False, timeout=100)


class Cgroup(unittest.TestCase):
    def test_a_quota_that_stopped_the_run_is_named(self):
        for verb, line in LINES.items():
            with self.subTest(verb=verb), tempfile.TemporaryDirectory() as folder:
                done = run(line, folder, "elsewhere")
                self.assertIn(done.returncode, (0, 5), done)
                self.assertEqual(done.stderr.count("the cgroup's CPU quota stopped this run"), 1, done.stderr)
                with open(folder + "/run.json", encoding="utf-8") as file:
                    noise = json.load(file)["noise"]
                self.assertGreater(noise["throttled"], 0)
                self.assertGreater(noise["throttled_ms"], 0)

    def test_a_memory_limit_is_named_where_memory_ran_out(self):
        for verb, line in LINES.items():
            with self.subTest(verb=verb), tempfile.TemporaryDirectory() as folder:
                done = run(line, folder, "elsewhere", "fail_nth", FAIL_WHAT="malloc", FAIL_AT="100")
                self.assertEqual(done.returncode, 3, done)
                self.assertIn("Cannot allocate memory", done.stderr)
                self.assertIn("the cgroup's memory.max is 536870912 bytes", done.stderr)
                done = run(line, folder + "/whole", "elsewhere")
                self.assertNotIn("memory.max", done.stderr)


if __name__ == "__main__":
    if "-fsanitize" in subprocess.run([KICKBENCH, "--version"], capture_output=True, text=True, check=True).stdout:
        print("skipped: a sanitizer has allocations of its own")
        sys.exit(4)
    unittest.main()
