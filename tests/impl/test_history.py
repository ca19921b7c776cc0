#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`list --history` has every backend that declares a release, sorted, and docs/history.md's table has the
same rows; what it says to be found stands in the declarations."""

import json
import os
import re
import subprocess
import sys

SRC = os.path.abspath(os.environ.get("SRC", os.path.join(os.path.dirname(__file__), "..", "..")))
KICKBENCH = os.environ.get("KICKBENCH", SRC + "/build/release/kickbench")
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(what)


def output(*arguments):
    return subprocess.run([KICKBENCH, *arguments], capture_output=True, text=True, check=True).stdout


def main():
    printed = re.findall(r"^(\d{4}-\d\d) +(\S+) +(\w+) +(\w+) +(\w+) +(\w+) +\S", output("list", "--history"), re.M)
    with open(SRC + "/docs/history.md", encoding="utf-8") as f:
        table = re.findall(r"^\| (\d{4}-\d\d) \| (\S+) \| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \|", f.read(), re.M)
    backends = json.loads(output("list", "--json"))["backends"]
    dated = {b["name"]: b for b in backends if "released" in b}
    look(printed == sorted(printed, key=lambda row: (row[0], row[2])), "not sorted by release and name")
    look([row[2] for row in printed] == [row[2] for row in table], "docs/history.md has other rows")
    for row, documented in zip(printed, table):
        look(row == documented, f"printed {row}, documented {documented}")
    look({row[2] for row in printed} == set(dated), f"declared {sorted(dated)}")
    for name, b in dated.items():
        look(b["kernel"] and b["changed"], f"{name}: no kernel or no change")
        text = open(f"{SRC}/impl/{name}.h", encoding="utf-8").read()
        for row in printed:
            if row[2] == name:
                for column, word in ((3, "KICK_V_(LOST|WAKE)"), (4, "KICK_V_POISONED"), (5, "KICK_V_WAIT")):
                    found = re.search(r"\.explore = \{.*" + word, text, re.S)
                    look((row[column] != "no") == bool(found), f"{name}: {word} is printed as {row[column]}")
    print("\n".join(complaints))
    print(f"{len(printed)} generations, {len(complaints)} complaints")
    return 1 if complaints or len(printed) < 9 else 0


sys.exit(main())
