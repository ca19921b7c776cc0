#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The packaged kernel's own text does what tests/impl/ordered/table.txt says of `mainline`.

Downloads Debian's linux-source (as the kernel lab does) and looks for the ordered operations of each
function, in this order.  Exit code 4 where there is no apt or no such package.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

SRC = os.environ.get("SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, SRC + "/scripts/lab")
from generate import Drift, Source  # noqa: E402

PACKAGE = "linux-source-6.1"
MODE = r"vcpu->mode\s*=\s*"
# (file, function, what stands in it, in this order)
EXPECTED = [
    ("include/linux/kvm_host.h", "kvm_vcpu_exiting_guest_mode", [r"smp_mb__before_atomic\(", r"cmpxchg\(&vcpu->mode"]),
    ("include/linux/kvm_host.h", "__kvm_make_request", [r"smp_wmb\(", r"set_bit\("]),
    ("include/linux/kvm_host.h", "kvm_check_request",
     [r"kvm_test_request\(", r"kvm_clear_request\(", r"smp_mb__after_atomic\("]),
    ("kernel/exit.c", "rcuwait_wake_up", [r"smp_mb\(", r"rcu_dereference\(w->task\)", r"wake_up_process\("]),
    ("include/linux/rcuwait.h", "prepare_to_rcuwait", [r"rcu_assign_pointer\(w->task"]),
    ("virt/kvm/kvm_main.c", "kvm_vcpu_block",
     [r"prepare_to_rcuwait\(", r"set_current_state\(TASK_INTERRUPTIBLE\)", r"kvm_vcpu_check_block\(", r"schedule\(",
      r"finish_rcuwait\("]),
    ("virt/kvm/kvm_main.c", "kvm_vcpu_kick",
     [r"kvm_vcpu_wake_up\(", r"get_cpu\(", r"__this_cpu_read\(kvm_running_vcpu\)", r"WRITE_ONCE\(vcpu->mode",
      r"kvm_arch_vcpu_should_kick\(", r"READ_ONCE\(vcpu->cpu\)", r"smp_send_reschedule\(", r"put_cpu\("]),
    ("virt/kvm/kvm_main.c", "kvm_make_vcpu_request",
     [r"__kvm_make_request\(", r"kvm_vcpu_wake_up\(", r"kvm_request_needs_ipi\(", r"READ_ONCE\(vcpu->cpu\)",
      r"__?cpumask_set_cpu\("]),
    ("virt/kvm/kvm_main.c", "kvm_request_needs_ipi", [r"kvm_vcpu_exiting_guest_mode\("]),
    ("arch/x86/kvm/x86.c", "kvm_arch_vcpu_should_kick", [r"kvm_vcpu_exiting_guest_mode\("]),
    ("arch/x86/kvm/x86.c", "kvm_vcpu_exit_request", [r"vcpu->mode == EXITING_GUEST_MODE", r"kvm_request_pending\("]),
    ("arch/x86/kvm/x86.c", "vcpu_enter_guest",
     [r"preempt_disable\(", r"local_irq_disable\(", r"smp_store_release\(&vcpu->mode, IN_GUEST_MODE\)",
      r"smp_mb__after_srcu_read_unlock\(", r"kvm_vcpu_exit_request\(", MODE + "OUTSIDE_GUEST_MODE", r"smp_wmb\(",
      r"local_irq_enable\(", MODE + "OUTSIDE_GUEST_MODE", r"smp_wmb\(", r"local_irq_enable\(", r"preempt_enable\("]),
    ("arch/x86/kvm/mmu/mmu.c", "walk_shadow_page_lockless_begin",
     [r"local_irq_disable\(", r"smp_store_mb\(vcpu->mode, READING_SHADOW_PAGE_TABLES\)"]),
    ("arch/x86/kvm/mmu/mmu.c", "walk_shadow_page_lockless_end",
     [r"smp_store_release\(&vcpu->mode, OUTSIDE_GUEST_MODE\)", r"local_irq_enable\("]),
]


def skip(reason):
    print("skipped: " + reason)
    sys.exit(4)


def unpack(folder):
    try:
        done = subprocess.run(["apt-get", "download", "-q", PACKAGE], cwd=folder, capture_output=True, text=True,
                              check=False)
    except FileNotFoundError:
        skip("no apt-get here")
    debs = glob.glob(folder + "/*.deb")
    if done.returncode or not debs:
        skip(f"apt-get download {PACKAGE} failed: " + (done.stderr.strip().splitlines() or ["?"])[-1])
    wanted = " ".join(f"'*/{path}'" for path in sorted({path for path, _, _ in EXPECTED}))
    subprocess.run(f"dpkg-deb --fsys-tarfile {debs[0]} | tar -xO --wildcards '*.tar.xz' |"
                   f" tar -xJ --strip-components=1 --wildcards {wanted}", shell=True, cwd=folder, check=True)


def check(source, function, patterns):
    """What is missing, or None."""
    start, end = source.function(function)
    at = start
    for pattern in patterns:
        found = re.compile(pattern).search(source.code, at, end)
        if not found:
            return f"no {pattern} after what comes before it"
        at = found.end()
    return None


def main():
    complaints = 0
    with tempfile.TemporaryDirectory() as folder:
        unpack(folder)
        for path, function, patterns in EXPECTED:
            with open(f"{folder}/{path}", encoding="utf-8") as f:
                source = Source(f.read())
            try:
                missing = check(source, function, patterns)
            except Drift as drift:
                missing = str(drift)
            if missing:
                complaints += 1
                print(f"{path}: {function}(): {missing}")
    print(f"{len(EXPECTED)} functions of {PACKAGE} looked at, {complaints} complaints")
    sys.exit(1 if complaints else 0)


main()
