#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""explore --matrix: what was explored once is not explored again while its sources, parameters and limit are
the same; what differs is; a cache that cannot be used says so; and workers who share the cells change nothing."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

KICKBENCH = os.environ["KICKBENCH"]
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(what)


def matrix(*arguments, code=0, **environment):
    done = subprocess.run(
        [KICKBENCH, "explore", "--matrix", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )
    look(done.returncode == code, f"{arguments}: exit code {done.returncode}, not {code}: {done.stderr}")
    return done


def cached(done):
    """Of a table: how many cells came from the cache."""
    return int(re.search(r"(\d+) from the cache", done.stdout).group(1))


def children(pid):
    """Those of one that is gone: none."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
            return [int(child) for child in f.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def shared(folder, few):
    """Workers who share the cells: the same rows in the same order, those from the cache among them."""
    def rows(*arguments):
        # By whom it is decided, and so the counts, depend on how busy the machine is.
        return [{k: row.get(k) for k in ("backend", "scenario", "model", "parameters", "status", "found", "verdict",
                                         "reason", "cached")}
                for row in json.loads(matrix(*few, "--json", *arguments).stdout)]
    alone = rows("--no-cache")
    for jobs in ("2", "5"):
        look(rows("--no-cache", "--jobs", jobs) == alone, f"{jobs} workers come to other rows")
    half = folder + "/half.csv"
    matrix(*few, "--scenario", "two-kicks", "--cache", half)
    again = rows("--cache", half, "--jobs", "3")
    look([{**row, "cached": None} for row in again] == alone, "with some of them cached")
    look(sum(bool(row["cached"]) for row in again) == sum(bool(row["cached"]) for row in rows("--cache", half)) // 2 > 0,
         "what workers found is not cached, or what was cached is found again")
    # One that dies costs its own cell, a signal ends them all, and none outlives its parent.
    died(folder + "/died.csv")
    for how, code in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
        process = start("patched,mainline", "twice-two-kicks", "--no-cache")
        workers = until(process, lambda workers: [len(children(pid)) for pid in workers] == [1, 1])
        process.send_signal(how)
        process.communicate(timeout=60)
        look(process.returncode == code, f"{how.name}: exit code {process.returncode}")
        look(gone(workers), f"{how.name} leaves workers behind")


def start(backends, scenarios, *arguments):
    """Two workers; twice-two-kicks takes a minute and more under rc11, of which nobody waits for the end."""
    return subprocess.Popen(
        [KICKBENCH, "explore", "--matrix", "--json", "--jobs", "2", "--backend", backends, "--scenario", scenarios,
         "--model", "rc11", "--time", "600s", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def until(process, so):
    """The workers, once they are so."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        workers = children(process.pid)
        if so(workers):
            return workers
        time.sleep(0.01)
    look(False, "the workers do not come to what was waited for")
    process.kill()
    return []


def gone(pids):
    deadline = time.monotonic() + 60
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def died(cache):
    """A small cell is known, and the worker that is left is at a large one."""
    def so(workers):
        with open(cache, encoding="utf-8") as f:
            return len(workers) == 1 and len(children(workers[0])) == 1 and "/one-kick/" in f.read()
    open(cache, "w", encoding="utf-8").close()
    process = start("patched", "one-kick,twice-two-kicks", "--cache", cache)
    workers = until(process, so)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    output = process.communicate(timeout=60)[0].decode()
    look(process.returncode == 3, f"a worker died: exit code {process.returncode}")
    look([row["status"] for row in json.loads(output or "[]")] == ["exhaustive", "failed"] and
         "died of signal 9" in output, "it is not said, or not only of its cell: " + output)


def main():
    # The time is for a machine that is busy with other things: these cells take some milliseconds.
    few = ("--backend", "old,patched,noop", "--scenario", "one-kick,two-kicks", "--model", "sc,pso",
           "--time", "600s")
    with tempfile.TemporaryDirectory() as folder:
        cache = folder + "/sub/cache.csv"
        os.mkdir(folder + "/sub")
        first = matrix(*few, "--cache", cache)
        second = matrix(*few, "--cache", cache)
        models = len(re.search(r"\n +((?:sc|tso|pso|rc11| )+)\n", first.stdout).group(1).split())
        look(cached(first) == 0, "an empty cache knew something")
        look(cached(second) == 4 * models, f"from the cache: {cached(second)} of {4 * models}")
        cut = re.compile(r"\d+ from the cache")
        look(cut.sub("", first.stdout) == cut.sub("", second.stdout), "the cache changes the table")
        look("old                   LOST, POISONED" in first.stdout, "old does not lose: " + first.stdout)
        look("na: it is no protocol" in first.stdout, "noop is not na")

        # Parameters and form are part of the key, and so are the sources.
        look(cached(matrix(*few, "--cache", cache, "--form", "core")) == 0, "the form is no part of the key")
        with open(cache, encoding="utf-8") as f:
            text = f.read()
        with open(cache, "w", encoding="utf-8") as f:
            f.write(re.sub(r"^[0-9a-f]{16}/", "0123456789abcdef/", text, flags=re.M))
        look(cached(matrix(*few, "--cache", cache)) == 0, "the sources are no part of the key")

        # A limit that was not enough is not tried again; a longer one is.
        large = ("--backend", "patched", "--scenario", "twice-two-kicks", "--model", "sc", "--cache", cache)
        look("undecided" in matrix(*large, "--time", "1ms", code=5).stdout, "1 ms was enough")
        look(cached(matrix(*large, "--time", "1ms", code=5)) == 1, "the same limit is tried again")
        look(cached(matrix(*large, "--time", "2ms", code=5)) == 0, "a longer limit is not tried")

        rows = json.loads(matrix(*few, "--cache", cache, "--json").stdout)
        look(len(rows) == 6 * models and sum("cached" in r for r in rows) == 4 * models, "JSON lacks cells")

        own = folder + "/kickbench/explore.csv"
        matrix(*few, "--no-cache", XDG_CACHE_HOME=folder)
        look(not os.path.exists(own), "--no-cache writes one")
        matrix(*few, XDG_CACHE_HOME=folder)
        look(os.path.exists(own), "no cache under $XDG_CACHE_HOME")
        with open(own, "w", encoding="utf-8") as f:
            f.write("of,another,version\n1,2,3\n")
        look(cached(matrix(*few, XDG_CACHE_HOME=folder)) == 0, "another version's rows were taken")
        look(cached(matrix(*few, XDG_CACHE_HOME=folder)) == 4 * models, "it was not written anew")
        done = matrix(*few, XDG_CACHE_HOME="", HOME=folder + "/home")
        look("without a cache" in done.stderr and not os.path.exists(folder + "/home"), "a home was made")
        with open(folder + "/theirs", "w", encoding="utf-8") as f:
            f.write("somebody's file\n")
        look(matrix(*few, "--cache", folder + "/theirs", code=2).stderr.count("\n") == 1, "not one line")
        with open(folder + "/theirs", encoding="utf-8") as f:
            look(f.read() == "somebody's file\n", "somebody's file was written to")
        shared(folder, few)
    print("\n".join(complaints))
    print(f"{len(complaints)} complaints")
    return 1 if complaints else 0


sys.exit(main())
