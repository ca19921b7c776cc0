#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One short real run: every row adds up, says only what was measured, and agrees with every other
file of its folder.  Each check is shown to fail on a row that was tampered with."""
import collections
import json
import math
import unittest
import xml.etree.ElementTree

from bench_folder import MEASURED, Folder, kickbench, select

BACKENDS = ["noop", "old", "locked_fas"]
ARGS = ("bench", "--window", "1ms", "--backend", ",".join(BACKENDS), "--migrations-per-s", "0,100k")
COLUMNS = ("run_id backend scenario path line form put transport distance kicker_pu vcpu_pu kickers"
           " vcpus pcpus migrations_per_s widen loop repetition window_ns ops ns_per_op min_ns"
           " p50_ns p90_ns p99_ns p999_ns max_ns kicks ipis_sent ipis_useful ipis_stale"
           " ipis_misdirected ipis_spurious ipis_double ipis_dropped coalesced stints exits poisoned"
           " lost locked_rmws_per_kick fences_per_kick overlap fairness nivcsw verdict").split()
NO_CASE = ("run_id", "repetition", "process", "seed")
PERCENTILES = {"p50_ns": .5, "p90_ns": .9, "p99_ns": .99, "p999_ns": .999}
LIVE = ("roundtrip", "contend", "migrate")
FOLDER = None


def setUpModule():
    global FOLDER
    FOLDER = Folder(*ARGS)


def case(row):
    """What names a case: the columns that bench.csv and latency.csv have in common."""
    common = [name for name in FOLDER.latency[0] if name in FOLDER.rows[0]]
    return tuple(row[name] for name in common if name not in NO_CASE)


def key(row):
    return (*case(row), row.get("process"), row["repetition"])


def whole(row, name):
    return int(row[name])


def check_ipis(row):
    if not row["ipis_sent"]:
        assert row["scenario"] in ("floor", "entry") or row["verdict"] == "na", row
        return
    parts = ("useful", "stale", "spurious", "double", "dropped")
    assert whole(row, "ipis_sent") == sum(whole(row, "ipis_" + part) for part in parts), row
    # Stale, but for one whose vCPU arrives there between the last look and the doorbell.
    assert int(row["ipis_misdirected"] or 0) <= sum(
        whole(row, "ipis_" + part) for part in ("stale", "spurious", "double")), row
    if row["exits"]:
        assert whole(row, "ipis_useful") <= whole(row, "exits") <= whole(row, "stints"), row
    assert whole(row, "coalesced") <= whole(row, "kicks"), row


def check_verdict(row):
    assert row["verdict"] in ("ok", "inconclusive", "na"), row  # violated: not by these backends
    assert (row["verdict"] == "ok") == (row["reason"] == ""), row
    if row["verdict"] == "na":
        assert not any(row[name] for name in MEASURED), row
    else:
        assert row["placement"] in ("exclusive", "oversubscribed"), row
        assert row["verdict"] != "ok" or whole(row, "ops") > 0, row


def check_empty_cells(row):
    """A cell is empty exactly where nothing was measured."""
    if row["verdict"] != "ok":
        return
    live, timed = row["scenario"] in LIVE, row["scenario"] in LIVE or row["path"] in ("pingpong", "handover")
    there = {"p50_ns": timed, "max_ns": timed, "stints": live, "exits": live, "fairness": live,
             "migrations": live, "ns_per_op": True, "overlap": True, "nivcsw": True,
             "kicks": live or row["scenario"] == "fastpath",
             "poisoned": row["scenario"] == "migrate" and row["backend"] == "old",
             "lost": row["scenario"] in ("roundtrip", "migrate"),
             "locked_rmws_per_kick": row["scenario"] not in ("floor", "contend"),
             "arrivals_per_s": row["loop"] == "open", "distance": row["vcpu_pu"] != ""}
    for name, expected in there.items():
        if row["scenario"] == "contend" and name in ("p50_ns", "max_ns"):
            continue  # the probe's quarter of the window may have sent nothing
        assert (row[name] != "") == expected, (name, row)


def check_numbers(row):
    for name in MEASURED:
        if row[name] and name != "placement":
            value = float(row[name])
            assert math.isfinite(value) and value >= 0, (name, row)
    for name in ("overlap", "fairness"):
        assert not row[name] or float(row[name]) <= 1, row
    quantiles = [float(row[name]) for name in ("min_ns", *PERCENTILES, "max_ns") if row[name]]
    assert quantiles == sorted(quantiles) and len(quantiles) in (0, 6), row


def check_row(row):
    for check in (check_verdict, check_ipis, check_empty_cells, check_numbers):
        check(row)


def check_latency(row, buckets):
    """The buckets of one row: their percentiles are the row's, and every sample is there."""
    n = sum(int(bucket["count"]) for bucket in buckets)
    if row["scenario"] in ("roundtrip", "floor"):
        lost = int(row["preempted"]) if row["loop"] != "open" else 0
        assert n == whole(row, "ops") - lost, (n, row)
    buckets = sorted(buckets, key=lambda bucket: int(bucket["bucket_low_ns"]))
    assert int(buckets[0]["bucket_low_ns"]) <= float(row["min_ns"]), row
    assert int(buckets[-1]["bucket_high_ns"]) > float(row["max_ns"]), row
    for name, q in PERCENTILES.items():
        left = max(1, math.ceil(q * n))
        for bucket in buckets:
            left -= int(bucket["count"])
            if left <= 0:
                break
        low, high = int(bucket["bucket_low_ns"]), int(bucket["bucket_high_ns"])
        assert low <= float(row[name]) < high, (name, low, high, row)


class Rows(unittest.TestCase):
    def test_columns(self):
        self.assertEqual(list(FOLDER.rows[0])[:len(COLUMNS)], COLUMNS)

    def test_every_row(self):
        for row in FOLDER.rows:
            self.assertEqual(len(row), len(FOLDER.rows[0]))
            self.assertNotIn(None, row.values())
            check_row(row)

    def test_rows_are_the_plan(self):
        plan = json.loads(kickbench(*ARGS, "--plan", "--json").stdout)
        self.assertEqual(len(FOLDER.rows), plan["rows"])
        for name in ("backends", "scenarios", "cells", "rows", "repetitions", "window_ns"):
            self.assertEqual(FOLDER.run["plan"][name], plan[name])
        self.assertEqual(len(set(map(key, FOLDER.rows))), len(FOLDER.rows))
        repetitions = collections.Counter(map(case, FOLDER.rows))
        for row in FOLDER.rows:
            self.assertEqual(repetitions[case(row)], 1 if row["verdict"] == "na" else 9, row)

    def test_backends_take_turns(self):
        for repetition in range(4):
            rows = select(FOLDER.rows, scenario="entry", repetition=str(repetition))
            self.assertEqual([row["backend"] for row in rows],
                             BACKENDS[::-1] if repetition % 2 else BACKENDS)

    def test_the_library_has_the_same_figures(self):
        benchmarks = json.loads(FOLDER.files["gbench.json"])["benchmarks"]
        rows = [row for row in FOLDER.rows if row["ns_per_op"]]
        self.assertEqual(len(benchmarks), len(rows))
        for row, theirs in zip(rows, benchmarks):
            self.assertEqual((theirs["repetitions"], theirs["repetition_index"]), (9, int(row["repetition"])))
            self.assertTrue(theirs["name"].startswith(row["cell"] + "/" + row["backend"] + "/pu:"), theirs)
            self.assertEqual(theirs["name"], theirs["run_name"])
            self.assertNotIn("error_occurred", theirs)
            self.assertTrue(math.isclose(float(row["ns_per_op"]), theirs["real_time"], rel_tol=1e-9), (row, theirs))
            self.assertEqual(theirs["cpu_time"], theirs["real_time"])
            for theirs_name, ours in (("ops", "ops"), ("kicks", "kicks"), ("lost", "lost"), ("poisoned", "poisoned"),
                                      ("ipis_sent", "ipis_sent"), ("p50_ns", "p50_ns")):
                self.assertEqual(row[ours] != "", theirs_name in theirs, (theirs_name, row, theirs))
                if row[ours]:
                    self.assertAlmostEqual(float(row[ours]), theirs[theirs_name])
        self.assertGreater(len({theirs["name"] for theirs in benchmarks}), len(benchmarks) // 10)

    def test_latency_is_where_the_percentiles_come_from(self):
        buckets = {}
        for bucket in FOLDER.latency:
            kind = {"contend": "claim_to_send", "migrate": "request_served"}
            self.assertEqual(bucket["kind"], kind.get(bucket["scenario"], bucket["scenario"]))
            buckets.setdefault(key(bucket), []).append(bucket)
        with_percentiles = {key(row): row for row in FOLDER.rows if row["p50_ns"]}
        self.assertEqual(set(buckets), set(with_percentiles))
        self.assertGreater(len(buckets), 9)
        for name, row in with_percentiles.items():
            check_latency(row, buckets[name])

    def test_run_json(self):
        run = FOLDER.run
        self.assertEqual(run["state"], "complete")
        self.assertEqual({row["run_id"] for row in FOLDER.rows}, {run["run_id"]})
        self.assertEqual(run["command"][:len(ARGS)], list(ARGS))
        self.assertEqual(run["seed"], 1)
        self.assertGreaterEqual(run["finished"], run["started"])
        self.assertIn(run["clock"]["source"], ("tsc", "cntvct", "monotonic_raw"))
        self.assertGreater(run["clock"]["ns_per_tick"], 0)
        for name in ("version", "revision", "compiler", "flags", "type"):
            self.assertTrue(run["build"][name], name)
        for name in ("benchmark", "hwloc", "ck"):
            self.assertTrue(run["libraries"][name], name)
        for name in ("governor", "boost", "smt", "clock_source", "cgroup_cpuset", "topology_hash"):
            self.assertIn(name, run["machine"])
        for name in ("steal_ms", "involuntary_switches"):
            self.assertGreaterEqual(run["noise"][name], 0)
        xml.etree.ElementTree.fromstring(FOLDER.files["topology.xml"].encode())


class Tampering(unittest.TestCase):
    """The checks themselves: each of these lies must be noticed."""

    def assert_noticed(self, row, **lie):
        check_row(row)
        with self.assertRaises(AssertionError, msg=str(lie)):
            check_row({**row, **lie})

    def one(self, **want):
        rows = select(FOLDER.rows, verdict="ok", **want)
        self.assertTrue(select(FOLDER.rows, **want), want)
        if not rows:
            self.skipTest(f"the machine was too busy for a row of {want}")
        return rows[0]

    def test_rows(self):
        row = self.one(scenario="migrate", backend="old", widen="none")
        for name in ("sent", "useful", "stale", "spurious", "double", "dropped"):
            self.assert_noticed(row, **{"ipis_" + name: str(int(row["ipis_" + name]) + 1)})
        self.assert_noticed(row, ipis_misdirected=str(int(row["ipis_sent"]) + 1))
        self.assert_noticed(row, verdict="violated")
        self.assert_noticed(row, verdict="", reason="")
        self.assert_noticed(row, reason="none")
        self.assert_noticed(row, poisoned="")
        self.assert_noticed(row, p50_ns="")
        self.assert_noticed(row, max_ns="0")
        self.assert_noticed(row, overlap="1.01")
        self.assert_noticed(row, ns_per_op="nan")
        self.assert_noticed(self.one(scenario="entry", backend="noop"), p50_ns="0")
        self.assert_noticed(self.one(scenario="contend", backend="old", kickers="1"), lost="0")
        self.assert_noticed(self.one(scenario="migrate", backend="locked_fas"), poisoned="0")
        na = select(FOLDER.rows, verdict="na")[0]
        self.assert_noticed(na, reason="")
        self.assert_noticed(na, ns_per_op="0")

    def test_latency(self):
        row = self.one(scenario="roundtrip", loop="closed", backend="old")
        buckets = [bucket for bucket in FOLDER.latency if key(bucket) == key(row)]
        check_latency(row, buckets)
        fuller = [dict(bucket) for bucket in buckets]
        fuller[0]["count"] = str(int(fuller[0]["count"]) + 1)
        with self.assertRaises(AssertionError):
            check_latency(row, fuller)
        with self.assertRaises(AssertionError):
            check_latency({**row, "p50_ns": row["max_ns"]}, buckets)


if __name__ == "__main__":
    unittest.main()
