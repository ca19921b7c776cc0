#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--ktap and --junit of explore, stress and compare (tests/results/ci_formats.py), against the verdicts of --json."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile

from ci_formats import look, parse_junit, parse_ktap, said

KICKBENCH = os.environ["KICKBENCH"]


def run(*arguments):
    return subprocess.run([KICKBENCH, *arguments], capture_output=True, text=True, check=False, timeout=300,
                          stdin=subprocess.DEVNULL)


def both(work, code, *arguments):
    """KTAP and XML of one call say the same, and its exit code is what it is without them."""
    where = " ".join(arguments[:6])
    done = run(*arguments, "--ktap", "--junit", work + "/tests.xml")
    look(done.returncode == code, f"{where}: exit {done.returncode}, not {code}: {done.stderr[-300:]}")
    ktap = parse_ktap(done.stdout, where)
    look(ktap == parse_junit(work + "/tests.xml", where), f"{where}: KTAP and XML differ")
    look(done.stderr, f"{where}: the text went nowhere")
    return ktap


WORDS = {"ok": "passed", "violated": "failed", "na": "skipped", "inconclusive": "skipped"}
with tempfile.TemporaryDirectory() as work:
    cells = ["explore", "--backend", "old,patched", "--scenario", "one-kick,two-kicks,dirty-log", "--model", "sc,tso"]
    tests = both(work, 1, *cells)
    rows = json.loads(run(*cells, "--json").stdout)
    look(tests == {f"explore/{r['backend']}/{r['scenario']}/{r['model']}": WORDS[r["verdict"]] for r in rows},
         f"explore: other verdicts than --json has: {tests}")
    # A bound proves nothing: no pass.
    tests = both(work, 5, "explore", "--backend", "patched", "--scenario", "two-kicks", "--model", "tso", "--bound", "1")
    look(set(tests.values()) == {"skipped"}, f"undecided cells: {tests}")
    # What cannot be stressed is a test that was skipped, and no empty list.
    tests = both(work, 4, "stress", "--backend", "noop", "--seconds", "1ms", "--out", work + "/stressed")
    look(tests == {"stress/noop": "skipped"}, f"what has no protocol: {tests}")
    # What is declared to be caught is no failed test when it is, nor while it is not yet.
    done = run("stress", "--backend", "old", "--seconds", "0.3", "--expect", "--ktap", "--out", work + "/declared")
    look(done.returncode in (0, 5) and "ok 1 stress/old/" in done.stdout and "not ok" not in done.stdout,
         f"stress --expect: exit {done.returncode} with {done.stdout}")
    # Names that an XML file and KTAP must not take for their own.
    rows = ["backend,scenario,path,line,form,cell,kickers,ns_per_op,verdict,repetition"]
    for rep in range(9):
        rows += [f"a,fastpath,self,hot,kick,x,1,{10 + rep % 3 / 100},ok,{rep}", f"a,fastpath,<&#>,hot,kick,y,1,20,ok,{rep}"]
    for side, factor in (("one", 1), ("two", 2)):
        os.mkdir(f"{work}/{side}")
        with open(f"{work}/{side}/bench.csv", "w", encoding="utf-8") as f:
            f.write("\n".join(row if factor == 1 else row.replace(",1,10", ",1,20") for row in rows) + "\n")
    tests = both(work, 1, "compare", work + "/one", work + "/two")
    look(sorted(tests.values()) == ["failed", "passed"], f"compare: {tests}")
    done = run("explore", "--ktap", "--json", "--scenario", "one-kick")
    look(done.returncode == 2, "--ktap and --json together")
    done = run("explore", "--scenario", "one-kick", "--model", "sc", "--junit", work + "/no/such.xml")
    look(done.returncode == 3 and "No such file" in done.stderr, "an XML file that cannot be")
    # A full disk leaves the old file, and so does a run that is ended before it has a verdict.
    kept = work + "/kept.xml"
    with open(kept, "w", encoding="utf-8") as f:
        f.write("<?xml what was there")
    for args, code in ((("compare", work + "/one", work + "/two"), 3), (("compare", work + "/one", work), 2)):
        done = subprocess.run([os.environ["KICKBENCH"], *args, "--junit", kept], capture_output=True, text=True,
                              preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                                  resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))), check=False)
        with open(kept, encoding="utf-8") as f:
            look(done.returncode == code and f.read() == "<?xml what was there", f"{args}, disk full: {done}")
    done = run("compare", work + "/one", work + "/two", "--junit", "/dev/full")
    look(done.returncode == 3 and "/dev/full: No space left" in done.stderr, f"--junit /dev/full: {done}")

sys.exit(said())
