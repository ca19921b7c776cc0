#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line of kickbench kvm: each mistake is one line that names what is taken, exit 2; and where
there is no KVM to ask, or no instrumented kvm.ko, exit 4 with the reason.  Boots nothing."""

import os
import subprocess
import sys

KICKBENCH = os.environ.get("KICKBENCH", "build/release/kickbench")
complaints = 0


def run(*arguments, **more):
    return subprocess.run(
        [KICKBENCH, "kvm", *arguments], capture_output=True, text=True, timeout=60, check=False, **more
    )


def expect(done, code, *words):
    global complaints
    fine = done.returncode == code and done.stderr.count("\n") == 1 and all(w in done.stderr for w in words)
    if not fine or done.stdout:
        complaints += 1
        print(f"{done.args[2:]}: exit {done.returncode}, not {code} with {words}: {done.stderr!r}")


MISTAKES = [
    (["--kick", "nmi"], "unknown kick 'nmi'", "msi", "irqfd", "dirty_log", "signal"),
    (["--kick", "floor"], "unknown kick"),
    (["--kick", "msi,,irqfd"], "expected a list"),
    (["--kick", "msi,clock,msi"], "'msi' stands there twice"),
    (["--kick"], "wants a value"),
    (["--seconds", "0"], "expected a time of 1ms"),
    (["--seconds", "nan"], "expected a time"),
    (["--seconds", "5h"], "expected a time"),
    (["--seed", "-1"], "expected a number"),
    (["--kicks"], "unknown option '--kicks'"),
    (["now"], "unexpected argument 'now'"),
    (["--lab", "rounds=0"], "rounds '0': expected 1..1M"),
    (["--lab", "first=signal"], "signal is none"),
    (["--lab", "second=nmi"], "unknown second 'nmi'"),
    (["--lab", "migrate=2"], "unknown migrate '2' (known: 0 1)"),
    (["--lab", "gate="], "unknown gate '' (known: 0 1)"),
    (["--lab", "wait=61"], "time of 1us..1m"),
    (["--lab", "delay=2m"], "time of 1us..1m"),
    (["--lab", "free=2m,gate=0"], "time of 1us..1m"),
    (["--lab", "free=1s"], "gate=0"),
    (["--lab", "third=msi"], "NAME=VALUE"),
    (["--lab", "msi"], "NAME=VALUE"),
    (["--lab", "rounds=1", "--json"], "stdout"),
    (["--lab", "rounds=1"] * 33, "32 times"),
]
for arguments, *words in MISTAKES:
    expect(run(*arguments), 2, *words)

help_text = run("--help")
if help_text.returncode or "--lab" not in help_text.stdout:
    complaints += 1
    print("--help: " + help_text.stderr)
if not os.path.exists("/sys/module/kvm/parameters/klab_variant"):
    expect(run("--lab", "rounds=1"), 4, "klab_variant")


def nobody():
    os.setgid(65534)
    os.setgroups([])
    os.setuid(65534)


if not os.path.exists("/dev/kvm"):
    expect(run("--seconds", "1"), 4, "/dev/kvm", "No such file")
elif os.geteuid() == 0 and not os.stat("/dev/kvm").st_mode & 0o006 and os.access(KICKBENCH, os.X_OK):
    try:
        expect(run("--seconds", "1", preexec_fn=nobody, cwd="/"), 4, "/dev/kvm", "Permission denied")
    except PermissionError:
        print("not tried: a user without rights cannot reach the program")
print(f"{len(MISTAKES)} mistakes, {complaints} complaints")
sys.exit(1 if complaints else 0)
