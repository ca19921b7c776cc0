#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""explore in parts: workers, shards and sittings come to the verdict of the undivided search with as many
executions; nothing that is missing, changed or of other sources passes for a proof; a worker that dies is an
error, and signals leave nobody behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

KICKBENCH = os.environ["KICKBENCH"]
LARGE = ("--backend", "patched", "--scenario", "twice-two-kicks", "--form", "core", "--model", "sc")
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(what)


def explore(*arguments, code=0):
    """The cells."""
    done = subprocess.run(
        [KICKBENCH, "explore", "--json", *arguments], capture_output=True, text=True, check=False
    )
    look(done.returncode == code, f"{arguments}: exit code {done.returncode}, not {code}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout else []


def same(ones, others, what):
    for one, other in zip(ones, others):
        for key in ("status", "found", "executions"):
            look(one.get(key) == other.get(key), f"{what}, {one['text']}: {key} is {other.get(key)}")
    look(len(ones) == len(others), what + ": cells are missing")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return [int(child) for child in f.read().split()]


def start(*arguments):
    """A long search, once its two workers run and something is written."""
    process = subprocess.Popen(
        [KICKBENCH, "explore", "--jobs", "2", *LARGE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    file = arguments[arguments.index("--resume") + 1]
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if os.path.exists(file) and os.path.getsize(file) > 600 and len(children(process.pid)) == 2:
            break
        time.sleep(0.01)
    return process, children(process.pid)


def gone(pids):
    """Zombies of the process that is being waited for aside."""
    deadline = time.monotonic() + 5
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def shards(folder):
    cells = ("--backend", "old,patched", "--scenario", "two-kicks", "--model", "sc,pso")
    whole = explore(*cells, code=1)
    same(whole, explore(*cells, "--jobs", "2", code=1), "2 jobs")
    files = [f"{folder}/shard{i}" for i in (1, 2, 3)]
    for i, file in enumerate(files, 1):
        parts = explore(*cells, "--shard", f"{i}/3", "--resume", file, code=1)
        look(all(c["status"] == "budget" for c in parts), f"shard {i} alone passes for a proof")
    explore("--backend", "patched", "--scenario", "two-kicks", "--model", "sc", "--shard", "1/3", "--resume", files[0])
    same(whole, explore(*cells, "--merge", *files, code=1), "merged")
    # Each file knows its cells, and of how many shards it is.
    same(whole, explore("--merge", *files, code=1), "merged, and not told of what")
    for cell in explore("--merge", files[0], files[2], code=1):
        look("shards missing: 2 (of 3)" in cell["text"], "not named: " + cell["text"])
    with open(files[1], encoding="utf-8") as f, open(folder + "/half", "w", encoding="utf-8") as half:
        half.writelines(f.readlines()[:30])
    look("shards missing: 3 (of 3); shards not at their end: 2 (of 3)" in
         explore("--merge", files[0], folder + "/half", code=1)[1]["text"], "half a shard is not named")
    for cell in explore(*cells, "--merge", files[0], files[2], code=1):
        look(cell["status"] == "budget" and "parts" in cell["text"], "a missing shard: " + cell["text"])
    explore("--backend", "patched", "--scenario", "two-kicks", "--model", "sc", "--merge", files[0], code=5)
    # What is known is not explored again: the first shard's file with the others' parts in one sitting more.
    same(whole, explore(*cells, "--resume", files[0], code=1), "resumed")
    spoil(cells, files)


def spoil(cells, files):
    with open(files[1], encoding="utf-8") as f:
        text = f.read()
    lines = text.splitlines(keepends=True)
    columns = lines[0].strip().split(",")
    row = next(line for line in lines[1:] if not line.startswith("shard ")).split(",")
    row[columns.index("executions")] = str(int(row[columns.index("executions")]) + 1)
    with open(files[1], "w", encoding="utf-8") as f:
        f.write(text + ",".join(row))
    look(explore(*cells, "--merge", *files, code=3)[0]["status"] == "failed", "differing parts pass")
    with open(files[1], "w", encoding="utf-8") as f:
        f.write(lines[0] + "".join("0123456789abcdef" + line[16:] for line in lines[1:]))
    merged = explore(*cells, "--merge", files[1], code=5)
    look("of other sources" in merged[0]["text"], "other sources: " + merged[0]["text"])
    with open(files[1], "w", encoding="utf-8") as f:
        f.write("something,else\n1,2\n")
    explore(*cells, "--merge", files[1], code=2)
    with open(files[1], "w", encoding="utf-8") as f:
        f.write(lines[0])
    explore("--merge", files[1], code=2)
    with open(files[1], "w", encoding="utf-8") as f:
        f.write("".join(lines).replace("/patched/", "/nosuch/"))
    explore("--merge", files[1], code=2)
    with open(files[1], "w", encoding="utf-8") as f:
        f.write("something,else\n1,2\n")
    explore(*cells, "--resume", files[1], code=2)
    explore(*cells, "--shard", "1/2", code=2)
    explore(*cells, "--shard", "3/2", "--resume", files[0], code=2)


def interrupted(folder):
    file = folder + "/sittings"
    process, workers = start("--resume", file)
    look(len(workers) == 2, f"{len(workers)} workers")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    look(process.returncode == 130, f"SIGINT: exit code {process.returncode}")
    look(gone(workers), "SIGINT leaves workers behind")
    with open(file, encoding="utf-8") as f:
        before = len(f.readlines())
    look(before > 1, "SIGINT: nothing is kept")
    look("parts" in explore(*LARGE, "--resume", file, "--time", "20ms", code=5)[0]["text"], "not undecided")

    process, workers = start("--resume", file)
    os.kill(workers[0], signal.SIGKILL)
    output = process.communicate(timeout=20)[0].decode()
    look(process.returncode == 3 and "died of signal 9" in output, f"SIGKILL: {process.returncode}, {output}")
    look(gone(workers), "a dead worker leaves the other behind")
    # A worker must not outlive its parent.
    process, workers = start("--resume", file)
    process.kill()
    process.communicate()
    look(gone(workers), "workers outlive their parent")


def main():
    with tempfile.TemporaryDirectory() as folder:
        shards(folder)
        interrupted(folder)
    print("\n".join(complaints))
    print(f"{len(complaints)} complaints")
    return 1 if complaints else 0


sys.exit(main())
