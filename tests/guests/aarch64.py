#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: aarch64.py PROGRAM SYSROOT GUEST
A guest of four aarch64 CPUs with two NUMA nodes, under Debian's kernel of the folder GUEST (mmdebstrap
--variant=extract: linux-image-arm64, busybox-static), runs the program that was built with SYSROOT: the verbs end
as they should, books are exact, and the clock is the counter's.  The emulator runs on x86, in order: weak order is
not shown.  Exit: 4 no emulator."""
import csv
import glob
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile

import guest

STEPS = """
step list kickbench list
step topo kickbench topo --json
step explore kickbench explore --backend patched,old --scenario one-kick --model sc
step bench kickbench bench --scenario roundtrip,fastpath --backend patched --window 2ms --reps 9 --perf off --out /tmp/b
step bench.csv cat /tmp/b/bench.csv
step run.json sh -c 'cat /tmp/b/run.json; echo'
step stress kickbench stress --backend patched --seconds 2 --out /tmp/s
step stress.csv cat /tmp/s/stress.csv
cpu 3 0
step offline kickbench bench --kicker-pu cpu:3 --vcpu-pu 0 --perf off
"""
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(str(what)[-600:])


def needed(program, sysroot):
    """What a program of the sysroot is linked with: {name: file}."""
    found, waiting = {}, [program]
    while waiting:
        said = subprocess.run(["aarch64-linux-gnu-objdump", "-p", waiting.pop()], capture_output=True, text=True,
                              check=True).stdout
        for name in re.findall(r"NEEDED +(\S+)", said):
            if name not in found:
                found[name] = glob.glob(f"{sysroot}/**/aarch64-linux-gnu/{name}", recursive=True)[0]
                waiting.append(found[name])
    return found


def files(program, sysroot, base):
    busybox = {f"bin/{tool}": f"{base}/bin/busybox" for tool in guest.TOOLS}
    libraries = {f"lib/aarch64-linux-gnu/{name}": file for name, file in needed(program, sysroot).items()}
    loader = {"lib/ld-linux-aarch64.so.1": glob.glob(f"{sysroot}/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1")[0]}
    return {"bin/kickbench": program, **busybox, **libraries, **loader}


def boot(folder, program, sysroot, base):
    archive = guest.initramfs(folder, STEPS, files(program, sysroot, base))
    nodes = ["-object", "memory-backend-ram,id=m0,size=384M", "-object", "memory-backend-ram,id=m1,size=384M",
             "-numa", "node,nodeid=0,memdev=m0,cpus=0-1", "-numa", "node,nodeid=1,memdev=m1,cpus=2-3"]
    return guest.follow(folder, [
        "qemu-system-aarch64", "-machine", "virt", "-cpu", "max", "-smp", "4,sockets=2,cores=2", "-m", "768", *nodes,
        "-kernel", glob.glob(base + "/boot/vmlinuz-*")[0], "-initrd", archive, "-serial", f"file:{folder}/said",
        "-append", "console=ttyAMA0 " + guest.ALWAYS])


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.strip())))


def check(said):
    print("aarch64:", {name: code for name, (_, code) in said.items()})
    for name, codes in {"list": (0,), "topo": (0,), "explore": (1,), "bench": (0, 5), "stress": (0, 5),
                        "offline": (2,)}.items():
        look(name in said and said[name][1] in codes, f"{name}: {said.get(name)}")
    if "offline" not in said:
        return
    counts = json.loads(said["topo"][0])["counts"]
    look(counts["pus"] == 4 and counts["numa_nodes"] == 2, counts)
    look("HOLDS" in said["explore"][0] and "POISONED" in said["explore"][0], said["explore"])
    look("cntvct" in said["run.json"][0], "the clock is not cntvct")
    look("cpu 3 is offline" in said["offline"][0], said["offline"])
    for row in rows_of(said["bench.csv"][0]) + rows_of(said["stress.csv"][0]):
        parts = ("useful", "stale", "spurious", "double", "dropped", "invalid")
        look(not row["ipis_sent"] or int(row["ipis_sent"]) == sum(int(row.get("ipis_" + p) or 0) for p in parts), row)
        look((row["lost"] or "0") == "0" and row["verdict"] != "violated", row)


if not shutil.which("qemu-system-aarch64"):
    print("no qemu-system-aarch64 here (Debian package qemu-system-arm)")
    sys.exit(4)
with tempfile.TemporaryDirectory() as work:
    check(boot(work, *sys.argv[1:]))
print("\n".join(complaints))
sys.exit(bool(complaints))
