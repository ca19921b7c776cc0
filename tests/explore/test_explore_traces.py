#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A counter-example as an engineer reads it: the step where it goes wrong is marked, what follows is folded, no
line is longer than the terminal, nothing is cut, and what is said of it once is true of its rows."""

import json
import os
import pty
import re
import subprocess
import sys

KICKBENCH = os.environ["KICKBENCH"]
complaints = []

# No columns of time in it: nothing here depends on the machine.
GOLDEN = """\
  counter-example: 2 kickers x 1 kick, 1 migration; 1 preemption, 14 steps
step  a: kicker on pCPU 2  b: kicker on pCPU 3  v: vCPU on pCPU 0       order    where
   1  requests |= 1        |                    |                                request.h:N
   2  cpu is 0             |                    |                       plain    old.h:N
   3  |                    |                    cpu = 1, now on pCPU 1           kvm.h:N
   4  |                    |                    requests is 1                    request.h:N
   5  |                    |                    requests &= ~1                   request.h:N
   6  |                    |                    mode = IN_GUEST         release  kvm.h:N
   7  |                    |                    mode is IN_GUEST                 kvm.h:N
   8  |                    |                    requests is 0                    kvm.h:N
   9  |                    |                    enters the guest
  10  mode: IN_GUEST -> EXITING                 |                       full     kvm.h:N
  11  IPI -> pCPU 0, noise: vCPU not there      |                                old.h:N
      => POISONED: in guest mode, claimed, no IPI pending: later kicks are swallowed
  12  |                    requests |= 2        |                                request.h:N
  13  |                    cpu is 1             |                       plain    old.h:N
  14  |                    mode not changed: is EXITING                 relaxed  kvm.h:N
      => LOST
  => LOST, POISONED: request 1 (0x2) of kicker b is pending, the vCPU is in guest mode, no IPI will
     come (requests 0x2, claimed 1, vCPU on pCPU 1, in guest mode)
"""


def look(fine, what):
    if not fine:
        complaints.append(what)


def explore(*arguments, columns=None):
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    if columns:
        environment["COLUMNS"] = str(columns)
    done = subprocess.run([KICKBENCH, "explore", *arguments], capture_output=True, text=True, check=False,
                          env=environment)
    look(done.returncode in (0, 1), f"{arguments}: exit code {done.returncode}: {done.stderr}")
    return done.stdout


def without_lines(text):
    return re.sub(r"\.h:\d+", ".h:N", text)


def check_golden():
    one = ("--backend", "old", "--scenario", "two-kicks", "--model", "sc")
    look(GOLDEN in without_lines(explore(*one)), f"not as it was:\n{explore(*one)}")
    for columns in (80, 100, 200):
        text = explore(*one, columns=columns)
        look(max(map(len, text.splitlines())) <= columns, f"{columns} columns:\n{text}")
        for word in ("mode not changed: is EXITING", "relaxed", "request 1 (0x2) of kicker b", "14 steps"):
            look(word in " ".join(text.split()), f"{columns} columns: no '{word}'")
    # All that a narrow terminal wraps is there all the same.
    narrow = explore(*one, columns=50)
    look("vCPU not there" in " ".join(narrow.split()) and max(map(len, narrow.splitlines())) <= 50, narrow)
    whole = explore(*one, "--all-steps")
    look("more steps" not in whole and "=> LOST" in whole, whole)


def check_terminal():
    """Of a terminal its own width counts."""
    main, side = pty.openpty()
    subprocess.run(["stty", "cols", "70"], stdin=side, check=True)
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    with subprocess.Popen([KICKBENCH, "explore", "--backend", "old", "--scenario", "one-kick", "--model", "sc"],
                          stdout=side, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(side)
        text = b""
        try:
            while chunk := os.read(main, 65536):
                text += chunk
        except OSError:
            pass
        process.wait()
    os.close(main)
    lines = text.decode().splitlines()
    look(lines and max(map(len, lines)) <= 70 and any("=> POISONED" in line for line in lines), text.decode())


def check_replay(text):
    """The line is a command, however it is wrapped."""
    for command in re.findall(r"replay: (kickbench explore --replay .*(?:(?<=\\)\n.*)*)", text)[::9]:
        done = subprocess.run(["sh", "-c", command.replace("kickbench", '"$KICKBENCH"', 1)],
                              capture_output=True, text=True, check=False)
        look(done.returncode == 1 and "replayed and verified" in " ".join(done.stdout.split()),
             f"{command}: {done.returncode} {done.stderr}")


def check_example(cell):
    who = f"{cell['backend']} {cell['scenario']} {cell['model']}: "
    steps = cell["example"]["lanes"]
    look(cell["example"]["steps"] == len(steps), who + "steps")
    look([s["at"] for s in steps] == list(range(1, len(steps) + 1)), who + "rows")
    found = " ".join(s.get("found", "") for s in steps)
    for word in cell["found"] if cell["example"] else ():
        look(word in found or word not in cell["example_end"], f"{who}no step is {word}")
    look(found, who + "no step is marked")
    kickers = [s["lane"][0] for s in steps if s["lane"][0] in "abcd"]
    look("".join(sorted(set(kickers))) in ("", "a", "ab", "abc", "abcd"), who + "letters of kickers")
    look(not any("explore" in s["where"] or s["does"].startswith("(") for s in steps), who + "the harness shows")
    for s in steps:
        if "not changed" in s["does"]:
            look(s["order"] == "relaxed" or "cmpxchg_seq_cst" in s["source"], f"{who}step {s['at']}: {s['order']}")


def check_all(backends, scenarios):
    """The names of the backends that are violated."""
    asked = ("--backend", backends, "--scenario", scenarios, "--model", "sc,tso,rc11")
    cells = json.loads(explore(*asked, "--json"))
    texts = {columns: explore(*asked, columns=columns) for columns in (80, 100, 200)}
    for columns, text in texts.items():
        over = [line for line in text.splitlines() if len(line) > columns]
        look(not over, f"{columns} columns: {over[:3]}")
    text = texts[200]
    heads = [int(n) for n in re.findall(r"counter-example: .* (\d+) steps", text)]
    tables = re.split(r"counter-example: ", text)[1:]
    violated = [c for c in cells if "example" in c]
    look(violated and len(heads) == len(violated), f"{len(heads)} heads of {len(violated)}")
    for cell, table, head in zip(violated, tables, heads):
        cell["example_end"] = re.search(r"\n  => ([A-Z_, ]*)", table).group(1)
        check_example(cell)
        rows = re.findall(r"\n +(\d+)  ", table)
        more = re.search(r"\.\.\. (\d+) more steps", table)
        look(len(rows) + (int(more.group(1)) if more else 0) == head == cell["example"]["steps"],
             f"{cell['backend']} {cell['scenario']} {cell['model']}: {head} steps, {len(rows)} rows")
        look("(1 newer)" in table or "newer" not in table, table)
    check_replay(texts[80])
    last = " ".join(text[text.rindex(" violated: ") - 20:].split())
    closing = re.search(r"(\d+) of (\d+) violated: (.*?); (\d+) hold", last)
    look(closing and (int(closing.group(1)), int(closing.group(2))) == (len(violated), len(cells)), last)
    look("old %s (sc tso rc11)" % scenarios.split(",", maxsplit=1)[0] in last, last)
    return ",".join(sorted({c["backend"] for c in violated}))


check_golden()
check_terminal()
broken = check_all("all", "one-kick,put-clears")
check_all(broken, "dirty-log")  # which takes long where it holds
look("of 2 violated; 2 hold" in explore("--backend", "patched", "--scenario", "one-kick", "--model", "sc,tso"),
     "no closing line of what holds")
for complaint in complaints:
    print(complaint, file=sys.stderr)
sys.exit(1 if complaints else 0)
