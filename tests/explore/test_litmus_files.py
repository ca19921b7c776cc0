#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench explore --litmus-file: what each model allows of tests whose answers everybody knows, in the kernel's
words and in C11's; what is no such test is refused with its line, what no model here has by name."""
import json
import os
import subprocess
import tempfile

KICKBENCH = os.environ["KICKBENCH"]
MODELS = ("sc", "tso", "pso", "rc11")
NEVER, SOMETIMES, ALWAYS = "Never", "Sometimes", "Always"


def c(name, start, *threads_and_condition):
    *threads, condition = threads_and_condition
    text = f"C {name}\n\n(* Written for this test. *)\n\n{{{start}}}\n\n"
    for i, body in enumerate(threads):
        words = "int *x, int *y, int *z, spinlock_t *l, atomic_t *a, int **p"
        text += f"P{i}({words})\n{{\n\tint r0;\n\tint r1;\n\tint *q;\n\n\t{body}\n}}\n\n"
    return text + condition + "\n"


def same(observation):
    return (observation,) * 4


SB = "WRITE_ONCE(*{0}, 1); {2} r0 = READ_ONCE(*{1});"
SB_BOTH = "exists (0:r0=0 /\\ 1:r0=0)"
MP_LATE = "exists (1:r0=1 /\\ 1:r1=0)"
MP_READ = "r0 = READ_ONCE(*y); {0} r1 = READ_ONCE(*x);"

# Text, and what is seen under sc, tso, pso, rc11.
KNOWN = {
    "SB": ((SB.format("x", "y", ""), SB.format("y", "x", ""), SB_BOTH), (NEVER, SOMETIMES, SOMETIMES, SOMETIMES)),
    "SB+mbs": ((SB.format("x", "y", "smp_mb();"), SB.format("y", "x", "smp_mb();"), SB_BOTH), same(NEVER)),
    "SB+store_mb": (("smp_store_mb(*x, 1); r0 = READ_ONCE(*y);", "smp_store_mb(*y, 1); r0 = READ_ONCE(*x);", SB_BOTH),
                    same(NEVER)),
    "SB+xchg": (("r1 = xchg(x, 1); r0 = READ_ONCE(*y);", "r1 = xchg(y, 1); r0 = READ_ONCE(*x);", SB_BOTH),
                same(NEVER)),
    "SB+xchg_relaxed": (("r1 = xchg_relaxed(x, 1); r0 = READ_ONCE(*y);",
                         "r1 = xchg_relaxed(y, 1); r0 = READ_ONCE(*x);", SB_BOTH), (NEVER, NEVER, NEVER, SOMETIMES)),
    "SB+inc+after": (("atomic_inc(a); smp_mb__after_atomic(); r0 = READ_ONCE(*y);",
                      "WRITE_ONCE(*y, 1); smp_mb(); r0 = atomic_read(a);", SB_BOTH), same(NEVER)),
    # A cmpxchg that fails orders nothing.
    "SB+failed": (("WRITE_ONCE(*x, 1); r1 = cmpxchg(z, 5, 6); r0 = READ_ONCE(*y);",
                   "WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);", SB_BOTH), (NEVER, NEVER, NEVER, SOMETIMES)),
    "MP": (("WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);", MP_READ.format(""), MP_LATE),
           (NEVER, NEVER, SOMETIMES, SOMETIMES)),
    "MP+wmb+rmb": (("WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);", MP_READ.format("smp_rmb();"), MP_LATE),
                   same(NEVER)),
    "MP+rel+acq": (("*x = 1; smp_store_release(y, 1);", "r0 = smp_load_acquire(y); r1 = *x;", MP_LATE), same(NEVER)),
    "MP+rel+once": (("WRITE_ONCE(*x, 1); smp_store_release(y, 1);", MP_READ.format(""), MP_LATE),
                    (NEVER, NEVER, NEVER, SOMETIMES)),
    "MP+locks": (("spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l);",
                  "spin_lock(l); " + MP_READ.format("") + " spin_unlock(l);", MP_LATE), same(NEVER)),
    "MP+trylock": (("spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l);",
                    "r0 = 1; r1 = 2; if (spin_trylock(l)) { r1 = READ_ONCE(*x) + 10 * READ_ONCE(*y); spin_unlock(l); }",
                    "exists (1:r1=1 \\/ 1:r1=10)"), same(NEVER)),
    "LB": (("r0 = READ_ONCE(*x); WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); WRITE_ONCE(*x, 1);",
            "exists (0:r0=1 /\\ 1:r0=1)"), same(NEVER)),
    "2+2W": (("WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2);", "WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2);",
              "exists (x=1 /\\ y=1)"), (NEVER, NEVER, SOMETIMES, SOMETIMES)),
    "R+mbs": (("WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1);",
               "WRITE_ONCE(*y, 2); smp_mb(); r0 = READ_ONCE(*x);", "exists (y=2 /\\ 1:r0=0)"), same(NEVER)),
    "IRIW": (("WRITE_ONCE(*x, 1);", MP_READ.format(""), "WRITE_ONCE(*y, 1);",
              "r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);", "exists (1:r0=1 /\\ 1:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)"),
             (NEVER, NEVER, NEVER, SOMETIMES)),
    "IRIW+mbs": (("WRITE_ONCE(*x, 1);", MP_READ.format("smp_mb();"), "WRITE_ONCE(*y, 1);",
                  "r0 = READ_ONCE(*x); smp_mb(); r1 = READ_ONCE(*y);",
                  "exists (1:r0=1 /\\ 1:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)"), same(NEVER)),
    "CoRR": (("WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2);", "r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);",
              "exists (1:r0=2 /\\ 1:r1=1)"), same(NEVER)),
    "pointer": (("WRITE_ONCE(*x, 1); rcu_assign_pointer(*p, x);",
                 "q = rcu_dereference(*p); r1 = READ_ONCE(*q);", "exists (1:q=x /\\ 1:r1=0)"),
                (NEVER, NEVER, NEVER, SOMETIMES)),
    "counts": (("atomic_inc(a); atomic_add(3, a);", "r0 = atomic_dec_return(a); atomic_sub(1, a);", "forall (a=2)"),
               same(ALWAYS)),
    "tested": (("r0 = atomic_dec_and_test(a);", "r0 = atomic_dec_and_test(a);",
                "exists (0:r0=1 /\\ 1:r0=0 \\/ 0:r0=0 /\\ 1:r0=1)"), same(ALWAYS)),
    "nobody twice": (("r0 = cmpxchg(x, 0, 1);", "r0 = cmpxchg(x, 0, 2);", "~exists (0:r0=0 /\\ 1:r0=0)"),
                     same(NEVER)),
    "branches": (("if (READ_ONCE(*x) == 1 && !READ_ONCE(*y)) r0 = 7; else { r0 = READ_ONCE(*x) ? 3 : -4; }",
                  "smp_store_release(x, 1);", "exists (0:r0=7 \\/ 0:r0=3 \\/ 0:r0=-4)"), same(ALWAYS)),
    "filtered": (("WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);",
                  "locations [x; 1:r1]\nfilter (1:r0=1)\nforall (1:r1=1)"), same(ALWAYS)),
    "locked": (("spin_lock(l); smp_mb__after_spinlock(); WRITE_ONCE(*x, 1); spin_unlock(l);",
                "r0 = smp_load_acquire(x); r1 = spin_is_locked(l) + 2 * spin_is_locked(l);",
                "exists (1:r0=1 /\\ 1:r1=2)"), same(NEVER)),
}

C11 = """C {name}
{{ x = 0; y = 0; }}
P0(atomic_int* x, atomic_int* y)
{{
  atomic_store_explicit(x, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_{0});
  atomic_store_explicit(y, 1, memory_order_{1});
}}
P1(atomic_int* x, atomic_int* y)
{{
  int r0 = atomic_load_explicit(y, memory_order_{2});
  atomic_thread_fence(memory_order_{3});
  int r1 = atomic_load_explicit(x, memory_order_relaxed);
}}
exists (1:r0=1 /\\ 1:r1=0)
"""
C11_KNOWN = {
    ("release", "relaxed", "relaxed", "acquire"): same(NEVER),
    ("relaxed", "release", "acquire", "relaxed"): same(NEVER),
    ("acquire", "relaxed", "relaxed", "acquire"): (NEVER, NEVER, SOMETIMES, SOMETIMES),
    ("seq_cst", "relaxed", "relaxed", "release"): (NEVER, NEVER, NEVER, SOMETIMES),
    ("acq_rel", "relaxed", "seq_cst", "relaxed"): same(NEVER),
}
CAS = """C cas
{ int x = 5; }
P0(atomic_int* x) { int r0 = 5; int r1 = atomic_compare_exchange_strong(x, &r0, 6); }
P1(atomic_int* x) { int r0 = 5;
  int r1 = atomic_compare_exchange_strong_explicit(x, &r0, 7, memory_order_acq_rel, memory_order_relaxed); }
forall (0:r1=1 /\\ 1:r1=0 /\\ 1:r0=6 /\\ x=6 \\/ 0:r1=0 /\\ 1:r1=1 /\\ 0:r0=7 /\\ x=7)
"""
# A failure has an order of its own, whatever that of a success is.
CAS_MP = """C cas_mp
{{ x = 0; y = 0; }}
P0(atomic_int* x, atomic_int* y)
{{
  atomic_store_explicit(x, 1, memory_order_relaxed);
  atomic_store_explicit(y, 1, memory_order_release);
}}
P1(atomic_int* x, atomic_int* y)
{{
  int r0 = 5;
  int r2 = atomic_compare_exchange_strong_explicit(y, &r0, 6, memory_order_{0}, memory_order_{1});
  int r1 = atomic_load_explicit(x, memory_order_relaxed);
}}
exists (1:r0=1 /\\ 1:r1=0)
"""
CAS_MP_KNOWN = {
    ("acq_rel", "acquire"): same(NEVER),
    ("relaxed", "acquire"): same(NEVER),
    ("seq_cst", "seq_cst"): same(NEVER),
    ("acq_rel", "relaxed"): (NEVER, NEVER, NEVER, SOMETIMES),
    ("seq_cst", "relaxed"): (NEVER, NEVER, NEVER, SOMETIMES),
}

# What is wrong, in which line, and what the message says.
WRONG = {
    "AArch64 MP\n{}\n": (1, "not C"),
    "C t\n{}\nP0(int *x)\n{\n\twhile (1) {}\n}\nexists (x=1)\n": (5, "while"),
    "C t\n{}\nP0(int *x)\n{\n\tr0 = READ_TWICE(*x);\n}\nexists (x=1)\n": (5, "READ_TWICE()"),
    "C t\n{}\nP0(int *x)\n{\n\tint r0 = READ_ONCE(x);\n}\nexists (x=1)\n": (5, "'*' is expected"),
    "C t\n{}\nP0(int *x)\n{\n\tx = 1;\n}\nexists (x=1)\n": (5, "shared"),
    "C t\n{}\nP0(int x)\n{\n}\nexists (x=1)\n": (3, "no pointer"),
    "C t\n{}\nP1(int *x)\n{\n}\nexists (x=1)\n": (3, "'P0' is expected"),
    "C t\n{}\nP0(int *x)\n{\n}\nexists (0:r7=1)\n": (6, "no register 'r7'"),
    "C t\n{}\nP0(int *x)\n{\n}\nexists (4:r7=1)\n": (6, "no thread 4"),
    "C t\n{}\nP0(int *x)\n{\n}\nexists (x=99999999999)\n": (6, "32 bits"),
    "C t\n{}\nP0(int *x)\n{\n}\n": (6, "exists"),
    "C t\n{}\nexists (x=1)\n": (3, "no thread"),
    "C t\n{}\nP0(int *x)\n{\n\tint r0 = " + "(" * 99 + "1" + ")" * 99 + ";\n}\nexists (x=1)\n": (5, "nested"),
    "": (1, "not C"),
}
REFUSED = {"synchronize_rcu();": "synchronize_rcu()", "smp_mb__after_spinlock();": "smp_mb__after_spinlock()",
           "smp_mb__after_spinlock ();": "smp_mb__after_spinlock()",
           "r0 = atomic_add_unless(a, 1, 2);": "atomic_add_unless()"}


def run(folder, texts, *options):
    paths = []
    for i, text in enumerate(texts):
        paths.append(os.path.join(folder, f"{i}.litmus"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    return subprocess.run([KICKBENCH, "explore", "--litmus-file", *paths, "--model", ",".join(MODELS), *options],
                          capture_output=True, text=True, check=False)


def check_known(folder):
    tests = [(c(name, "int z = 0; atomic_t a = ATOMIC_INIT(0); int *p = &y;" if name != "tested" else
                "a = 2;", *text), seen) for name, (text, seen) in KNOWN.items()]
    tests += [(C11.format(*orders, name="c11"), seen) for orders, seen in C11_KNOWN.items()]
    tests += [(CAS_MP.format(*orders), seen) for orders, seen in CAS_MP_KNOWN.items()]
    tests.append((CAS, same(ALWAYS)))
    done = run(folder, [text for text, _ in tests], "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) == len(MODELS) * len(tests)
    for i, row in enumerate(rows):
        text, seen = tests[i // len(MODELS)]
        wanted = seen[MODELS.index(row["model"])]
        assert (row["status"], row.get("observation")) == ("exhaustive", wanted), (text, row, wanted)


def check_words(folder):
    """In herd7's words."""
    text = c("SB", "", *KNOWN["SB"][0])
    done = run(folder, [text], "--model", "tso")
    for line in ("Test SB Allowed", "States 4", "0:r0=0; 1:r0=0;", "Ok", "Positive: 1 Negative: 3",
                 "Condition exists (0:r0=0 /\\ 1:r0=0)", "Observation SB Sometimes 1 3", "Model tso"):
        assert line in done.stdout.splitlines(), (line, done.stdout)
    assert done.returncode == 0
    # A witness of "never" is an execution in which it is not so.
    text = c("SB", "", *KNOWN["SB"][0]).replace("exists", "~exists")
    done = run(folder, [text], "--model", "tso")
    for line in ("Test SB Forbidden", "No", "Positive: 3 Negative: 1", "Observation SB Sometimes 1 3"):
        assert line in done.stdout.splitlines(), (line, done.stdout)


def check_wrong(folder):
    for text, (line, what) in WRONG.items():
        done = run(folder, [c("fine", "", *KNOWN["SB"][0]), text])
        assert done.returncode == 2 and not done.stdout, (text, done)
        assert done.stderr.count("\n") == 1 and f"1.litmus: line {line}: " in done.stderr and what in done.stderr, \
            (text, done.stderr)
    done = subprocess.run([KICKBENCH, "explore", "--litmus-file", folder + "/none"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 2 and "none: No such file" in done.stderr, done.stderr
    for options in (["--litmus-file"], ["some.litmus"], ["--litmus-file", "--backend", "old", "x"]):
        done = subprocess.run([KICKBENCH, "explore", *options], capture_output=True, text=True, check=False)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, (options, done.stderr)


def check_refused(folder):
    for word, named in REFUSED.items():
        done = run(folder, [c("t", "", "int r9; if (0) { " + word + " }", "exists (x=1)")])
        assert done.returncode == 4 and named in done.stdout, (word, done)


def check_locks(folder):
    """Who never gets a lock has no outcome, and that is said."""
    text = c("t", "", "spin_lock(l); r0 = 1;", "spin_lock(l); r0 = 1;", "exists (0:r0=1 /\\ 1:r0=1)")
    done = run(folder, [text], "--model", "sc")
    assert "Observation t Never 0 0" in done.stdout and "Stuck 2" in done.stdout, done.stdout


with tempfile.TemporaryDirectory() as scratch:
    check_known(scratch)
    check_words(scratch)
    check_wrong(scratch)
    check_refused(scratch)
    check_locks(scratch)
