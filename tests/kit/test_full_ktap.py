#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 0
"""--ktap and --junit of judge, run and compare, and of backends that crash, hang or do not compile: whatever happens, KTAP
is whole by the kernel's rules, says what went wrong, and the exit code is what it is without."""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["SRC"], "tests", "results"))
from ci_formats import look, parse_junit, parse_ktap, said

KICKBENCH, SRC = os.environ["KICKBENCH"], os.environ["SRC"]
FEW = ["--time", "2", "--stress-time", "1", "--bench-time", "0"]


SOUND = (0, 5)  # on a busy machine little is proved


def both(work, codes, program, *arguments, limit=900):
    """KTAP and XML of one call say the same; the tests by name."""
    where = " ".join([os.path.basename(program), *arguments[:4]])
    done = subprocess.run([program, *arguments, "--ktap", "--junit", "tests.xml"], capture_output=True, text=True, cwd=work,
                          check=False, timeout=limit, stdin=subprocess.DEVNULL)
    look(done.returncode in codes, f"{where}: exit {done.returncode}, not {codes}: {done.stderr[-400:]}")
    ktap = parse_ktap(done.stdout, where)
    look(ktap == parse_junit(work + "/tests.xml", where), f"{where}: KTAP and XML differ")
    look((codes != SOUND) == ("failed" in ktap.values()), f"{where}: exit {done.returncode} with {ktap}")
    return ktap


def send(work, name, text):
    """patched, whose kick begins with that."""
    with open(f"{SRC}/impl/patched.h", encoding="utf-8") as f:
        patched = f.read()
    changed = re.sub(r"(\tint me, cpu;\n)", r"\1" + text, patched, count=1)
    assert "\tint me, cpu;\n" in patched
    with open(f"{work}/{name}.h", "w", encoding="utf-8") as f:
        f.write(changed)


with tempfile.TemporaryDirectory() as folder:
    send(folder, "sound", "")
    send(folder, "crash", "\tint *volatile nowhere = NULL;\n\n\tif (*nowhere)\n\t\treturn KICK_OUTSIDE;\n")
    send(folder, "hang", "\tvolatile int on = 1;\n\n\twhile (on)\n\t\t;\n")
    send(folder, "stack", "\tvolatile char large[8 << 20];\n\n\tlarge[0] = 0;\n\tflags += large[0];\n")
    send(folder, "typo", "\tme = smp_id();\n")
    send(folder, "silent", "\treturn KICK_OUTSIDE;\n")
    tests = both(folder, SOUND, KICKBENCH, "judge", "sound.h", *FEW, "--program", "./of-sound")
    look({tests.get("judge/sound"), tests.get("stress/sound/none")} <= {"passed", "skipped"}, f"sound: {tests}")
    tests = both(folder, (1,), KICKBENCH, "judge", "silent.h", *FEW)
    look(tests.get("judge/silent") == "failed" and tests.get("explore/silent/two-kicks/sc") == "failed", f"silent: {tests}")
    tests = both(folder, (2,), KICKBENCH, "judge", "typo.h")
    look(tests == {"judge/typo": "failed"}, f"typo: {tests}")
    for name in "crash", "hang", "stack":
        tests = both(folder, (3,), KICKBENCH, "judge", name + ".h", *FEW, "--program", "./of-" + name)
        look(tests.get("judge/" + name) == "failed", f"{name}: {tests}")
        tests = both(folder, (3,), folder + "/of-" + name, "explore", "--backend", name, "--scenario", "one-kick", "--model", "sc,tso")
        look(set(tests.values()) == {"failed"} and len(tests) == 2, f"explore of {name}: {tests}")
        tests = both(folder, (3,), folder + "/of-" + name, "stress", "--backend", name, "--seconds", "1")
        look(set(tests.values()) == {"failed"}, f"stress of {name}: {tests}")
    # All judges, and what they measured compared with itself.
    tests = both(folder, SOUND, KICKBENCH, "run", "--quick", "--out", "all")
    look({name.split("/")[0] for name in tests} >= {"bench", "explore", "stress"}, f"run: {tests}")
    tests = both(folder, SOUND, KICKBENCH, "compare", "all", "all", "--gate")
    look(tests and "failed" not in tests.values(), f"compare: {tests}")
sys.exit(said())
