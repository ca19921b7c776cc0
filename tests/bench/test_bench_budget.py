#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench --budget: the plan fits, keeps 9 repetitions, gives up windows first, and says what it left out."""
import json
import os
import re
import subprocess
import tempfile

KICKBENCH = os.environ["KICKBENCH"]
BIG = ["--synthetic", "package:2 l3:4 core:8 pu:2"]


def bench(*args):
    return subprocess.run([KICKBENCH, "bench", *args], capture_output=True, text=True, check=False)


def plan(*args):
    done = bench("--plan", "--json", *args)
    assert done.returncode == 0, (args, done)
    return json.loads(done.stdout)


def fits(seconds, *args):
    p = plan("--budget", "%dms" % (seconds * 1000), *args)
    assert p["estimated_s"] <= seconds, (seconds, p)
    assert p["repetitions"] >= 9, p
    return p


def check_order():
    """Windows first, then repetitions, pairs and rows."""
    options = [*BIG, "--backend", "old,patched", "--pairs", "16", "--reps", "12"]
    whole = plan(*options)
    assert whole["left_out"] == "" and whole["repetitions"] == 12, whole
    roomy = fits(whole["estimated_s"] * 2, *options)
    assert roomy["left_out"] == "" and roomy["window_ns"] == whole["window_ns"], roomy
    last, seen = whole["rows"], []
    for share in (2, 10, 30, 60, 100, 200, 400, 1000):
        seconds = whole["estimated_s"] / share
        p = fits(seconds, *options)
        said = p["left_out"]
        seen.append(said)
        assert "windows" in said, p
        assert p["rows"] <= last, (p, last)
        last = p["rows"]
        if p["rows"] == whole["rows"]:
            assert "repetitions" not in said and "pairs" not in said, p
        else:
            assert "3 of 12 repetitions" in said, p  # surplus ones go before anything else
            assert p["window_ns"] < whole["window_ns"], p
        if "rows of" in said or "migration rates" in said:
            assert "pairs" in said, p
    assert "rows of" in seen[-1] and seen[0].startswith("windows"), seen


def check_edges():
    for bad in ("0s", "0", "-1s", "x", "10h"):
        done = bench("--plan", "--budget", bad)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "--budget" in done.stderr, done
    done = bench("--plan", "--budget", "1ms")
    assert done.returncode == 2 and "too small: the least takes" in done.stderr, done
    # What was asked for alone is never left out.
    p = fits(2, "--scenario", "roundtrip", "--loop", "open", "--backend", "old")
    assert p["rows"] >= 9 and "open" not in p["left_out"], p
    once, thrice = fits(20, *BIG), fits(20, *BIG, "--respawn", "3")
    assert thrice["rows"] < once["rows"] or thrice["window_ns"] < once["window_ns"], (once, thrice)
    assert plan("--budget", "20s", *BIG) == plan("--budget", "20s", *BIG), "not reproducible"


def check_row_cost():
    """Dear rows leave less to the windows."""
    options = ["--budget", "20s", "--backend", "old,patched"]
    cheap, dear = plan(*options, "--row-cost", "100us"), plan(*options, "--row-cost", "2ms")
    assert dear["window_ns"] < cheap["window_ns"] and dear["estimated_s"] <= 20, (cheap, dear)
    for bad in ("0s", "x"):
        assert bench("--plan", "--row-cost", bad).returncode == 2


def check_large():
    fits(3600, "--synthetic", "package:8 l3:8 core:8 pu:2", "--pairs", "64")


def check_run():
    """The folder says what was left out, and the plan is the same another time."""
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "r")
        # Two cells of 1 s: windows shrink, and a row may cost 200 ms more, as it does on a busy machine.
        done = bench("--budget", "4s", "--window", "1s", "--backend", "old,patched", "--scenario", "fastpath",
                     "--path", "self", "--line", "hot", "--form", "kick", "--out", folder)
        assert done.returncode in (0, 5) and "left out: windows" in done.stderr, done
        with open(os.path.join(folder, "run.json")) as file:
            run = json.load(file)
        assert "windows" in run["plan"]["left_out"], run["plan"]
        assert run["command"].count("--row-cost") == 1, run["command"]  # as measured now
        with open(os.path.join(folder, "bench.csv")) as file:
            rows = file.read().count("\n") - 1
        late = re.search(r"left out: (\d+) of %d rows, since" % run["plan"]["rows"], done.stderr)  # busy, too
        assert rows + int(late[1] if late else 0) == run["plan"]["rows"], done
        # The same budget gives the same plan: it can be resumed.  What was late comes to its end now.
        again = bench("--resume", folder)
        assert again.returncode in (0, 5) and state(folder) == "complete", again


def check_end():
    """Where rows take longer than was thought the time's end is the end, in one process or in several."""
    for processes, budget in (("1", "450ms"), ("2", "900ms")):
        with tempfile.TemporaryDirectory() as place:
            folder = os.path.join(place, "r")
            # 1152 rows, of which each costs more than that anywhere.
            done = bench("--budget", budget, "--row-cost", "1ns", "--backend", "old,patched", "--scenario", "fastpath",
                         "--window", "100us", "--reps", "36", "--perf", "off", "--respawn", processes, "--out", folder)
            left = re.search(r"left out: (\d+) of (\d+) rows, since the time was over", done.stderr)
            assert done.returncode in (0, 5) and left, done
            assert state(folder) == "out of time" and "0" != left[1], done
            if processes == "1":
                assert bench("--resume", folder).returncode in (0, 5) and state(folder) == "complete"
                with open(os.path.join(folder, "bench.csv")) as file:
                    assert file.read().count("\n") == 1 + int(left[2])


def state(folder):
    with open(os.path.join(folder, "run.json")) as file:
        return json.load(file)["state"]


def study(*args):
    return subprocess.run([KICKBENCH, "run", "--plan", *args], capture_output=True, text=True, check=False)


def seconds_of(*args):
    """Of bench alone, and of all the judges."""
    done = study(*args)
    assert done.returncode == 0 and not done.stderr, done
    own, whole = re.search(r"rows, about (\d+) s\n", done.stdout), re.search(r", (\d+) s in all\n", done.stdout)
    assert own and whole, done
    return int(own.group(1)), int(whole.group(1))


def check_study():
    own, whole = seconds_of()
    quick, quick_whole = seconds_of("--quick")
    others = whole - own
    assert quick < own and others > 5 and abs(quick_whole - quick - others) <= 1, (own, whole, quick, quick_whole)
    # A budget is for the whole study; what is given up is bench's, and is told.
    own, whole = seconds_of("--budget", "%ds" % (others + 12))
    assert own <= 12 and whole <= others + 13, (own, whole)
    assert "For the budget: " in study("--budget", "%ds" % (others + 12)).stdout
    for small in ("1s", "%ds" % (others - 1)):
        done = study("--budget", small)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "budget" in done.stderr, done
    # With --json there is bench alone.
    done = study("--json", "--budget", "12s")
    assert done.returncode == 0 and json.loads(done.stdout)["estimated_s"] <= 12, done


check_order()
check_study()
check_edges()
check_row_cost()
check_large()
check_run()
check_end()
