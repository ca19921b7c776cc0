#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lkmm and armv8 on litmus tests of the kick protocols, with the answers that herd7 gives under the kernel's own
files (6.1) and aarch64.cat: claims, barriers, page walks, load buffering, dependencies, plain accesses, locks.
Where HERD7 (or herd7) and LKMM (a kernel's tools/memory-model) are there, random tests are compared with herd7, too:
states, counts and races. HERD7_TESTS=n for more of them."""
import json
import os
import random
import re
import shutil
import subprocess
import tempfile

KICKBENCH = os.environ["KICKBENCH"]
HERD7 = os.environ.get("HERD7", "herd7")
LKMM = os.environ.get("LKMM", "")
N, S = "Never", "Sometimes"


def c(name, condition, *threads):
    text = f"C {name}\n\n{{}}\n\n"
    for i, body in enumerate(threads):
        text += f"P{i}(int *x, int *y, int *z, atomic_t *a, spinlock_t *l)\n{{\n"
        text += "".join(f"\tint {r};\n" for r in sorted(set(re.findall(r"\br\d\b", body))))
        text += "\t" + body + "\n}\n\n"
    return text + (condition if condition.startswith("filter") else f"exists ({condition})") + "\n"


def claim_of_old(publish, recheck, claim):
    """x: cpu, y: mode. The vCPU is on pCPU 1 now; a claim of this stint finds pCPU 0."""
    vcpu = "WRITE_ONCE(*x, 1); " + publish + " smp_mb(); " + ("r0 = READ_ONCE(*y);" if recheck else "")
    return ("1:r1=1 /\\ 1:r2=0" + (" /\\ 0:r0=1" if recheck else ""), vcpu, claim + " r2 = READ_ONCE(*x);")


PLAIN, RELEASE, WMB = "WRITE_ONCE(*y, 1);", "smp_store_release(y, 1);", "smp_wmb(); WRITE_ONCE(*y, 1);"


def claimed(suffix="", then=""):
    return f"r1 = cmpxchg{suffix}(y, 1, 2); {then}"


def lost(vcpu, kicker, condition="0:r0=0 /\\ 1:r1=0"):
    """a: requests, y: mode. The request is not seen, and neither is the mode."""
    return (condition, "WRITE_ONCE(*y, 1); " + vcpu + " r0 = atomic_read(a);", kicker)


def walk(end):
    """x: the page, y: the mode. It is freed after the walk, and the walk reads what came after."""
    return ("0:r0=2 /\\ 1:r1=1", "r0 = READ_ONCE(*x); " + end, "r1 = smp_load_acquire(y); WRITE_ONCE(*x, 2);")


LB = "r0 = READ_ONCE(*{0}); {2}WRITE_ONCE(*{1}, {3});"


def lb(between="", value="1", between2="", value2="1"):
    return ("0:r0=1 /\\ 1:r0=1", LB.format("x", "y", between, value), LB.format("y", "x", between2, value2))


ENDS = "r0 = smp_load_acquire(x); if (r0) { WRITE_ONCE(*y, 1); }"


def ends(first, then="WRITE_ONCE(*z, 2);"):
    return ("1:r0=1 /\\ 2:r0=2", first, "r0 = READ_ONCE(*y); " + then, "r0 = READ_ONCE(*z); smp_mb(); WRITE_ONCE(*x, 2);")


# Text; what LKMM says; what arm64 does with the kernel's mapping.
TABLE = {
    "POIS+patched": (claim_of_old(RELEASE, True, claimed()), N, N),
    "POIS+515": (claim_of_old(PLAIN, True, claimed()), N, N),
    "POIS+release+norecheck": (claim_of_old(RELEASE, False, claimed()), N, N),
    "POIS+wmb+norecheck": (claim_of_old(WMB, False, claimed()), N, N),
    "POIS+relaxed_cpu": (claim_of_old(PLAIN, False, claimed()), S, S),
    "POIS+515+mb": (claim_of_old(PLAIN, True, claimed("_relaxed", "smp_mb();")), N, N),
    "POIS+515+acquire+mb": (claim_of_old(PLAIN, True, claimed("_acquire", "smp_mb();")), N, N),
    "POIS+release+after": (claim_of_old(RELEASE, True, claimed("_relaxed", "smp_mb__after_atomic();")), N, N),
    "POIS+release+rmb": (claim_of_old(RELEASE, True, claimed("_relaxed", "smp_rmb();")), N, N),
    "LOST+patched": (lost("smp_mb();", "atomic_inc(a); smp_mb(); r1 = cmpxchg(y, 1, 2);"), N, N),
    "LOST+before": (lost("smp_mb();", "atomic_inc(a); smp_mb__before_atomic(); r1 = cmpxchg(y, 1, 2);"), N, N),
    "LOST+after": (lost("smp_mb();", "atomic_inc(a); smp_mb__after_atomic(); r1 = cmpxchg(y, 1, 2);"), N, N),
    "LOST+xchg": (lost("smp_mb();", "r2 = atomic_xchg(a, 1); r1 = cmpxchg(y, 1, 2);"), N, N),
    "LOST+bare": (lost("smp_mb();", "atomic_inc(a); r1 = cmpxchg(y, 1, 2);"), S, S),
    "LOST+nofence": (lost("", "atomic_inc(a); smp_mb(); r1 = cmpxchg(y, 1, 2);"), S, S),
    "LOST+wmb": (lost("smp_wmb();", "atomic_inc(a); smp_mb(); r1 = cmpxchg(y, 1, 2);"), S, S),
    "LOST+rmb": (lost("smp_mb();", "atomic_inc(a); smp_rmb(); r1 = cmpxchg(y, 1, 2);"), S, S),
    "old, one kick": (("1:r1=0 /\\ 1:r2=1 /\\ 0:r0=1",
                       "WRITE_ONCE(*x, 1); smp_store_release(y, 1); smp_mb(); r0 = READ_ONCE(*y);",
                       "r1 = READ_ONCE(*x); r2 = cmpxchg(y, 1, 2);"), S, S),
    "TWO+patched": (("1:r1=1 /\\ 1:r2=0 /\\ 2:r1=2 /\\ 0:r0=1",
                     "WRITE_ONCE(*x, 1); smp_store_release(y, 1); smp_mb(); r0 = READ_ONCE(*y);",
                     "r1 = cmpxchg(y, 1, 2); r2 = READ_ONCE(*x);", "r1 = cmpxchg(y, 1, 2);"), N, N),
    "WALK+release": (walk("smp_store_release(y, 1);"), N, N),
    "WALK+mb": (walk("smp_mb(); WRITE_ONCE(*y, 1);"), N, N),
    "WALK+once": (walk("WRITE_ONCE(*y, 1);"), S, S),
    "WALK+wmb": (walk("smp_wmb(); WRITE_ONCE(*y, 1);"), S, S),
    "WALK+rmb": (walk("smp_rmb(); WRITE_ONCE(*y, 1);"), S, N),  # dmb ishld keeps stores behind loads, too
    "LB": (lb(), S, S),
    "LB+data": (lb("", "r0", "", "r0"), N, N),
    "LB+data+once": (lb("", "r0"), S, S),
    "LB+ctrl": (("0:r0=1 /\\ 1:r0=1", "r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 1); }",
                 "r0 = READ_ONCE(*y); if (r0) { WRITE_ONCE(*x, 1); }"), N, N),
    # Of what a choice does, too; herd7, which has no ?:, says it of the branch.
    "LB+ctrl+xchg": (("1:r0=1", "r0 = READ_ONCE(*x); if (r0) { r1 = xchg_relaxed(y, 1); }",
                      "r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);"), N, N),
    "LB+choice+xchg": (("1:r0=1", "r0 = READ_ONCE(*x) ? xchg_relaxed(y, 1) : 7;",
                        "r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);"), N, N),
    "LB+false data": (lb("", "1 + (r0 & 0)", "", "1 + (r0 & 0)"), N, N),
    "LB+ctrl, one": (("0:r0=1 /\\ 1:r0=1", "r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 1); }",
                      "r0 = READ_ONCE(*y); WRITE_ONCE(*x, 1);"), S, S),
    "LB+failed": (("0:r0=2 /\\ 1:r0=1", "r0 = cmpxchg(x, 1, 3); WRITE_ONCE(*y, 1);",
                   "r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 2);"), S, S),
    # What an addition stores is made of what it has read, and is read again by its own thread.
    "LB+add+own": (("0:r0=7 /\\ 1:r0=1", "r0 = atomic_fetch_add_relaxed(1, a); r1 = smp_load_acquire(a); "
                    "WRITE_ONCE(*z, 1);", "r0 = READ_ONCE(*z); smp_mb(); atomic_set(a, 7);"), N, N),
    "LB+inc+own": (("a=8 /\\ 1:r0=1", "atomic_inc(a); r1 = atomic_read(a); if (r1) { WRITE_ONCE(*z, 1); }",
                    "r0 = READ_ONCE(*z); smp_mb(); atomic_set(a, 7);"), N, N),
    "LB+xchg+own": (("0:r0=7 /\\ 1:r0=1", "r0 = xchg_relaxed(x, 8); r1 = READ_ONCE(*x); "
                     "if (r1) { WRITE_ONCE(*z, 1); }", "r0 = READ_ONCE(*z); smp_mb(); WRITE_ONCE(*x, 7);"), S, S),
    # Whether there is a barrier hangs on the load that would pass it.
    "LB+barrier unless": (("0:r0=1 /\\ 1:r0=1", "r0 = READ_ONCE(*x); if (r0 != 1) { smp_mb(); } WRITE_ONCE(*y, 1);",
                           "r0 = smp_load_acquire(y); WRITE_ONCE(*x, 1);"), S, None),
    # What is read ahead is stored after a load that others must come before.
    "LB+others first": (("0:r0=4 /\\ 1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0", "r0 = READ_ONCE(*y); WRITE_ONCE(*x, 1);",
                         "r0 = cmpxchg(y, 0, 3); WRITE_ONCE(*y, 4);",
                         "r0 = smp_load_acquire(x); r1 = cmpxchg(y, 0, 1);"), S, S),
    # It is stored by a read-modify-write, which alone knows who has read it.
    "LB+modified": (("0:r0=1 /\\ 0:r1=0 /\\ 1:r0=2 /\\ 2:r0=2", "r0 = xchg_relaxed(y, 3); r1 = xchg_release(z, 2);",
                     "r0 = cmpxchg_relaxed(z, 2, 2);", "r0 = xchg_release(z, 0); WRITE_ONCE(*y, 1);"), S, S),
    # Who would store it reads too early what leads to that, ends, and must come later although nothing else says so.
    "LB+ends": (ends(ENDS), S, S),
    "LB+ends, barrier": (ends("r0 = READ_ONCE(*x); smp_mb(); if (r0) { WRITE_ONCE(*y, 1); }"), S, S),
    "LB+ends, claim": (ends("r0 = cmpxchg(x, 2, 5); if (r0) { WRITE_ONCE(*y, 1); } else { r0 = 4; }"), S, S),
    "LB+ends, otherwise": (ends("r0 = smp_load_acquire(x); if (r0) { WRITE_ONCE(*y, 1); } else { r0 = READ_ONCE(*z); }"),
                           S, S),
    "LB+ends, twice": (ends(ENDS, "WRITE_ONCE(*z, 2); r1 = READ_ONCE(*y);"), S, S),
    "LB+ends, plain": (ends(ENDS, "*z = r0 + 1;"), S, N),
    # What it reads is stored only after it; by way of the store in its branch, which a plain load does not hold up.
    "LB+plain": (("0:r0=2 /\\ 1:r0=1", "r0 = *x; if (r0) { WRITE_ONCE(*y, 1); }",
                  "r0 = READ_ONCE(*y); smp_mb(); smp_store_release(x, r0 + 1);"), S, N),
    "LB+plain+mb": (("0:r0=2 /\\ 1:r0=1", "r0 = *x; if (r0 == 2) { smp_mb(); *y = 1; } else { WRITE_ONCE(*y, 1); }",
                     "r0 = READ_ONCE(*y); smp_mb(); smp_store_release(x, r0 + 1);"), S, N),
    "MP+plain": (("1:r0=1 /\\ 1:r1=0", "*x = 1; smp_store_release(y, 1);", "r0 = READ_ONCE(*y); r1 = *x;"), S, S),
    "MP+plain+acquire": (("1:r0=1 /\\ 1:r1=0", "*x = 1; smp_store_release(y, 1);",
                          "r0 = smp_load_acquire(y); if (r0) { r1 = *x; } else { r1 = 7; }"), N, None),
    # Where it races it is not looked at.
    "MP+plain+filter": (("filter (1:r0=1)\nexists (1:r1=0)", "*x = 1; smp_store_release(y, 1);",
                         "r0 = smp_load_acquire(y); r1 = *x;"), N, N),
    "MP+locks": (("1:r0=1 /\\ 1:r1=0", "spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l);",
                  "spin_lock(l); r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); spin_unlock(l);"), N, N),
}
RACES = {"MP+plain", "LB+plain", "LB+plain+mb", "LB+ends, plain"}


def write(folder, tests):
    paths = []
    for name, text in tests.items():
        paths.append(os.path.join(folder, re.sub(r"\W", "_", name) + ".litmus"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    return paths


def check_table(folder):
    for claim, now in (("", N), ("_acquire", N), ("_release", S), ("_relaxed", S)):
        for recheck in (True, False):
            TABLE[f"POIS+release{claim}{recheck}"] = (claim_of_old(RELEASE, recheck, claimed(claim)), now, now)
        if claim:
            TABLE[f"POIS+515{claim}"] = (claim_of_old(PLAIN, True, claimed(claim)), S, S)
    tests = {name: c(name.replace(" ", "_"), *text) for name, (text, _, _) in TABLE.items()}
    done = subprocess.run([KICKBENCH, "explore", "--litmus-file", *write(folder, tests), "--model", "lkmm,armv8",
                           "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) == 2 * len(TABLE)
    for i, row in enumerate(rows):
        name = list(TABLE)[i // 2]
        wanted = TABLE[name][1 + i % 2]
        assert wanted is None or row.get("observation") == wanted, (name, row)
        assert (row.get("race") == "yes") == (name in RACES and row["model"] == "lkmm"), (name, row)


WORDS = ("x", "y", "z")


def statement(rnd, regs, plain):
    word, value = rnd.choice(WORDS[:2] if rnd.random() < .8 else WORDS), str(rnd.randint(1, 2))
    if regs and rnd.random() < .3:
        value = rnd.choice((f"{regs[-1]}", f"{rnd.choice(regs)} + 1", f"({regs[0]} & 0) + 1"))
    kind = rnd.random()
    reg = f"r{len(regs)}"
    if kind < .36:
        regs.append(reg)
        how = f"*{word}" if plain and rnd.random() < .4 else rnd.choice(
            ("READ_ONCE(*{0})", "READ_ONCE(*{0})", "READ_ONCE(*{0})", "smp_load_acquire({0})")).format(word)
        return f"{reg} = {how};"
    if kind < .7:
        return (f"*{word} = {value};" if plain and rnd.random() < .4 else rnd.choice(
            ("WRITE_ONCE(*{0}, {1});", "WRITE_ONCE(*{0}, {1});", "smp_store_release({0}, {1});")).format(word, value))
    if kind < .84:
        return rnd.choice(("smp_mb();", "smp_rmb();", "smp_wmb();", "smp_mb__before_atomic();",
                           "smp_mb__after_atomic();"))
    if kind < .96:
        regs.append(reg)
        how = rnd.choice(("xchg{0}({1}, {2})", "cmpxchg{0}({1}, 0, {2})"))
        return f"{reg} = " + how.format(rnd.choice(("", "_relaxed", "_acquire", "_release")), word,
                                        rnd.randint(1, 2)) + ";"
    return rnd.choice(("atomic_inc(a);", "atomic_add(2, a);"))


def random_test(seed):
    rnd = random.Random(seed)
    threads, plain = rnd.choice((2, 2, 2, 3)), rnd.random() < .4
    bodies, shown = [], ["x", "y", "z", "a"]
    for i in range(threads):
        regs, body, opened = [], [], False
        for _ in range(rnd.randint(2, 4 if threads == 2 else 3)):
            body.append(statement(rnd, regs, plain))
            if opened and rnd.random() < .5:
                body.append("}" if rnd.random() < .7 else "} else { WRITE_ONCE(*y, 1); }")
                opened = False
            elif regs and not opened and rnd.random() < .2:
                body.append(f"if ({regs[-1]}{rnd.choice(('', ' == 1', ' != 2'))}) {{")
                opened = True
        bodies.append(" ".join(body + ["}"] * opened))
        shown += [f"{i}:{r}" for r in regs]
    text = c(f"t{seed}", "x=1", *bodies)
    return text.replace("exists", "locations [" + "; ".join(shown) + "]\nexists")


def read_answers(text):
    """Of each test: its states, how many executions, whether it races."""
    answers, at, left = {}, None, 0
    for line in text.splitlines():
        if m := re.match(r"Test (\S+) ", line):
            at = answers[m[1]] = [set(), None, False]
        elif m := re.match(r"States (\d+)", line):
            left = int(m[1])
        elif left:
            at[0].add(frozenset(re.sub(r"[\[\] ]", "", line).strip(";").split(";")))
            left -= 1
        elif m := re.match(r"Positive: (\d+) Negative: (\d+)", line):
            at[1] = (m[1], m[2])
        elif line.startswith("Flag data-race"):
            at[2] = True
    return answers


def check_herd7(folder, n):
    here, bad = dict(TABLE), []
    tests = {f"t{seed}": random_test(seed) for seed in range(n)}
    tests.update({name.replace(" ", "_"): c(name.replace(" ", "_"), *text) for name, (text, _, _) in here.items()})
    paths = write(folder, tests)
    for i in range(0, len(paths), 16):
        some = paths[i:i + 16]
        herd = subprocess.run([HERD7, "-conf", LKMM + "/linux-kernel.cfg", "-I", LKMM, *some], capture_output=True,
                              text=True, check=False)
        ours = subprocess.run([KICKBENCH, "explore", "--litmus-file", *some, "--model", "lkmm"], capture_output=True,
                              text=True, check=False)
        theirs, mine = read_answers(herd.stdout), read_answers(ours.stdout)
        # Values without end (x + 1 into x) are a failure here, and some programs are herd7's.
        bad += [name for name in theirs if theirs[name][1] and name in mine and mine[name][1] and
                theirs[name] != mine[name]]
    assert not bad, [(name, tests[name]) for name in bad]


with tempfile.TemporaryDirectory() as scratch:
    check_table(scratch)
    if shutil.which(HERD7) and os.path.exists(LKMM + "/linux-kernel.cfg"):
        check_herd7(scratch, int(os.environ.get("HERD7_TESTS", "32")))
