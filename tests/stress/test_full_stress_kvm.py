#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""stress --run kvm: under the kernel's own KVM_RUN the fixed protocols of VMMs lose nothing, and those whose
signal comes between the look and KVM_RUN are caught, by a verdict and by no watchdog.  Skipped where /dev/kvm
does not work."""
import json
import os
import subprocess
import sys
import tempfile

KICKBENCH = os.environ.get("KICKBENCH", "build/release/kickbench")
SOUND = ("chv_7428", "chv_7455_fixed", "chv_7459", "chv_pause", "chv_8092_fixed", "crosvm_kick", "firecracker_1410",
         "firecracker_5428", "hyperlight_1024", "qemu_kick", "s390_block_sie")
BROKEN = ("chv_7427", "chv_7455", "firecracker_304", "hyperlight_once", "chv_7459_once")


def stress(backends, seconds, folder):
    done = subprocess.run([KICKBENCH, "stress", "--run", "kvm", "--expect", "--json", "--seconds", seconds, "--backend",
                           ",".join(backends), "--out", folder], capture_output=True, text=True, check=False)
    if done.returncode == 4:
        print("skipped: " + done.stderr.strip())
        sys.exit(4)
    return done, {b["backend"]: b for b in json.loads(done.stdout)}


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        done, found = stress(SOUND, "1", folder + "/sound")
        wrong += [done] if done.returncode not in (0, 5) else []
        wrong += [b for b in found.values() if b["verdict"] == "violated"]
        done, found = stress(BROKEN, "30", folder + "/broken") # it ends when it is caught
        wrong += [done] if done.returncode else []
        wrong += [done] if "watchdog" in done.stderr else []
        wrong += [b for b in found.values() if not b["as_declared"]]
    for what in wrong:
        print(what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
