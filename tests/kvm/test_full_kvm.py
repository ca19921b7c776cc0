#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench kvm on this machine's /dev/kvm: real guests, every kick in the table, nothing lost, and clean
ends.  Skipped where there is no KVM to ask."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

KICKBENCH = os.environ.get("KICKBENCH", "build/release/kickbench")
KICKS = "msi irqfd clock irqchip msr_filter pmu_filter dirty_log signal".split()
FORMS = {"mask", "mask_wait", "kick", "signal", "floor"}
complaints = 0


def look(fine, what):
    global complaints
    if not fine:
        complaints += 1
        print(what)


def run(*arguments, prefix=()):
    return subprocess.run(
        [*prefix, KICKBENCH, "kvm", *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def rows_of(folder):
    with open(folder + "/kvm.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def number(row, column):
    return float(row[column]) if row[column] else None


def check_still(row, floor):
    name = row["kick"]
    look(number(row, "call_p50_ns") > floor, f"{name}: a call cheaper than the floor")
    if row["form"] in ("kick", "signal"):
        look(number(row, "handler_p50_ns") >= number(row, "exit_p50_ns") > 0, f"{name}: handler before exit")
        look(number(row, "exits_per_kick") >= 0.9, f"{name}: {row['exits_per_kick']} exits per kick")
    else:
        look(row["handler_p50_ns"] == "", f"{name}: a mask has no handler")


def measure(folder):
    done = run("--seconds", "6", "--json", "--out", folder)
    if done.returncode == 4:
        print("skipped: " + done.stderr.strip())
        sys.exit(4)
    verdict = json.loads(done.stdout)
    print({k: v for k, v in verdict.items() if k != "rows"})
    rows = rows_of(folder)
    look(verdict["lost"] == 0 and verdict["verdict"] != "violated", f"exit {done.returncode}: {verdict['reason']}")
    moving = len(os.sched_getaffinity(0)) > 1
    look(done.returncode == (0 if moving and not verdict["reason"] else 5), f"exit {done.returncode}")
    look(not moving or verdict["kicks"] >= 200, "too few kicks")
    look({r["kick"] for r in rows} == {*KICKS, "floor"}, "a kick has no row")
    look({r["form"] for r in rows} == FORMS, "a form has no row")
    look(len(rows) == len(verdict["rows"]), "JSON and CSV have different rows")
    floor = number(rows[0], "call_p50_ns")
    for row in rows:
        look(bool(row["reason"]) == (row["verdict"] != "ok"), f"{row['kick']}: verdict without a reason")
        look(row["verdict"] in ("ok", "na", "inconclusive"), f"{row['kick']}: {row['verdict']}")
        if row["verdict"] == "ok" and row["migrate"] == "0" and row["kick"] != "floor":
            check_still(row, floor)
        if row["migrate"] == "1" and row["verdict"] == "ok":
            look(row["lost"] == "0" and int(row["judged"]) > 0, f"{row['kick']}: lost {row['lost']}")
            look(row["exits_per_kick"] == "", f"{row['kick']}: counts of a moving vCPU")
    with open(folder + "/run.json", encoding="utf-8") as f:
        look(json.load(f)["kvm"]["lost"] == 0, "run.json does not say what was found")


def one_pu(folder):
    cpu = str(min(os.sched_getaffinity(0)))
    done = run("--seconds", "1", "--kick", "msi", "--out", folder, prefix=("taskset", "-c", cpu))
    look(done.returncode == 5 and "one PU" in done.stdout, f"one PU: exit {done.returncode}, {done.stdout[-200:]}")


def interrupted(folder):
    with subprocess.Popen([KICKBENCH, "kvm", "--seconds", "60", "--out", folder], stdout=subprocess.PIPE) as p:
        time.sleep(4)
        began = time.monotonic()
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=30)
        look(p.returncode == 130, f"SIGINT: exit {p.returncode}")
        look(time.monotonic() - began < 10, "SIGINT: a slow end")
    look(rows_of(folder)[0]["kick"] == "floor", "SIGINT: the rows are gone")
    with open(folder + "/run.json", encoding="utf-8") as f:
        look(json.load(f)["state"] == "interrupted", "SIGINT: run.json does not say so")


def main():
    top = tempfile.mkdtemp(prefix="kickbench-kvm-")
    try:
        measure(top + "/all")
        one_pu(top + "/one")
        interrupted(top + "/int")
    finally:
        shutil.rmtree(top)
    print(f"{complaints} complaints")
    return 1 if complaints else 0


sys.exit(main())
