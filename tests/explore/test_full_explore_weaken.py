#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench explore --weaken=pairs of patched over the first quick presets, two of the others each day, and four
models: what is known of its barriers, each with an interleaving of at most 40 steps."""
import csv
import datetime
import os
import tempfile

from test_explore_weaken import explore, find


def where(rows):
    """What breaks: {(preset, model): violation}."""
    return {(r["preset"], r["model"]): r["violation"] for r in rows if r["verdict"] == "violated"}


def check(rows):
    weak = ("tso", "pso", "rc11")
    for r in rows:
        assert (r["verdict"] == "inconclusive") == (r["visible"] == "no"), r
        if r["verdict"] == "violated":
            assert r["example"] and int(r["example_steps"]) <= 40, r
    # E6, the full barrier of an entry.
    found = where(find(rows, round="single", function="kick_guest_enter", weakened_to="dropped"))
    assert {("one-kick", m) for m in weak} <= set(found) and found["one-kick", "rc11"] == "LOST", found
    assert not [p for p in found if p[1] == "sc"], found
    # The claim must acquire: the pCPU number is of this stint then.  More than that is only for pairs.
    claim = find(rows, round="single", function="kvm_exiting_guest_mode")
    for to in ("seq_cst", "acq_rel", "acquire"):
        assert not where(find(claim, weakened_to=to)), to
    for to in ("release", "relaxed"):
        found = where(find(claim, weakened_to=to))
        assert found["one-kick", "rc11"] == "POISONED" and {m for _, m in found} == {"rc11"}, found
    # The store of cpu before that of the mode: with EXITING not looked at again, or a claim that is no fence.
    assert not where(find(rows, round="single", function="kick_guest_enter", word="smp_store_release(&(vcpu)->mode, "
                          "IN_GUEST_MODE)"))
    pairs = [r for r in rows if r["round"] == "pair" and r["verdict"] == "violated"]
    assert {(r["function"], r["weakened_to"]) for r in pairs} == {
        ("kvm_exit_request+kick_guest_enter", "own+relaxed"),
        ("kick_guest_enter+kvm_exiting_guest_mode", "relaxed+seq_cst"),
        # Two barriers between the request and the look at the mode, one of which is enough.
        ("kvm_exiting_guest_mode+kick_wake", "rmb+rmb")}, pairs
    found = where(find(pairs, weakened_to="own+relaxed"))
    assert found["two-kicks", "pso"] == found["two-kicks", "rc11"] == "LOST, POISONED", found
    assert found["one-kick", "pso"] == "POISONED", found
    found = where(find(pairs, weakened_to="relaxed+seq_cst"))
    assert found["two-kicks", "rc11"] == "LOST, POISONED" and {m for _, m in found} == {"rc11"}, found
    # The weakest set keeps these.
    last = find(rows, round="set")
    assert last and not where(last)
    weakest = set(zip(last[0]["function"].split("+"), last[0]["weakened_to"].split("+")))
    assert not [w for w in weakest if w[0] == "kick_guest_enter"], weakest
    assert ("kvm_exiting_guest_mode", "acquire") in weakest, weakest


PRESETS = "one-kick,two-kicks,dirty-log,wake,put-clears"
OTHERS = ("self,wait", "no-wakeup,mask-gaps", "numbers,mask-no-memory", "two-vcpus,mask-put-clears", "high-cpu,mask-bare",
          "own-thread,mask-wake", "three-migrations,mask-no-wakeup", "sleeps-twice,one-walker", "three-pcpus,view",
          "no-wakeup-sleeper,claims", "mask-high-cpu,claims-mask")
today = OTHERS[datetime.date.today().toordinal() % len(OTHERS)]
with tempfile.TemporaryDirectory() as folder:
    done = explore("--weaken=pairs", "--scenario", f"{PRESETS},{today}", "--model", "sc,tso,pso,rc11", "--out", folder + "/w")
    assert done.returncode == 0, done
    check(list(csv.DictReader(open(os.path.join(folder, "w", "weaken.csv")))))
