#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenario matrix and open loops: every pair is in matrix.csv with its place; arrivals are their own rows."""
import csv
import json
import os
import statistics
import subprocess
import tempfile

KICKBENCH = os.environ["KICKBENCH"]


def bench(*args):
    return subprocess.run([KICKBENCH, "bench", *args], capture_output=True, text=True, check=False)


def read(*path):
    with open(os.path.join(*path), newline="") as file:
        return list(csv.DictReader(file))


def plan(*args):
    done = bench("--plan", "--json", *args)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def topology():
    done = subprocess.run([KICKBENCH, "topo", "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def near(got, expected):
    return abs(float(got) - expected) <= 1e-9 * expected


def check_matrix():
    n_pus = len(topology()["pus"])
    done = bench("--scenario", "matrix", "--backend", "old,patched", "--window", "2ms", "--respawn", "2", "--out", "m")
    assert done.returncode in (0, 5), done
    rows, bench_rows = read("m", "matrix.csv"), read("m", "bench.csv")
    assert len({(r["backend"], r["kicker_pu"], r["vcpu_pu"]) for r in rows}) == 2 * (n_pus * (n_pus - 1) or 1), rows
    pairs = {(r["backend"], r["kicker_pu"], r["vcpu_pu"], r["home"]) for r in rows}
    assert len(pairs) == len(rows), "a pair twice"
    for r in rows:
        for side in ("kicker", "vcpu"):
            assert r[side + "_pu"] != "" and r[side + "_cpu"] != "" and r[side + "_smt"] != "", r
        mine = [b for b in bench_rows if b["verdict"] == "ok" and b["backend"] == r["backend"] and
                all(b[c] == r[c] for c in ("kicker_pu", "vcpu_pu", "home"))]
        assert int(r["repetitions"]) == len(mine), r
        assert {b["home"] for b in mine} <= {r["home"]}, r
        if mine:
            for column in ("p50_ns", "p90_ns", "p99_ns"):
                assert near(r[column], statistics.median(float(b[column]) for b in mine)), (column, r)
            assert near(r["min_ns"], min(float(b["min_ns"]) for b in mine)), r
    before = sorted(map(str, rows))
    assert bench("--resume", "m").returncode == done.returncode
    assert sorted(map(str, read("m", "matrix.csv"))) == before, "a resumed run changed the matrix"


def check_sampling():
    machine = ["--scenario", "matrix", "--backend", "old", "--synthetic", "package:2 l3:2 core:4 pu:2"]
    assert plan(*machine)["cells"] == 32 * 31
    sampled = plan(*machine, "--pairs", "3")  # of the distances smt, l3, package, remote
    assert sampled["cells"] == 4 * 3, sampled
    assert plan(*machine, "--distance", "smt")["cells"] == 32
    homes = ["--scenario", "matrix", "--backend", "old", "--synthetic", "package:2 [numa] core:2 pu:1"]
    assert plan(*homes)["cells"] == 4 + 8 * 2  # across NUMA nodes: the memory on either side
    fit = plan(*machine, "--budget", "2s")
    assert 4 <= fit["cells"] < 32 * 31 and "pairs of PUs" in fit["left_out"] and fit["repetitions"] == 9, fit


def check_arrivals():
    done = bench("--scenario", "roundtrip", "--loop", "open", "--arrivals", "fixed,poisson", "--backend", "old",
                 "--window", "20ms", "--rate", "2k", "--out", "o")
    assert done.returncode in (0, 5), done
    rows = read("o", "bench.csv")
    assert sorted({r["arrivals"] for r in rows}) == ["fixed", "poisson"] and len(rows) == 18, rows
    assert {r["arrivals_per_s"] for r in rows} == {"2000"}
    assert {r["arrivals"] for r in read("o", "latency.csv")} <= {"fixed", "poisson"}
    compared = subprocess.run([KICKBENCH, "compare", "--aa", "o", "--json"], capture_output=True, text=True, check=False)
    assert json.loads(compared.stdout)["summary"]["matched"] <= 2, compared
    for bad in (["--arrivals", "x"], ["--rate", "0"], ["--rate", "-1"]):
        refused = bench(*bad)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1 and refused.stdout == "", refused


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    check_matrix()
    check_sampling()
    check_arrivals()
    os.chdir("/")
print("ok")
