#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/cluster against a Slurm that is none: sbatch runs the tasks at once, on nodes as the test says, and
some are cancelled, killed, refused or put on one node twice.  What was asked for is judged or named missing."""
import os
import subprocess
import sys
import tempfile

SRC = os.environ["SRC"]
complaints = []

# Started often: without site-packages, and with no module that takes long; what they keep is Python's own text.
PYTHON = f"#!{sys.executable} -SE\n"
FAKE = r'''import os, sys
name, args, base = os.path.basename(sys.argv[0]), sys.argv[1:], os.environ["FAKE"]
plan = eval(open(base + "/plan").read())
def option(word):
    return next((a.split("=", 1)[1] for a in args if a.startswith(word + "=")), "")
def jobs():
    try:
        return eval(open(base + "/jobs").read())
    except OSError:
        return {}
if name == "sinfo":
    print("\n".join(f"{n} {f}" for n, f in plan["nodes"].items()))
elif name == "squeue":
    print("\n".join(f"{i} {s} {n}" for i, (s, n) in jobs().items() if s not in plan.get("forgotten", [])))
elif name == "scontrol":
    print("JobState=%s" % jobs().get(args[-1], ["?"])[0])
elif name == "sbatch":
    import subprocess
    low, _, high = option("--array").partition("-")
    numbers = [int(n) for n in low.split(",")] if not high else list(range(int(low), int(high) + 1))
    if len(numbers) > plan.get("most", 1000):
        sys.exit("sbatch: error: AssocMaxSubmitJobLimit: Job violates accounting/QOS policy")
    known = jobs()
    job = str(100 + len({i.split("_")[0] for i in known}))
    kind, away = option("--constraint"), option("--exclude").split(",")
    nodes = [n for n, f in plan["nodes"].items() if n not in away and (not kind or kind in f.split(","))]
    print(job)
    sys.stdout.flush()
    for k, number in enumerate(numbers):
        node = nodes[0] if plan.get("one_node") else nodes[k % len(nodes)]
        state = plan.get("states", {}).get(f"{kind}{number}", "COMPLETED")
        tries = {"CANCELLED": 0, "NODE_FAIL": 0, "REQUEUED": 2}.get(state, 1)
        for attempt in range(tries):
            env = dict(os.environ, SLURM_ARRAY_TASK_ID=str(number), SLURMD_NODENAME=node)
            if state == "REQUEUED" and not attempt:
                env["FAKE_DIES"] = "1"
            code = subprocess.run(args[args.index("--wrap") + 1], shell=True, env=env,
                                  stdout=subprocess.DEVNULL).returncode
        known[f"{job}_{number}"] = ["COMPLETED" if state in ("COMPLETED", "REQUEUED") and not code else
                                    "FAILED" if tries else state, node]
    open(base + "/jobs", "w").write(repr(known))
'''

# Enough of a program: it may die in the middle of a first try.
PROGRAM = r'''import os, sys
base, args = os.environ["FAKE"], sys.argv[1:]
def after(word):
    return args[args.index(word) + 1]
open(base + "/said", "a").write(" ".join(args) + "\n")
verb = args[0]
if "--merge" in args:
    print("merged", len(args) - args.index("--merge") - 1)
    sys.exit(0)
if verb == "compare":
    print("compared")
    sys.exit(0)
if verb == "explore":
    open(after("--resume"), "a").write("part\n")
else:
    out = after("--resume") if "--resume" in args else after("--out")
    os.makedirs(out, exist_ok=True)
    open(out + "/run.json", "w").write("{}")
    if verb == "stress":
        open(out + "/stress.csv", "w").write("backend,seed,kicks,lost\npatched,%s,1000,0\n" % args[-1 if args[-2] == "--seed" else args.index("--seed") + 1])
    else:
        open(out + "/bench.csv", "w").write("x\n")
if os.environ.get("FAKE_DIES"):
    os.kill(os.getpid(), 9)
sys.exit(eval(open(base + "/plan").read()).get("exits", 0))
'''

NODES = {"near1": "near", "near2": "near", "far1": "far,big"}


def look(fine, what):
    if not fine:
        complaints.append(what)


def cluster(base, number, code, wanted, *words, **plan):
    folder = f"{base}/{number}"
    os.makedirs(folder + "/bin")
    for name in ("sbatch", "squeue", "sinfo", "scancel", "scontrol"):
        with open(f"{folder}/bin/{name}", "w", encoding="utf-8") as f:
            f.write(PYTHON + FAKE)
        os.chmod(f"{folder}/bin/{name}", 0o755)
    with open(folder + "/program", "w", encoding="utf-8") as f:
        f.write(PYTHON + PROGRAM)
    os.chmod(folder + "/program", 0o755)
    with open(folder + "/plan", "w", encoding="utf-8") as f:
        f.write(repr({"nodes": NODES, **plan}))
    done = subprocess.run([SRC + "/scripts/cluster", "--program", folder + "/program", "--out", folder + "/out", *words],
                          env=dict(os.environ, FAKE=folder, CLUSTER_POLL_S="0.02",
                                   PATH=f"{folder}/bin:{os.environ['PATH']}"),
                          capture_output=True, text=True, check=False, timeout=60)
    text = done.stdout + done.stderr
    look(done.returncode == code, f"{number}: exit {done.returncode}, not {code}: {text}")
    for word in wanted:
        look(word in text, f"{number}: no '{word}' in {text}")
    try:
        with open(folder + "/said", encoding="utf-8") as f:
            return folder, text, f.read().splitlines()
    except OSError:
        return folder, text, []


def on_nodes(base):
    bench = ("--", "bench", "--backend", "old")
    _, text, said = cluster(base, "two", 0, ["near-near1: exit 0", "near-near2: exit 0", "compared"], "--kind", "near",
                            "--nodes", "2", *bench)
    look(len([s for s in said if s.startswith("bench")]) == 2 and "missing" not in text, said)
    cluster(base, "few", 3, ["far: 1 of 2 nodes missing: the kind has 1 nodes"], "--kind", "far", "--nodes", "2", *bench)
    cluster(base, "cancelled", 3, ["near: 1 of 2 nodes missing: task 100_2 CANCELLED on near2"], "--kind", "near",
            "--nodes", "2", *bench, states={"near2": "CANCELLED"})
    cluster(base, "forgotten", 3, ["task 100_2 NODE_FAIL"], "--kind", "near", "--nodes", "2", *bench,
            states={"near2": "NODE_FAIL"}, forgotten=["NODE_FAIL"])
    # Both tasks find the same node free: the second one is tried elsewhere.
    cluster(base, "twice", 0, ["near-near1: exit 0", "near-near2: exit 0"], "--kind", "near", "--nodes", "2", *bench,
            one_node=True)
    _, _, said = cluster(base, "requeued", 0, ["near-near1: exit 0"], "--kind", "near", *bench,
                         states={"near1": "REQUEUED"})
    look(sum("--resume" in s for s in said) == 1, f"a requeued task does not go on: {said}")
    cluster(base, "waves", 0, ["near-near2: exit 0"], "--kind", "near", "--nodes", "2", *bench, most=1)
    cluster(base, "undecided", 5, ["near-near1: exit 5"], "--kind", "near", *bench, exits=5)
    _, _, said = cluster(base, "features", 0, ["near-near1: exit 0"], *bench)
    look(len([s for s in said if s.startswith("bench")]) == 2, f"far1, which has two features, twice: {said}")


def in_parts(base):
    proof = ("--tasks", "4", "--", "explore", "--backend", "patched")
    _, _, said = cluster(base, "proof", 0, ["merged 4"], *proof, states={"3": "REQUEUED"})
    look(sum("--shard 3/4" in s for s in said) == 2 and sum("--shard" in s for s in said) == 5, said)
    cluster(base, "gap", 3, ["shard 2 of 4 missing: task 100_2 CANCELLED", "merged 3"], *proof,
            states={"2": "CANCELLED"})
    cluster(base, "waves2", 0, ["merged 4"], *proof, most=3)
    cluster(base, "seeds", 0, ["patched: 0 in 2000 kicks, 2 of 2 seeds"], "--tasks", "2", "--", "stress", "--backend",
            "patched", "--seconds", "600")
    cluster(base, "again", 2, ["--out is set for each task"], "--", "stress", "--out", "x")
    cluster(base, "verb", 2, ["expected run, bench, explore or stress"], "--", "topo")


with tempfile.TemporaryDirectory() as work:
    on_nodes(work)
    in_parts(work)
print("\n".join(map(str, complaints)))
print(f"{len(complaints)} complaints")
sys.exit(bool(complaints))
