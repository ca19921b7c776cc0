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


def workers_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return [int(child) for child in f.read().split()]


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
    # One that dies is an error, a signal ends them all, and none outlives its parent.
    for who, how, code in (("worker", signal.SIGKILL, 3), ("all", signal.SIGINT, 130), ("all", signal.SIGKILL, -9)):
        process = subprocess.Popen(
            [KICKBENCH, "explore", "--matrix", "--no-cache", "--json", "--jobs", "2", "--backend", "patched",
             "--scenario", "three-kickers,twice-two-kicks", "--model", "rc11", "--time", "3s"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        # Until each of them has a child, which explores its cell.
        while [len(workers_of(pid)) for pid in workers_of(process.pid)] != [1, 1] and time.monotonic() < deadline:
            time.sleep(0.01)
        workers = workers_of(process.pid)
        look(len(workers) == 2, f"{len(workers)} workers")
        os.kill(workers[0] if who == "worker" else process.pid, how)
        output = process.communicate(timeout=60)[0].decode()
        look(process.returncode == code, f"{how.name} to {who}: exit code {process.returncode}")
        look(who != "worker" or output.count('"failed"') == output.count("died of signal 9") / 2 == 1,
             "it is not said, or not only of its cell: " + output)
        while any(os.path.exists(f"/proc/{pid}") for pid in workers) and time.monotonic() < deadline:
            time.sleep(0.01)
        look(not any(os.path.exists(f"/proc/{pid}") for pid in workers), f"{how.name} to {who} leaves workers behind")


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
