#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The family's text is the kernel's, barrier by barrier.

What each function of each generation of KVM's kick does to shared words, and in which order, is recorded
from the text itself (tests/impl/ordered/) and compared with tests/impl/ordered/table.txt, which says for
each function of the kernel where it stands.  `--print` prints the table's lines as the text has them.
"""

import os
import re
import subprocess
import sys
import tempfile

SRC = os.environ.get("SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
HERE = SRC + "/tests/impl/ordered"
# Words of the source text that stand for more than themselves.
LOAD, STORE = re.compile(r"READ_ONCE\((.*)\)$"), re.compile(r"WRITE_ONCE\((.*?), .*\)$")


def field(expression):
    return re.sub(r".*->", "", expression.strip("&() "))


def short(say):
    """'cmpxchg(&(vcpu)->mode, A, B)' -> 'cmpxchg mode'; fences and the world's words stay."""
    if m := LOAD.match(say):
        return "load " + field(m[1])
    if m := STORE.match(say):
        return "store " + field(m[1])
    if "(" not in say:
        return "load " + field(say) + " (plain)"
    name, inside = say.split("(", 1)
    words = inside.rstrip(")").split(", ")
    if name in ("set_bit", "clear_bit", "test_and_set_bit", "test_and_clear_bit"):
        return f"{name} {field(words[1])}"
    if "->" in words[0]:
        return f"{name} {field(words[0])}"
    return name + ("(wait)" if words == ["wait"] else "")


def recorded(backend, folder):
    """[(function, state, 'op, op, ...')]"""
    program = f"{folder}/{backend}"
    subprocess.run(
        [os.environ.get("CC", "cc"), "-std=gnu17", "-w", "-D_GNU_SOURCE", "-I" + SRC, "-I" + SRC + "/include",
         f"-DKICK_BACKEND={backend}", f'-DKICK_BACKEND_FILE="impl/{backend}.h"', HERE + "/main.c", "-o", program],
        check=True)
    lines = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = []
    for line in lines:
        head, *ops = line.split(" | ")
        _, function, state = head.split()
        if ops:
            rows.append((function, state, ", ".join(short(op) for op in ops)))
    return rows


def table():
    """({(backend, function, state): ops}, [backends])"""
    rows, backends = {}, []
    with open(HERE + "/table.txt", encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].rstrip()
            if not line:
                continue
            if line.startswith("generations:"):
                backends = line.split()[1:]
                continue
            if line.startswith("    "):
                names, ops = line.strip().split(": ", 1)
                for backend in backends if names == "all" else names.split():
                    rows[backend, function, state] = ops
            else:
                function, state = line.split()[:2]
    return rows, backends


def main():
    rows, backends = table()
    complaints = []
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        for backend in backends:
            for function, state, ops in recorded(backend, folder):
                if "--print" in sys.argv:
                    print(f"{function} {state}\t{backend}\t{ops}")
                seen.add((backend, function, state))
                wanted = rows.get((backend, function, state), "nothing")
                if wanted != ops:
                    complaints.append(f"{backend} {function}, {state}:\n  text:  {ops}\n  table: {wanted}")
    complaints += [f"{' '.join(key)}: in the table, not in the text" for key in sorted(set(rows) - seen)]
    for complaint in complaints:
        print(complaint)
    print(f"{len(seen)} functions of {len(backends)} generations looked at, {len(complaints)} complaints")
    sys.exit(1 if complaints or not seen else 0)


main()
