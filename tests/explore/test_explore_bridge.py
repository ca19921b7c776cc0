#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench explore --litmus: the files parse; another judge finds each outcome allowed or forbidden exactly
where kickbench says so; the programs compile, run, and assert nothing that is forbidden."""
import glob
import os
import re
import shutil
import subprocess
import tempfile

from litmus import Test, reachable

KICKBENCH = os.environ["KICKBENCH"]

# The second judge on what everybody knows.
KNOWN = {
    "SB": ("x=0;\ny=0;", ("st x 1 relaxed", "ld y relaxed"), ("st y 1 relaxed", "ld x relaxed"), "0:r1=0 /\\ 1:r1=0",
           "tso pso rc11"),
    "SB+fences": ("x=0;\ny=0;", ("st x 1 relaxed", "fence seq_cst", "ld y relaxed"),
                  ("st y 1 relaxed", "fence seq_cst", "ld x relaxed"), "0:r2=0 /\\ 1:r2=0", ""),
    "MP": ("x=0;\ny=0;", ("st x 1 relaxed", "st y 1 relaxed"), ("ld y relaxed", "ld x relaxed"),
           "1:r0=1 /\\ 1:r1=0", "pso rc11"),
    "MP+rel+acq": ("x=0;\ny=0;", ("st x 1 relaxed", "st y 1 release"), ("ld y acquire", "ld x relaxed"),
                   "1:r0=1 /\\ 1:r1=0", ""),
    "MP+rel": ("x=0;\ny=0;", ("st x 1 relaxed", "st y 1 release"), ("ld y relaxed", "ld x relaxed"),
               "1:r0=1 /\\ 1:r1=0", "rc11"),
    "MP+fences": ("x=0;\ny=0;", ("st x 1 relaxed", "fence release", "st y 1 relaxed"),
                  ("ld y relaxed", "fence acquire", "ld x relaxed"), "1:r0=1 /\\ 1:r2=0", ""),
    "2+2W": ("x=0;\ny=0;", ("st x 1 relaxed", "st y 2 relaxed"), ("st y 1 relaxed", "st x 2 relaxed"),
             "x=1 /\\ y=1", "pso rc11"),
    "CoRR": ("x=0;", ("st x 1 relaxed", "st x 2 relaxed"), ("ld x relaxed", "ld x relaxed"),
             "1:r0=2 /\\ 1:r1=1", ""),
    "LB": ("x=0;\ny=0;", ("ld x relaxed", "st y 1 relaxed"), ("ld y relaxed", "st x 1 relaxed"),
           "0:r0=1 /\\ 1:r0=1", ""),
    "XCHG": ("x=0;", ("xchg x 1 relaxed",), ("xchg x 2 relaxed",), "0:r0=0 /\\ 1:r0=0", ""),
    # A seq_cst exchange is no fence: the load after it may be of before.
    "SB+xchgs": ("x=0;\ny=0;\nz=0;", ("st x 1 relaxed", "xchg z 1 seq_cst", "ld y relaxed"),
                 ("st y 1 relaxed", "fence seq_cst", "ld x relaxed"), "0:r1=0 /\\ 0:r2=0 /\\ 1:r2=0", "rc11"),
}


def written(statement, i):
    word, *rest = statement.split()
    order = "memory_order_" + rest[-1]
    return {"st": lambda: f"atomic_store_explicit({rest[0]}, {rest[1]}, {order});",
            "ld": lambda: f"int r{i} = atomic_load_explicit({rest[0]}, {order});",
            "xchg": lambda: f"int r{i} = atomic_exchange_explicit({rest[0]}, {rest[1]}, {order});",
            "fence": lambda: f"atomic_thread_fence({order});"}[word]()


def check_judge():
    for name, (init, *threads, exists, allowed) in KNOWN.items():
        text = "C " + name + "\n\n{\n" + init + "\n}\n"
        for t, statements in enumerate(threads):
            body = "".join("\t" + written(s, i) + "\n" for i, s in enumerate(statements))
            text += f"\nP{t}(atomic_int* x)\n{{\n{body}}}\n"
        test = Test(text + f"\nexists ({exists})\n")
        for model in ("sc", "tso", "pso", "rc11"):
            assert reachable(test, model) == (model in allowed.split()), (name, model)


def check_program(path, forbidden):
    cc = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if not cc:
        return
    subprocess.run([cc, "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", path[:-2], path], check=True)
    done = subprocess.run([path[:-2]], check=False, capture_output=True, timeout=60)
    assert done.returncode == 0 or (not forbidden and b"reached" in done.stderr), (path, done)


def check_lkmm(text, test):
    """The same operations, each value that is told in a condition, braces in balance."""
    if text.startswith("(*"):
        return
    assert text.count("{") == text.count("}"), text
    assert len(re.findall(r"\br\d+ = ", text)) == len(test.read), text
    assert re.search(r"^exists \((.*)\)$", text, re.M), text


def check_files(args, least):
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "litmus")
        done = subprocess.run([KICKBENCH, "explore", "--litmus", out, *args], capture_output=True, text=True,
                              check=False, timeout=1500)
        assert done.returncode in (0, 5), done
        for line in open(out + "/expected.txt"):
            name, verdict, *models = line.split()
            test = Test(open(f"{out}/{name}.c11.litmus").read())
            check_lkmm(open(f"{out}/{name}.lkmm.litmus").read(), test)
            for model in models:
                assert reachable(test, model) == (verdict == "allowed"), (name, verdict, model)
                n += 1
            check_program(f"{out}/{name}.c", verdict == "forbidden")
        assert len(glob.glob(out + "/*.litmus")) == 2 * sum(1 for _ in open(out + "/expected.txt"))
    assert n >= least, n
    print(n, "verdicts agree")


if __name__ == "__main__":
    check_judge()
    check_files(["--backend", "patched", "--weaken=pairs", "--scenario", "one-kick", "--model", "tso,pso,rc11"], 20)
    # What dirty-log breaks cannot be written; the same order breaks one-kick, and that can.
    check_files(["--backend", "patched", "--scenario", "dirty-log,one-kick", "--model", "tso"], 2)
    check_files(["--backend", "old", "--scenario", "one-kick", "--model", "sc"], 1)
