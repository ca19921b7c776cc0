#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 0
"""The program in guests of 8 and, by turns from day to day, 32 or 64 emulated CPUs (or as many as arguments say): what it
takes for the machine, threads on the PUs that they say and no more of them than it says, memory on the nodes that it
says (asked from outside, by move_pages()), exact books, isolated CPUs, CPUs that go offline, a cpuset that moves, and
clean ends.

No figure is looked at: an emulated CPU has no speed.  --perf off, since perf_event_open() hangs such a guest."""
import csv
import datetime
import io
import json
import re
import sys
import tempfile

import guest

complaints = 0


def look(fine, what):
    global complaints
    if not fine:
        complaints += 1
        print("WRONG:", what)


def nodes(sizes, per_node, memory_only):
    """Arguments for QEMU: a NUMA node for every per_node CPUs, and one with memory alone."""
    arguments, cpu = [], 0
    for i, size in enumerate(sizes):
        arguments += ["-object", f"memory-backend-ram,id=m{i},size={size}M"]
        with_cpus = i < len(sizes) - memory_only
        arguments += ["-numa", f"node,nodeid={i},memdev=m{i}" + (f",cpus={cpu}-{cpu + per_node - 1}" if with_cpus else "")]
        cpu += per_node
    return ["-m", str(sum(sizes)), *arguments]


# name: CPUs for QEMU, nodes, isolated; then what hwloc should see of it: packages, dies, SMT.
GUESTS = {
    8: ("8,sockets=2,cores=2,threads=2", nodes([384, 384, 128], 4, 1), "6,7", 2, 0, 2),
    32: ("32,sockets=2,dies=2,cores=4,threads=2", nodes([320, 320, 320, 320, 128], 8, 1), "30,31", 2, 4, 2),
    64: ("64,sockets=4,cores=8,threads=2", nodes([320, 320, 320, 320, 128], 16, 1), "62,63", 4, 0, 2),
}

STEPS = """
step topo kickbench topo --json
step isolated kickbench bench --kicker-pu cpu:{last} --vcpu-pu 0 --perf off
step named taskset -c {last} kickbench topo --json
step idle cat /proc/stat
step jobs taskset -c {isolated} kickbench explore --backend patched --scenario two-kicks --model rc11 --jobs 2
step worked cat /proc/stat
step bench look /bin/kickbench bench --scenario roundtrip --loop closed --backend patched --window 2ms --perf off --out /tmp/b
step bench.csv cat /tmp/b/bench.csv
step stress look /bin/kickbench stress --backend patched --seconds 1 --threads {usable} --out /tmp/s
step stress.csv cat /tmp/s/stress.csv
{run}
cpu 3 0
step without kickbench topo --json
step offline kickbench bench --kicker-pu cpu:3 --vcpu-pu 0 --perf off
step around kickbench stress --backend patched --seconds 1 --out /tmp/o
cpu 3 1
(begun /tmp/l; cpu 2 0) &
step leaves kickbench bench --scenario roundtrip --loop closed --backend patched --kicker-pu cpu:2 --vcpu-pu cpu:1 \\
  --window 2s --reps 1000 --perf off --out /tmp/l
cpu 2 1
echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/box
(begun /tmp/m; echo 4-5 >/sys/fs/cgroup/box/cpuset.cpus) &
step moves sh -c 'echo 0-2 >/sys/fs/cgroup/box/cpuset.cpus; echo $$ >/sys/fs/cgroup/box/cgroup.procs
  exec kickbench bench --scenario roundtrip --loop closed --backend patched --window 2s --reps 1000 --perf off --out /tmp/m'
"""


RUN = "step run timed kickbench run --quick --perf off --budget 60s --out /tmp/r"


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.strip())))


def seen(text):
    """look.c's lines: word: {number: rest}."""
    found = {}
    for word, number, rest in re.findall(r"^(threads|pinned|home|ended) (\d+) ?(\d*)$", text, re.M):
        found.setdefault(word, {})[int(number)] = rest
    return found


def check_topo(said, n, isolated, packages, dies, smt):
    topo = json.loads(said["topo"][0])
    count = topo["counts"]
    usable = n - len(isolated)
    look(count["pus"] == usable, f"{count['pus']} PUs, not {usable}")
    look(count["packages"] == packages and count["dies"] == dies and count["max_smt"] == smt,
         f"packages, dies, SMT: {count}")
    look(topo["isolated_cpus"].replace("-", ",") == ",".join(map(str, isolated)), topo["isolated_cpus"])
    text, code = said["isolated"]
    look(code == 2 and "isolated" in text and text.count("\n") == 1, said["isolated"])
    look([p["cpu"] for p in json.loads(said["named"][0])["pus"]] == [isolated[-1]], "taskset names an isolated CPU")
    return topo


def ticks(text, cpu):
    """Of the programs on it."""
    return int(re.search(rf"^cpu{cpu} (\d+)", text, re.M)[1])


def check_jobs(said, isolated):
    """The kernel leaves a thread on an isolated CPU where it is; each worker has one all the same."""
    look(said["jobs"][1] == 0 and "HOLDS" in said["jobs"][0], said["jobs"])
    worked = {cpu: ticks(said["worked"][0], cpu) - ticks(said["idle"][0], cpu) for cpu in isolated}
    print("ticks of isolated CPUs:", worked)
    look(min(worked.values()) * 4 > max(worked.values()), f"--jobs leaves isolated CPUs idle: {worked}")


def check_run(said):
    """It ends in the time that it has promised; slow as it is here, it may have decided nothing."""
    text, code = said["run"]
    if code not in (0, 5):
        look(False, f"run: {code}: {text[-1500:]}")
        return
    most, began, ended = (float(re.search(pattern, text)[1]) for pattern in
                          (r"at most (\d+) s", r"\nfrom (\S+)", r"\nto (\S+)\n$"))
    print(f"run: at most {most:.0f} s, took {ended - began:.0f} s;", *re.findall("left out: .* rows", text))
    look(ended - began <= 1.25 * most, "run takes longer than it has said")


def check_bench(said, topo):
    text, kernel = said["bench"][0], seen(said["bench"][0])
    rows = rows_of(said["bench.csv"][0])
    cpu = {str(p["pu"]): p["cpu"] for p in topo["pus"]}
    asked = {cpu[pu] for r in rows for pu in (r["kicker_pu"], r["vcpu_pu"])}
    look(set(kernel["ended"]) <= {0, 5} and "does not end" not in text, text[:600] + text[-300:])
    # Looked at now and then, so not all; and the clock is compared between CPUs before.
    look(len(set(kernel["pinned"]) & asked) >= 2, f"pinned to {set(kernel['pinned'])}, of {asked}")
    homes = {r["home"] for r in rows}
    only = {h for h in homes if h.startswith("node:")}
    look(len(only) == 1 and {"kicker", "vcpu"} <= homes, f"homes {homes}")
    for home in only:
        look(int(home[5:]) in kernel["home"], f"no memory on {home}: {kernel.get('home')}")
    look(not any("home" in r["reason"] for r in rows), "memory is not at its home")
    for r in rows:
        parts = ("useful", "stale", "spurious", "double", "dropped")
        look(int(r["ipis_sent"]) == sum(int(r["ipis_" + p]) for p in parts), r)
        look(r["verdict"] != "violated" and r["lost"] == "0", r)


def check_stress(said, usable):
    text, kernel = said["stress"][0], seen(said["stress"][0])
    rows = rows_of(said["stress.csv"][0])
    look(set(kernel["ended"]) <= {0, 5} and "does not end" not in text, text[:600] + text[-300:])
    # The threads, and the main thread of their process.
    look(max(kernel["threads"]) <= usable + 1, f"{max(kernel['threads'])} threads, {usable} were asked for")
    look(len(kernel["pinned"]) > usable // 2, f"pinned to {len(kernel['pinned'])} CPUs only")
    for r in rows:
        parts = ("useful", "stale", "spurious", "double", "dropped", "invalid")
        look(int(r["ipis_sent"]) == sum(int(r["ipis_" + p]) for p in parts), r)
        look(r["lost"] == r["poisoned"] == r["account"] == "0", r)


def check_changes(said, usable):
    look(json.loads(said["without"][0])["counts"]["pus"] == usable - 1, "an offline CPU counts")
    look(said["offline"][1] == 2 and "cpu 3 is offline" in said["offline"][0], said["offline"])
    look(said["around"][1] in (0, 5) and "watchdog" not in said["around"][0], said["around"])
    look(said["leaves"][1] == 3 and "cpu 2 went offline" in said["leaves"][0], said["leaves"])
    look(said["moves"][1] == 3 and "pin" in said["moves"][0] and "cpuset" in said["moves"][0], said["moves"])


def check(n, last):
    cpus, machine, isolated, packages, dies, smt = GUESTS[n]
    numbers = [int(i) for i in isolated.split(",")]
    usable = n - len(numbers)
    with tempfile.TemporaryDirectory() as folder:
        said = guest.boot(folder, cpus, machine, "isolcpus=" + isolated,
                          STEPS.format(last=numbers[-1], isolated=isolated, usable=usable,
                                       run=RUN if last else ""))
    print(f"{n} CPUs:", {name: code for name, (_, code) in said.items()})
    if "moves" not in said:
        look(False, f"the guest of {n} CPUs did not come to its end")
        return
    topo = check_topo(said, n, numbers, packages, dies, smt)
    check_jobs(said, numbers)
    check_bench(said, topo)
    check_stress(said, usable)
    check_changes(said, usable)
    if "run" in said:
        check_run(said)


try:
    guest.needs()
    guest.kernel()
except guest.Skip as reason:
    print("skipped:", reason)
    sys.exit(4)
sizes = [int(word) for word in sys.argv[1:]] or [8, (32, 64)[datetime.date.today().toordinal() % 2]]
for size in sizes:
    check(size, size == sizes[-1])
print(f"{complaints} complaints")
sys.exit(complaints > 0)
