#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench compare as a user meets it: exit codes, refusals, what stands on stdout and on stderr."""
import copy
import json
import os
import subprocess
import tempfile

RUN = {
    "format": "kickbench-run-1", "run_id": "r", "state": "complete",
    "build": {"revision": "abc", "compiler": "GNU 12.2.0", "flags": "-O2", "type": "Release"},
    "libraries": {"hwloc": "2.9.0", "benchmark": "1.7.1"},
    "machine": {"hostname": "h", "arch": "x86_64", "cpu_model": "cpu", "topology_hash": "t",
                "kernel": "6.1", "mitigations": {"spectre_v2": "x"}},
}
HEADER = "run_id,backend,scenario,path,repetition,ns_per_op,verdict\n"


def compare(*args):
    done = subprocess.run([os.environ["KICKBENCH"], "compare", *args], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def rows(level, backends=("old", "patched"), n=9):
    return HEADER + "".join(
        "r,%s,fastpath,self,%d,%.4f,ok\n" % (b, i, level * (1 + 0.001 * (i * 5 % n)))
        for b in backends for i in range(n))


def folder(name, text, run=None):
    os.makedirs(name, exist_ok=True)
    with open(os.path.join(name, "bench.csv"), "w") as out:
        out.write(text)
    if run is not None:
        with open(os.path.join(name, "run.json"), "w") as out:
            out.write(run if isinstance(run, str) else json.dumps(run))
    return name


def changed(section, member, value):
    run = copy.deepcopy(RUN)
    run[section][member] = value
    return run


def expect(args, code, out="", err=""):
    got_code, got_out, got_err = compare(*args)
    told = "%s\nstdout: %s\nstderr: %s" % (args, got_out, got_err)
    assert got_code == code, "exit %d, not %d: %s" % (got_code, code, told)
    assert out in got_out, "no '%s' on stdout: %s" % (out, told)
    assert err in got_err, "no '%s' on stderr: %s" % (err, told)
    if code == 2:
        assert got_out == "" and got_err.count("\n") == 1, "not one clear line: " + told
    return got_out, got_err


def check_verdicts():
    a, b = folder("a", rows(10), RUN), folder("b", rows(13), RUN)
    out, err = expect([a, b], 1, "slower")
    assert err == "", err
    assert max(map(len, out.splitlines())) <= 100, out
    expect([b, a], 0, "faster")
    expect([a, a], 0, "same")
    expect([a, b, "--margin", "40"], 0, "same")
    expect([folder("few", rows(10, n=2), RUN), b], 5, "fewer than 4 repetitions")
    expect([folder("none", rows(10, backends=("x",)), RUN), b], 5, "only in A (1):\n  x")
    expect([folder("empty", HEADER, RUN), b], 5, "0 cases matched")
    expect([os.path.join(a, "bench.csv"), b], 1, "slower")
    expect(["--aa", a], 0, "A/A: 0 of 2 rows")
    expect(["--aa", a, b], 0, "A/A: 2 of 2 rows")


def check_refusals():
    a = folder("a", rows(10), RUN)
    for section, member in (("machine", "hostname"), ("machine", "cpu_model"), ("machine", "topology_hash"),
                            ("build", "compiler"), ("build", "flags"), ("build", "type"),
                            ("libraries", "hwloc"), ("libraries", "new")):
        b = folder("b", rows(10), changed(section, member, "another"))
        expect([a, b], 2, err="%s.%s differs" % (section, member))
        expect([a, b, "--force"], 0, "same", "warning: %s.%s" % (section, member))
    expect([a, folder("b", rows(10), changed("machine", "cpu_model", None))], 2, err="'unknown'")
    expect([a, folder("b", rows(10), changed("machine", "kernel", "6.2"))], 0, "same",
           "note: machine.kernel differs: A has '6.1', B has '6.2'")
    expect([a, folder("b", rows(10), changed("build", "revision", "def"))], 0, "same", "build.revision")
    expect([a, folder("bare", rows(10))], 0, "same", "bare: no run.json")
    expect([a, folder("b", rows(10), "{torn")], 2, err="run.json")


def check_bad_input():
    a = folder("a", rows(10), RUN)
    with open("broken.csv", "w") as out:
        out.write("a,b\n1\n")
    with open("torn.csv", "w") as out:
        out.write(rows(10) + "r,old,fastpath,self,9,1")
    expect([a], 2, err="two paths")
    expect([a, a, a], 2, err="two paths")
    expect([a, "nowhere"], 2, err="nowhere: No such file")
    expect([a, "broken.csv"], 2, err="broken.csv: line 2: 1 fields under 2 columns")
    expect([a, "/dev/null"], 2, err="no header line")
    expect([a, "."], 2, err="./bench.csv: No such file")
    expect([a, a, "--metric", "speed"], 2, err="ns_per_op")
    expect([a, a, "--metric", "p50_ns"], 2, err="p50_ns")
    expect([a, a, "--margin", "-1"], 2, err="--margin")
    expect([a, a, "--alpha", "0"], 2, err="--alpha")
    expect([a, a, "--alpha", "x"], 2, err="--alpha")
    expect([a, a, "--ignore", "nope"], 2, err="nope")
    expect([a, a, "--nope"], 2, err="--nope")
    expect([a, a, "--seed"], 2, err="--seed")
    expect([a, a, "--samples", "runs"], 2, err="known: auto repetitions processes")
    expect([a, a, "--samples", "processes"], 5, "fewer than 4 processes")
    expect([a, a], 0, "a sample is a repetition: what differs between processes is not covered")
    expect(["--help"], 0, "usage:")
    expect(["torn.csv", a], 0, "same", "line 20 is torn")
    expect(["torn.csv", a, "--metric", "p50_ns"], 2, err="p50_ns")


def check_json():
    a, b = folder("a", rows(10), RUN), folder("b", rows(13), changed("machine", "kernel", "6.2"))
    code, out, _ = compare(a, b, "--json")
    data = json.loads(out)
    assert code == 1 and data["summary"]["slower"] == 2, out
    assert data["provenance_checked"] is True and data["differences"][0]["what"] == "machine.kernel", out
    assert data["rows"][0]["case"]["backend"] == "old" and data["rows"][0]["verdict"] == "slower", out
    assert abs(data["rows"][0]["ratio"] - 1.3) < 1e-4, out
    same = compare(a, b, "--json")[1]
    assert same == out, "not reproducible"


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    check_verdicts()
    check_refusals()
    check_bad_input()
    check_json()
    os.chdir("/")
print("ok")
