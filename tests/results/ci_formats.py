# SPDX-License-Identifier: GPL-2.0-or-later
"""--ktap by the rules of the kernel's own parser (tools/testing/kunit/kunit_parser.py, Documentation/dev-tools/ktap.rst),
--junit by the schema that CI servers share."""

import re
import xml.etree.ElementTree as ET

complaints = []
looked_at = 0


def look(fine, what):
    global looked_at
    looked_at += 1
    if not fine:
        complaints.append(what)


def said():
    """What came of all looks: an exit code."""
    for complaint in complaints:
        print(complaint)
    print(f"{looked_at} checks, {len(complaints)} complaints")
    return bool(complaints)


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
