#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench --resume, --respawn, --replay: kills at random moments, and no row is lost, doubled or torn."""
import collections
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

KICKBENCH = os.environ["KICKBENCH"]
PLAN = ["--backend", "old,patched", "--scenario", "fastpath,roundtrip", "--form", "kick", "--window", "2ms"]
NAMES = ("backend", "scenario", "path", "line", "form", "put", "transport", "kicker_pu", "vcpu_pu",
         "loop", "repetition", "process")
CELL = ("backend", "scenario", "path", "line", "form", "put", "transport", "kickers", "vcpus", "pcpus", "widen",
        "migrations_per_s", "loop", "pcpus_per_carrier", "natural_exits_per_s", "arrivals_per_s", "arrivals",
        "in_guest_pct", "wakeup", "mask_width", "seed", "repetition")  # but for where it is measured
KILLS = 6


def bench(*args):
    return subprocess.run([KICKBENCH, "bench", *args], capture_output=True, text=True, check=False)


def read(path):
    with open(path, newline="") as file:
        text = file.read()
    assert text.endswith("\n"), path + " ends in a torn line"
    rows = list(csv.reader(text.splitlines(True)))
    assert all(len(row) == len(rows[0]) for row in rows), path + " has a torn row"
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def key(row):
    return tuple(row[name] for name in NAMES)


def check_folder(folder, n_rows):
    rows = read(os.path.join(folder, "bench.csv"))
    times = collections.Counter(map(key, rows))
    assert max(times.values()) == 1, "twice: %s" % [k for k, n in times.items() if n > 1]
    assert len(rows) == n_rows, "%d rows of %d" % (len(rows), n_rows)
    latency = read(os.path.join(folder, "latency.csv"))
    buckets = collections.Counter(key(row) + (row["kind"], row["bucket_low_ns"]) for row in latency)
    assert max(buckets.values()) == 1, "a bucket twice"
    with_latency = {key(row) for row in rows if row["p50_ns"]}
    assert {key(row) for row in latency} == with_latency, "histograms and rows differ"
    with open(os.path.join(folder, "run.json")) as file:
        return json.load(file)


def planned(*args):
    plan = json.loads(bench(*PLAN, *args, "--plan", "--json").stdout)
    return plan["rows"] * plan["processes"]


def children(pid):
    return subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()


def is_gone(pid):
    """Or a zombie, where nobody collects orphans."""
    try:
        with open("/proc/%s/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def kill_after(delay, *args, first=None):
    """`delay` seconds after it began, or after it has made the file `first`."""
    with subprocess.Popen([KICKBENCH, "bench", *args], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as run:
        while first and not os.path.exists(first) and run.poll() is None:
            time.sleep(0.01)
        time.sleep(delay)
        kids = children(run.pid)
        ended = run.poll() is not None
        run.kill()
    for kid in kids:  # they go with their parent
        for _ in range(6000):
            if is_gone(kid):
                break
            time.sleep(0.01)
        else:
            raise AssertionError("process %s was left behind" % kid)
    return not ended


def check_kills(folder, processes):
    """One run, killed over and over, and finished."""
    rng = random.Random(processes)
    n_rows = planned("--respawn", str(processes))
    run_json = os.path.join(folder, "run.json")
    kill_after(rng.uniform(0.2, 0.4), *PLAN, "--respawn", str(processes), "--out", folder, first=run_json)
    assert os.path.exists(run_json), "nothing to resume"
    kills, seen = 1, 0
    while kills < KILLS // 2:
        if not kill_after(rng.uniform(0.05, 0.6 if processes > 1 else 0.45), "--resume", folder):
            break
        kills += 1
    with open(os.path.join(folder, "bench.csv"), "rb") as file:
        seen = file.read().count(b"\n") - 1
    last = bench("--resume", folder)
    assert last.returncode in (0, 5), last
    run = check_folder(folder, n_rows)
    assert run["state"] == "complete" and run["resumed"], run
    print("%d processes: %d kills, %d of %d rows were there before the end" % (processes, kills, seen, n_rows))
    again = bench("--resume", folder)
    assert again.returncode == last.returncode, again
    check_folder(folder, n_rows)
    return kills


def refused(folder, word, *args):
    done = bench("--resume", folder, *args)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and word in done.stderr, (word, done)


def change(folder, section, member, value):
    path = os.path.join(folder, "run.json")
    with open(path) as file:
        run = json.load(file)
    old, run[section][member] = run[section][member], value
    with open(path, "w") as file:
        json.dump(run, file)
    return old


def check_refusals(folder):
    refused("nowhere", "nowhere/run.json")
    refused(folder, "plan.hash", "--window", "3ms")
    refused(folder, "plan.hash", "--backend", "old")
    refused(folder, "--backend", "--backend")
    for section, member in (("build", "binary"), ("machine", "topology_hash"), ("machine", "cpu_model"),
                            ("build", "flags"), ("libraries", "hwloc"), ("plan", "hash")):
        old = change(folder, section, member, "another")
        refused(folder, section + "." + member)
        change(folder, section, member, old)
    assert bench("--process", "1").returncode == 2
    assert bench("--resume", folder, "--replay", folder + ":1").returncode == 2
    for bad in ("0", "-1", "x", "99999999999"):
        assert bench("--respawn", bad).returncode == 2, bad


def processes_in(folder):
    """Whose the rows are that bench.csv has now."""
    with open(os.path.join(folder, "bench.csv"), newline="") as file:
        lines = file.read().split("\n")[:-1]
    return [row["process"] for row in csv.DictReader(lines)]


def check_growth(folder):
    """Another process more, in the same folder; and a signal in the middle of one."""
    with subprocess.Popen([KICKBENCH, "bench", "--resume", folder, "--respawn", "4"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        # It has the folder, and hears signals, once the process that is new has a row.
        while run.poll() is None and "3" not in processes_in(folder):
            time.sleep(0.01)
        busy = bench("--resume", folder)
        run.send_signal(signal.SIGTERM)
        code = run.wait()
    if code != 0:  # else it had ended before the signal
        assert code == 128 + signal.SIGTERM, code
        assert busy.returncode == 2 and "another run" in busy.stderr, busy
    done = bench("--resume", folder, "--respawn", "4")
    assert done.returncode in (0, 5), done
    run = check_folder(folder, planned("--respawn", "4"))
    assert run["plan"]["processes"] == 4, run
    rows = read(os.path.join(folder, "bench.csv"))
    assert {row["process"] for row in rows} == set("0123")
    shown = subprocess.run([KICKBENCH, "compare", "--aa", folder, folder], capture_output=True, text=True, check=False)
    assert "median of a process: 4 in A, 4 in B" in shown.stdout, shown


def check_replay(folder):
    rows = read(os.path.join(folder, "bench.csv"))
    for number in (1, len(rows) // 2, len(rows)):
        row = rows[number - 1]
        done = bench("--replay", "%s:%d" % (folder, number), "--out", "replay%d" % number)
        assert done.returncode in (0, 5), done
        command = done.stdout.splitlines()[0]
        assert command.startswith("kickbench bench --backend old,patched") and "--only" in command, command
        again = read("replay%d/bench.csv" % number)
        assert len(again) == 1 and key(again[0])[:-1] == key(row)[:-1], (row, again)
        assert again[0]["window_ns"] == row["window_ns"] and again[0]["seed"] == row["seed"]
        name = command.split("--only ")[1].strip("'")
        by_name = bench("--replay", folder + ":" + name, "--plan")
        assert by_name.returncode == 0 and by_name.stdout.splitlines()[0] == command, by_name
        # The printed command is the whole truth.
        printed = subprocess.run(command.replace("kickbench", KICKBENCH, 1) + " --plan --json", shell=True,
                                 capture_output=True, text=True, check=True)
        assert json.loads(printed.stdout)["rows"] == 1
    for bad in ("0", str(len(rows) + 1), "nosuch", ""):
        done = bench("--replay", folder + ":" + bad)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done
    assert bench("--only", "nosuch").returncode == 2


def check_study():
    """Rows of `kickbench run`: bench has other defaults, so the command says all of the cell."""
    reference = os.path.join(os.environ["SRC"], "results", "reference")
    seen = set()
    for number, row in enumerate(read(os.path.join(reference, "bench.csv")), 1):
        kind = row["scenario"], row["line"], row["widen"]
        if row["backend"] not in ("floor", "old", "patched") or kind in seen:
            continue
        seen.add(kind)
        done = bench("--replay", "%s:%d" % (reference, number), "--out", "study%d" % number)
        if done.returncode == 2 and "not of the plan" in done.stderr:
            continue  # it takes two PUs
        assert done.returncode in (0, 1, 5), done
        again = read("study%d/bench.csv" % number)
        assert len(again) == 1, again
        for column in CELL:
            assert again[0][column] == row[column], (column, row, again[0])
        # A folder that is a replay itself.
        assert bench("--replay", "study%d:1" % number, "--plan").returncode == 0
    assert len(seen) >= 6, seen
    # What a budget left of the windows is what its rows had.
    shutil.copytree(reference, "budget")
    change("budget", "plan", "window_ns", 2000000)
    row = next(n for n, r in enumerate(read("budget/bench.csv"), 1) if r["scenario"] == "fastpath")
    done = bench("--replay", "budget:%d" % row, "--plan")
    assert "--window 2000000ns" in done.stdout, done
    done = bench("--resume", reference)
    assert done.returncode == 2 and "no command line of bench" in done.stderr, done


def main():
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        kills = check_kills("one", 1) + check_kills("many", 3)
        while kills < KILLS:
            kills += check_kills("more%d" % kills, 3)
        check_refusals("many")
        check_growth("many")
        check_replay("many")
        check_study()
        os.chdir("/")


main()
