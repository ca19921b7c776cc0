#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The properties of a protocol are one table: every KICK_V_* has its row in include/kick_properties.h, once,
docs/properties.md shows the same rows, and a count of stress is a column of its rows."""

import os
import re

SRC = os.path.abspath(os.environ.get("SRC", os.path.join(os.path.dirname(__file__), "..", "..")))


def text(name):
    with open(os.path.join(SRC, name), encoding="utf-8") as f:
        return f.read()


ROW = re.compile(r'\{ (KICK_V_\w+), "(\w+)", "(\w+)", KICK_(BOTH_JUDGE|EXPLORE_JUDGES|STRESS_JUDGES), '
                 r'KICK_(FAULT|CURIOSITY),\s+"([^}]+)" \}')
JUDGES = {"BOTH_JUDGE": "both", "EXPLORE_JUDGES": "explore", "STRESS_JUDGES": "stress"}
rows = ROW.findall(re.sub(r'"\s+"', "", text("include/kick_properties.h")))
bits = re.findall(r"#define (KICK_V_\w+) \(1u << (\d+)\)", text("include/kick_declare.h"))

assert sorted(r[0] for r in rows) == sorted(b[0] for b in bits), (rows, bits)
assert sorted(int(b[1]) for b in bits) == list(range(len(bits))), "stress counts by bit: no gaps"
assert all(r[0] == "KICK_V_" + r[2].upper() for r in rows), "a bit is called as its count"
shown = [l for l in text("docs/properties.md").splitlines() if re.match(r"\| [A-Z_]+ \| \w+ \| \w+ \|", l)]
wanted = [f"| {v} | {c} | {JUDGES[j]} | {g.lower()} | {m} |" for _, v, c, j, g, m in rows]
assert shown == wanted, "\n".join(sorted(set(shown) ^ set(wanted)))
columns = re.findall(r'"(\w+)"', text("results/schema.c"))
assert all(c in columns for _, _, c, j, _, _ in rows if j != "EXPLORE_JUDGES"), rows
print(f"ok: {len(rows)} properties")
