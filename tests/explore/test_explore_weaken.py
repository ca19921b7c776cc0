#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench explore --weaken: which barriers of patched carry weight, alone and in pairs, as rows that
replay; what is proven of the weakest set; and misuse."""
import csv
import glob
import json
import os
import subprocess
import tempfile

KICKBENCH = os.environ["KICKBENCH"]


def explore(*args):
    done = subprocess.run([KICKBENCH, "explore", *args], capture_output=True, text=True, check=False, timeout=1500)
    assert "Sanitizer" not in done.stderr, done.stderr
    return done


def check_misuse():
    for args, word in ((["--weaken=all"], "known: pairs"), (["--weaken", "--bound", "2"], "prove"),
                       (["--litmus", "nowhere/x"], "No such file"), (["--litmus", "x", "--json"], "own folder"),
                       (["--replay", "patched~kvm.h:97:smp_mb=maybe/one-kick/tso/full/1x1m0p2e1s/1/v1"], "ORDER")):
        done = explore(*args)
        assert done.returncode == (3 if "nowhere" in args[-1] else 2) and word in done.stderr and done.stderr.count("\n") == 1, (args, done)
    done = explore("--weaken", "--backend", "noop")
    assert done.returncode == 4 and "na: " in done.stdout, done


def rows_of(args, how="--weaken=pairs"):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "w")
        done = explore(how, "--out", out, *args)
        assert done.returncode == 0, done
        assert open(glob.glob(out + "/weaken-*.txt")[0]).read() == done.stdout
        return list(csv.DictReader(open(out + "/weaken.csv"))), done.stdout


def find(rows, **want):
    return [r for r in rows if all(r[k] == v for k, v in want.items())]


def check_replay(row):
    """The name of an example shows the same again; as written, the text does not go that way."""
    done = explore("--replay", row["example"])
    assert done.returncode == 1 and row["violation"].split(",")[0] in done.stdout, (row, done)
    assert 0 < int(row["example_steps"]) <= 40, row
    backend, rest = row["example"].split("/", 1)
    assert "~" in backend
    assert explore("--replay", backend.split("~")[0] + "/" + rest).returncode == 3, row
    wrong = backend.replace(".h:", ".h:9", 1)
    assert explore("--replay", wrong + "/" + rest).returncode in (2, 3), row


def check_table(rows, text):
    """Every weakening of the rows is in the table, once."""
    told, site = [], None
    for line in text.split("\nTogether")[0].split("\nPairs")[0].splitlines():
        if line.startswith("  kvm.h:") or line.startswith("  request.h:"):
            site = line.split()[0]
        elif line.startswith("    ") and " -> " in line:
            told += [(site, to) for to in line.split(" -> ")[1].split(":")[0].split()]
    assert sorted(told) == sorted({(r["site"], r["weakened_to"]) for r in rows if r["round"] == "single"}), told


def check_patched():
    rows, text = rows_of(["--scenario", "one-kick", "--model", "sc,tso,pso,rc11"])
    barrier = find(rows, round="single", function="kick_guest_enter", weakened_to="dropped")
    assert {r["model"]: r["violation"] for r in barrier if r["verdict"] == "violated"} == {
        "tso": "LOST", "pso": "LOST", "rc11": "LOST"}, barrier
    claim = find(rows, round="single", function="kvm_exiting_guest_mode", verdict="violated")
    assert {(r["weakened_to"], r["model"]) for r in claim} == {("release", "rc11"), ("relaxed", "rc11")}, claim
    check_replay(claim[0])
    assert all(r["verdict"] == "ok" and not r["executions"] for r in find(barrier, model="sc")), barrier
    check_table(rows, text)
    check_replay(find(barrier, model="tso")[0])
    # The order cpu -> mode: only if EXITING is not looked at again, or the claim is no fence.
    pair = [r for r in rows if r["round"] == "pair" and r["verdict"] == "violated"]
    assert [(r["model"], r["weakened_to"], r["violation"]) for r in pair] == [
        ("pso", "own+relaxed", "POISONED"), ("rc11", "own+relaxed", "POISONED"),
        ("rc11", "relaxed+seq_cst", "POISONED"),
        # Who wakes has a full barrier, who claims has one: either of them orders the request before the mode.
        ("rc11", "rmb+rmb", "LOST")], pair
    assert "READ_ONCE(vcpu->mode)+smp_store_release" in pair[0]["word"], pair
    check_replay(pair[0])
    last = find(rows, round="set")
    assert len(last) == 4 and all(r["verdict"] == "ok" and int(r["executions"]) for r in last), last
    assert barrier[0]["site"] not in last[0]["site"].split("+"), last
    assert "Carry weight:\n  kvm.h:" in text and "superfluous" in text, text


def check_unseen():
    """That the reads of a walk come before its end: sc, pso and rc11 cannot say whether it is needed, so none does."""
    walk = ("--scenario", "walker", "--vcpus", "1", "--model", "sc,pso,rc11")
    rows, text = rows_of(walk)
    end = find(rows, function="kick_walk_end")
    assert len(end) == 3 and {r["verdict"] for r in end} == {"inconclusive"}, end
    assert {r["visible"] for r in end} == {"no"} and "not visible" in end[0]["reason"], end
    assert not find(rows, verdict="inconclusive", visible="yes"), rows
    assert end[0]["site"] not in find(rows, round="set")[0]["site"].split("+"), rows
    assert end[0]["site"] in text.split("\nNot visible in these models")[1].split("\nPairs")[0], text
    holds = explore("--backend", "patched", *walk).stdout
    assert holds.count("HOLDS") == 3 and holds.count("not visible") == 3, holds


def check_ahead():
    """lkmm and armv8 can: with what its verdict as written rests on taken for granted. It is the kernel's words."""
    rows, text = rows_of(("--scenario", "one-walker", "--model", "rc11,lkmm"), "--weaken")
    end = find(rows, round="single", function="kick_walk_end")
    assert {(r["model"], r["verdict"], r["violation"]) for r in end} == {
        ("rc11", "inconclusive", ""), ("lkmm", "violated", "WAITED_TOO_SHORT")}, end
    found = find(end, model="lkmm")[0]
    assert "rests on a dependency: " in found["reason"] and found["example"], found
    assert "READ_ONCE(world.page) -> smp_store_release(" in found["reason"], found
    assert explore("--replay", found["example"]).returncode == 1, found
    assert "one-walker holds under lkmm only if, by a dependency,\n    cmpxchg(" in text and "Not visible" not in text, text
    assert "in " + "kick_walk_end" in text.split("\nCarry weight")[1].split("\nCould be")[0], text
    no_word = find(rows, model="lkmm", weakened_to="seq_cst")
    assert no_word and {r["verdict"] for r in no_word} == {"na"} and "no such order" in no_word[0]["reason"], no_word


def check_undecided():
    done = explore("--weaken", "--scenario", "twice-two-kicks", "--model", "tso", "--time", "0.05", "--json")
    assert done.returncode == 5, done
    assert json.loads(done.stdout) is not None
    # What ends early says so, and is nothing that has failed.
    line = explore("--weaken", "--scenario", "twice-two-kicks", "--model", "tso", "--time", "0.05").stdout.splitlines()[1]
    assert line == "  as written, twice-two-kicks under tso is undecided", line
    # Of thousands of executions the clock is looked at, limit or none.
    done = explore("--weaken", "--scenario", "two-kicks", "--model", "sc")
    assert done.returncode == 0 and "as written, 1 of 1 cells hold" in done.stdout, done


if __name__ == "__main__":
    check_misuse()
    check_patched()
    check_undecided()
    check_unseen()
    check_ahead()
