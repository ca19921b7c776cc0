#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every barrier and every ordered access outside the contract and its backends names its partner: "pairs with",
in a comment on its line or directly above its statement.  An order that nobody relies on is a mistake, too."""

import re

import tree

ORDERED = re.compile(
    r"\bsmp_(?:mb|rmb|wmb|store_release|load_acquire|store_mb|mb__\w+)\b|\bkick_full_fence\b"
    r"|\batomic_(?:thread_fence|load|store|exchange|compare_exchange_\w+?|fetch_\w+?)(?!_explicit)\b\s*\("
    r"|\b(?:memory_order|__ATOMIC)_(?:acquire|release|acq_rel|seq_cst|ACQUIRE|RELEASE|ACQ_REL|SEQ_CST)\b")
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
PARTNER = re.compile(r"\bpairs?\s+(?:\*\s+)?with\b", re.I)


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def is_named(lines, code, at):
    """Is there a partner in a comment of this statement, or in the one that ends right above it?"""
    first, last = at, at
    while first and code[first - 1].strip() and not re.search(r"[;{}:]\s*$|^\s*#", code[first - 1]):
        first -= 1
    while first and lines[first - 1].strip() and not code[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and not re.search(r"[;{}]\s*$", code[last]) and code[last + 1].strip():
        last += 1
    # The rest of a comment that began on the line.
    while last + 1 < len(lines) and lines[last + 1].strip() and not code[last + 1].strip() and \
            "/*" not in lines[last + 1]:
        last += 1
    return PARTNER.search("\n".join(COMMENT.findall("\n".join(lines[first:last + 1]))))


def main():
    complaints, n = [], 0
    for file in tree.files("*.c", "*.h", "*.cc"):
        if tree.top(file) in ("impl", "include", "tests", "examples", "scripts"):
            continue
        text = tree.text(file)
        lines, code = text.split("\n"), STRING.sub('""', COMMENT.sub(blank, text)).split("\n")
        for at, line in enumerate(code):
            # What spells a word of the contract anew is no use of it.
            used = re.sub(r"^\s*#\s*(?:define|undef)\s+\w+|^static inline \w+ \w+\(", "", line)
            if not ORDERED.search(used):
                continue
            n += 1
            if not is_named(lines, code, at):
                complaints.append(f"{file}: an order without a partner [line {at + 1}: {line.strip()}]")
    tree.verdict("barriers", n, "ordered accesses", complaints)


main()
