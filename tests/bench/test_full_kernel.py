#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our count of real interrupts against the kernel's, over the same windows: by tracepoints where they can
be read (as root, in a mount namespace of our own if tracefs is mounted nowhere), and by /proc/interrupts.
A closed round trip kicks once per stint; the kernel sends no IPI to a carrier that does not run."""
import ctypes
import os
import unittest

from bench_folder import Folder, main_full, n_pus, select, skip, up_to_three_times

PLAN = ("--backend", "old,patched", "--scenario", "roundtrip", "--loop", "closed", "--transport",
        "doorbell,signal,membarrier", "--window", "4ms")
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18


def see_tracefs():
    """Why tracepoints cannot be read, or None."""
    if os.geteuid() != 0:
        return "needs root"
    if os.path.isdir("/sys/kernel/tracing/events"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
            or libc.mount(b"none", b"/sys/kernel/tracing", b"tracefs", 0, None)):
        return "tracefs cannot be mounted: " + os.strerror(ctypes.get_errno())
    return None


class Kernel(unittest.TestCase):
    def check_transport(self, rows, transport, column, slack, others=.01):
        """The kernel took each kick whose target ran: of every row no more are missing than its carrier was
        away, and `slack`; and of all rows together it counted few more than were sent, by others' doing."""
        rows = select(rows, transport=transport)
        if all(row["verdict"] == "na" for row in rows):
            self.skipTest(f"{transport}: {rows[0]['reason']}")
        rows = [row for row in rows if row["verdict"] == "ok"]
        self.assertGreater(len(rows), 8, "too few rows of " + transport)
        sent = sum(int(row["ipis_sent"]) for row in rows)
        kernel = sum(int(row[column]) for row in rows)
        self.assertGreater(sent, 100)
        self.assertLess(kernel - sent, others * sent + len(rows), f"{transport}: sent {sent}, kernel {kernel}")
        for row in rows:
            absences = int(row["perf_context_switches_vcpu"] or row["nivcsw"])  # the latter: not root
            away = int(row["ipis_sent"]) - int(row[column])
            self.assertLessEqual(away, absences + slack, row)

    @up_to_three_times
    def test_tracepoints(self):
        folder = Folder("bench", *PLAN, "--perf", "auto,kernel")
        self.assertEqual({row["kernel_status"] for row in folder.rows}, {"ok"})
        self.check_transport(folder.rows, "signal", "kernel_signals", 0)
        self.check_transport(folder.rows, "membarrier", "kernel_call_ipis", 1)
        for row in folder.rows:
            self.assertEqual(row["kernel_migrations"], "0", "pinned threads do not migrate")
            if row["transport"] == "doorbell":
                self.assertEqual(row["kernel_signals"], "0")
                self.assertLess(int(row["kernel_call_ipis"]), 10)

    @up_to_three_times
    def test_interrupts(self):
        with open("/proc/interrupts", encoding="ascii") as file:
            if "Function call interrupts" not in file.read():
                self.skipTest("/proc/interrupts does not tell")
        rows = Folder("bench", *PLAN).rows
        status = {row["transport"]: row["kernel_status"] for row in rows}
        self.assertEqual(status, {"doorbell": "off", "signal": "interrupts", "membarrier": "interrupts"})
        for row in rows:
            self.assertEqual(row["kernel_signals"], "", "not in /proc/interrupts")
        self.check_transport(rows, "membarrier", "kernel_call_ipis", 1, others=.1)


if __name__ == "__main__":
    if n_pus() < 2:
        skip("kicker and vCPU need a PU each: a kick of a thread that does not run sends no IPI")
    WHY = see_tracefs()
    if WHY:
        print("tracepoints are not looked at: " + WHY)
        del Kernel.test_tracepoints
    main_full()
