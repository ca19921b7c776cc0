#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""After head comment and declaration, old.h and patched.h differ in the patch's two hunks only:
inside kick_send() and inside kick_mask()."""

import difflib
import os
import re
import sys

SRC = os.environ.get("SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
HUNKS = {"kick_send", "kick_mask"}


def code(name):
    """[(function or None, line)] of everything after the declaration."""
    with open(os.path.join(SRC, "impl", name + ".h"), encoding="utf-8") as f:
        text = f.read()
    declaration = re.search(r"^KICK_DECLARE\(.*?\);\n", text, re.S | re.M)
    if not declaration:
        sys.exit(f"{name}.h: no KICK_DECLARE()")
    lines, inside, pending = [], None, None
    for line in text[declaration.end() :].splitlines():
        signature = re.match(r"static inline .*?(\w+)\(", line)
        if signature:
            pending = signature.group(1)
        if line == "{":
            inside = pending
        lines.append((inside, line))
        if line == "}":
            inside = None
    return lines


def main():
    old, patched = code("old"), code("patched")
    touched, complaints = set(), 0
    match = difflib.SequenceMatcher(None, [l for _, l in old], [l for _, l in patched], autojunk=False)
    for kind, a, b, c, d in match.get_opcodes():
        if kind == "equal":
            continue
        for name, side in (("old", old[a:b]), ("patched", patched[c:d])):
            for function, line in side:
                touched.add(function)
                if function not in HUNKS:
                    print(f"{name}.h differs outside the patch's hunks: {line}")
                    complaints += 1
    if touched != HUNKS:
        print(f"expected a hunk in each of {sorted(HUNKS)}, found {sorted(map(str, touched))}")
        complaints += 1
    print(f"{len(old)} and {len(patched)} lines compared, {complaints} complaints")
    return 1 if complaints else 0


sys.exit(main())
