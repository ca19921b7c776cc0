#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--ktap by the rules of the kernel's own parser (tools/testing/kunit/kunit_parser.py, Documentation/dev-tools/ktap.rst),
--junit by the schema that CI servers share, both against the verdicts of --json."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

KICKBENCH = os.environ["KICKBENCH"]
complaints = []
looked_at = 0


def look(fine, what):
    global looked_at
    looked_at += 1
    if not fine:
        complaints.append(what)


# As kunit_parser.py has them.
KTAP_START = re.compile(r"\s*KTAP version ([0-9]+)$")
TEST_PLAN = re.compile(r"^\s*1\.\.([0-9]+)")
TEST_RESULT = re.compile(r"^\s*(ok|not ok) ([0-9]+) ?(- )?([^#]*)( # .*)?$")
TEST_RESULT_SKIP = re.compile(r"^\s*(ok|not ok) ([0-9]+) ?(- )?(.*) # SKIP ?(.*)$")


def parse_ktap(text, where):
    """{name: passed, failed, skipped}; every line is one that the parser knows."""
    lines = text.split("\n")
    look(lines[-1] == "", f"{where}: the last line has no end")
    look(KTAP_START.match(lines[0]) and lines[0].endswith(" 1"), f"{where}: begins with {lines[0]!r}")
    plan = TEST_PLAN.match(lines[1])
    look(plan, f"{where}: no plan: {lines[1]!r}")
    tests = {}
    for line in lines[2:-1]:
        if line.startswith("#"):
            continue
        result, skip = TEST_RESULT.match(line), TEST_RESULT_SKIP.match(line)
        look(result, f"{where}: no result line: {line!r}")
        if not result:
            continue
        look(int(result.group(2)) == len(tests) + 1, f"{where}: out of order: {line!r}")
        name = (skip or result).group(4).strip()
        look(name and name not in tests, f"{where}: a name twice, or none: {line!r}")
        tests[name] = "skipped" if skip else "passed" if result.group(1) == "ok" else "failed"
    look(plan and int(plan.group(1)) == len(tests), f"{where}: the plan is not what came")
    return tests


def number(element, name, where):
    look(re.fullmatch(r"[0-9]+", element.get(name, "")), f"{where}: {name}={element.get(name)!r}")
    return int(element.get(name, "-1"))


def parse_junit(path, where):
    """The same of JUnit's XML: elements, their order and their attributes as the schema allows them."""
    root = ET.parse(path).getroot()
    tests = {}
    look(root.tag == "testsuites" and not root.text.strip(), f"{where}: root {root.tag}")
    for suite in root:
        look(suite.tag == "testsuite", f"{where}: {suite.tag} in testsuites")
        for name in ("name", "hostname", "package", "id"):
            look(suite.get(name), f"{where}: testsuite without {name}")
        look(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", "")), f"{where}: timestamp")
        look(re.fullmatch(r"\d+\.\d+", suite.get("time", "")), f"{where}: time")
        tags = [child.tag for child in suite]
        look(tags == ["properties"] + ["testcase"] * (len(tags) - 3) + ["system-out", "system-err"],
             f"{where}: order of elements")
        count = {"failure": 0, "error": 0, "skipped": 0}
        for case in suite.findall("testcase"):
            look(case.get("classname") and case.get("name") and case.get("time"), f"{where}: {case.attrib}")
            look(len(case) <= 1 and all(child.tag in count for child in case), f"{where}: {case.get('name')}")
            for child in case:
                count[child.tag] += 1
                look(child.get("message") is not None, f"{where}: {case.get('name')}: no message")
                look(child.tag == "skipped" or child.get("type"), f"{where}: {case.get('name')}: no type")
            tag = case[0].tag if len(case) else "passed"
            # In KTAP a # begins what is no name.
            name = (case.get("classname").replace("kickbench.", "", 1) + "/" + case.get("name")).replace("#", "_")
            tests[name] = {"failure": "failed", "error": "failed"}.get(tag, tag)
        look(number(suite, "tests", where) == len(tags) - 3, f"{where}: tests")
        look(number(suite, "failures", where) == count["failure"], f"{where}: failures")
        look(number(suite, "errors", where) == count["error"], f"{where}: errors")
        look(number(suite, "skipped", where) == count["skipped"], f"{where}: skipped")
    return tests


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
    tests = both(work, 0, "stress", "--backend", "noop", "--seconds", "1ms", "--out", work + "/stressed")
    look(tests == {"stress/noop": "skipped"}, f"what has no protocol: {tests}")
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
        f.write("old")
    for args, code in ((("compare", work + "/one", work + "/two"), 3), (("compare", work + "/one", work), 2)):
        done = subprocess.run([os.environ["KICKBENCH"], *args, "--junit", kept], capture_output=True, text=True,
                              preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                                  resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))), check=False)
        with open(kept, encoding="utf-8") as f:
            look(done.returncode == code and f.read() == "old", f"{args}, disk full: {done}")
    done = run("compare", work + "/one", work + "/two", "--junit", "/dev/full")
    look(done.returncode == 3 and "/dev/full: No space left" in done.stderr, f"--junit /dev/full: {done}")

for complaint in complaints:
    print(complaint)
print(f"{looked_at} checks, {len(complaints)} complaints")
sys.exit(bool(complaints))
