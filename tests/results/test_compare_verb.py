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
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    with open(os.path.join(name, "bench.csv"), "w") as out:
        out.write(text)
    if os.path.exists(os.path.join(name, "run.json")):
        os.remove(os.path.join(name, "run.json"))
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
    for section, member, group in (("machine", "kernel", "machine"), ("machine", "cpu_model", "machine"),
                                   ("machine", "topology_hash", "machine"), ("machine", "hypervisor", "machine"),
                                   ("build", "compiler", "compiler"), ("build", "flags", "flags"),
                                   ("build", "type", "flags"), ("libraries", "hwloc", "libraries"),
                                   ("libraries", "new", "libraries")):
        b = folder("b", rows(10), changed(section, member, "another"))
        expect([a, b], 2, err="%s.%s differs" % (section, member))
        expect([a, b], 2, err="(--force=%s compares all the same)" % group)
        expect([a, b, "--force"], 0, "same", "warning: %s.%s" % (section, member))
        for forced in ("machine", "compiler", "flags", "libraries"):
            expect([a, b, "--force=" + forced], 0 if forced == group else 2, err="%s.%s" % (section, member))
    both = changed("machine", "kernel", "6.2")
    both["build"]["flags"] = "-O3"
    b = folder("b", rows(10), both)
    _, err = expect([a, b], 2, err="(--force=machine,flags compares all the same)")
    assert "machine.kernel differs: A has '6.1', B has '6.2'; build.flags differs" in err, err
    expect([a, b, "--force=machine"], 2, err="(--force=flags ")
    expect([a, b, "--force=flags,machine"], 0, "same")
    expect([a, b, "--force=speed"], 2, err="known: machine compiler flags libraries")
    expect([a, folder("b", rows(10), changed("machine", "cpu_model", None))], 2, err="'unknown'")
    # The same machine in another container; settings one by one, inside of others, too.
    expect([a, folder("b", rows(10), changed("machine", "hostname", "c0ffee"))], 0, "same",
           "note: machine.hostname differs: A has 'h', B has 'c0ffee'")
    expect([a, folder("b", rows(10), changed("machine", "mitigations", {"spectre_v2": "y"}))], 0, "same",
           "note: machine.mitigations.spectre_v2 differs: A has 'x', B has 'y'")
    settings = copy.deepcopy(RUN)
    settings.update(seed=9007199254740993, plan={"window_ns": 1000, "backends": ["old"], "hash": "1"})
    others = copy.deepcopy(RUN)
    others.update(seed=9007199254740992, plan={"window_ns": 2000, "backends": ["old"], "hash": "2"})
    _, err = expect([folder("x", rows(10), settings), folder("y", rows(10), others)], 0, "same",
                    "note: plan.window_ns differs: A has '1000', B has '2000'")
    assert "seed differs: A has '9007199254740993', B has '9007199254740992'" in err, err
    assert err.count("\n") == 2, err
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


def levels(column, **level):
    """A run whose cases differ in one column, with a level each."""
    return HEADER.replace("path", "path," + column) + "".join(
        "r,x,fastpath,self,%s,%d,%.4f,ok\n" % (name, i, x * (1 + 0.001 * (i * 5 % 9)))
        for name, x in level.items() for i in range(9))


def check_by():
    a = folder("a", rows(10, ("patched",)) + rows(10, ("floor",))[len(HEADER):] + rows(13, ("old", "x"))[len(HEADER):],
               RUN)
    out, err = expect([a, "--by", "backend"], 0, "backend old")
    assert err == "" and "patched" in out and " faster" in out and "floor" not in out, out
    assert "2 cases matched: 1 faster, 0 slower, 1 same" in out, out
    out, _ = expect([a, "--by", "backend", "--base", "patched"], 1, "2 slower")
    out, _ = expect([a, folder("b", rows(10, ("patched", "old")), RUN), "--by", "backend"], 0, "1 cases matched: 1 faster")
    expect([a, "--by", "backend", "--base", "nobody"], 2, err="it has: patched, old, x")
    expect([a, "--by", "nothing"], 2, err="known: backend")
    expect([a, "--by", "transport"], 2, err="A has no column transport")
    expect([a, "--base", "old"], 2, err="--by")
    expect([a, "--aa", "--by", "backend"], 2, err="exclude")
    expect([a, "--by", "path"], 5, "0 cases matched")
    expect([folder("l", levels("line", hot=5, stolen=28)), "--by", "line"], 1, "line hot")
    expect([folder("l", levels("line", hot=5, stolen=28)), "--by", "line", "--base", "stolen"], 0, "1 faster")
    # Columns that go with another one.
    d = levels("distance", l3=100, numa=300).replace("ns_per_op", "ns_per_op,kicker_pu,vcpu_pu")
    d = d.replace(",ok\n", ",0,1,ok\n", 9).replace("7,ok", "7,ok").splitlines()
    d = [line if "numa" not in line else line.replace(",ok", ",0,4,ok") for line in d]
    expect([folder("d", "\n".join(d) + "\n"), "--by", "distance"], 1, "distance l3")
    data = json.loads(compare(a, "--by", "backend", "--json")[1])
    assert (data["by"], data["base"]) == ("backend", "old"), data
    assert [row["case"]["backend"] for row in data["rows"]] == ["patched", "x"], data["rows"]


def check_pooling():
    a = folder("a", rows(10, ("old",)) + rows(13, ("patched",))[len(HEADER):], RUN)
    _, err = expect([a, a, "--ignore", "backend"], 0)
    assert "note: A: rows that differ in backend are pooled: old, patched" in err and "note: B: rows" in err, err
    # A side that does not say of what its rows are.
    bare = "\n".join(",".join(line.split(",")[2:]) for line in rows(10, ("old",)).splitlines()) + "\n"
    expect([folder("bare", bare), a], 0, err="note: B: rows that differ in backend are pooled: old, patched")
    data = json.loads(compare(a, a, "--ignore", "backend", "--json")[1])
    assert data["pooled"][0] == {"side": "A", "column": "backend", "values": "old, patched"}, data["pooled"]
    assert expect([a, a], 0)[1] == ""
    # Why nothing has a partner.
    expect([folder("k", levels("widen", short=5)), folder("l", levels("widen", long=5))], 5,
           "these differ in widen: A has 'short', B has 'long'")


def counts(*values):
    return "run_id,backend,repetition,locked_rmws_per_kick,ops,verdict\n" + "".join(
        "r,b%d,%d,%g,%g,ok\n" % (case, i, value(i) if callable(value) else value, value(i) if callable(value) else value)
        for case, value in enumerate(values) for i in range(9))


def check_zeros():
    metric = ["--metric", "locked_rmws_per_kick"]
    zero, one = folder("zero", counts(0)), folder("one", counts(1))
    rare = folder("rare", counts(lambda i: i == 4))
    expect([zero, one, *metric], 1, "1 slower")
    expect([one, zero, *metric], 0, "1 faster")
    expect([zero, zero, *metric], 0, "1 same")
    expect([one, one, *metric], 0, "1 same")
    expect([zero, one, "--metric", "ops"], 0, "1 faster")
    expect([one, zero, "--metric", "ops"], 1, "1 slower")
    expect([zero, rare, *metric], 0, "zeros on a side")
    out, _ = expect([folder("a", counts(0, 1, 0)), folder("b", counts(0, 1, 2)), *metric], 1,
                    "1 slower, 2 same, 0 inconclusive; geometric mean of B/A over 3: 1.000")
    row = json.loads(compare(zero, one, *metric, "--json")[1])["rows"][0]
    assert row["verdict"] == "slower" and row["ratio"] is None and row["ratio_low"] is None, row


def check_several():
    """A mean is of one backend against another."""
    run = folder("run", "run_id,backend,repetition,ns_per_op,verdict\n" + "".join(
        "r,%s,%d,%d,ok\n" % (name, i, ns) for name, ns in (("old", 10), ("p", 20), ("q", 40)) for i in range(9)))
    out, _ = expect([run, "--by", "backend"], 1, "- p: 0 faster, 1 slower, 0 same, 0 inconclusive; "
                    "geometric mean of B/A over 1: 2.000\n- q: ")
    assert "over 2" not in out, out
    assert json.loads(compare(run, "--by", "backend", "--json")[1])["summary"]["geomean"] is None


def check_by_what_goes_along():
    """A column that brings others with it, and whose first value stands in a scenario that has no other."""
    text = "run_id,backend,scenario,line,distance,vcpu_pu,vcpus,pcpus,mask_width,repetition,ns_per_op,verdict\n"
    for i in range(9):
        text += f"r,old,entry,,,,1,1,,{i},3,ok\n"
        text += f"r,old,fastpath,hot,,,1,2,,{i},10,ok\nr,old,fastpath,stolen,l3,1,1,2,,{i},20,ok\n"
        text += f"r,old,broadcast,,l3,1,64,65,64,{i},10,ok\nr,old,broadcast,,l3,1,1024,1025,1024,{i},20,ok\n"
    run = folder("along", text, RUN)
    for column, base in (("line", "hot"), ("vcpus", "64"), ("pcpus", "65"), ("mask_width", "64")):
        expect([run, "--by", column], 1, "1 cases matched: 0 faster, 1 slower")
        expect([run, "--by", column], 1, f": {column} {base}\n")


def check_oversubscribed():
    """Threads that take turns on a PU time the scheduler: never ranked, but for what was counted."""
    def run_of(name, ns, rmws):
        text = "run_id,backend,scenario,path,placement,repetition,ns_per_op,ops,locked_rmws_per_kick,verdict\n"
        for i in range(9):
            text += f"r,old,contend,in_guest,oversubscribed,{i},{ns + i / 100},{ns},{rmws},ok\n"
        return folder(name, text, RUN)
    a, b = run_of("near", 10, 1), run_of("far", 100, 2)
    for metric in ("ns_per_op", "ops"):
        out, _ = expect([a, b, "--metric", metric], 5, "1 inconclusive")
        assert "oversubscribed: that is the scheduler" in out, out
    expect([a, b, "--metric", "locked_rmws_per_kick"], 1, "slower")


def check_settings():
    """Two settings that differ are both named, though other scenarios have neither."""
    def run_of(name, natural, rate):
        text = "run_id,backend,scenario,path,natural_exits_per_s,arrivals_per_s,repetition,ns_per_op,verdict\n"
        for i in range(9):
            text += f"r,old,roundtrip,in_guest,{natural},{rate},{i},10,ok\nr,old,fastpath,{name},,,{i},10,ok\n"
        run = copy.deepcopy(RUN)
        run.update(perf={"asked": name}, plan={"live_window_ns": rate})
        return folder(name, text, run)
    a, b = run_of("quiet", 0, 10), run_of("busy", 1000, 20)
    out, err = expect([a, b], 5, "these differ in natural_exits_per_s: A has '0', B has '1000'")
    assert "arrivals_per_s: A has '10', B has '20'" in out, out
    assert "perf.asked differs" in err and "plan.live_window_ns differs" in err, err
    expect([a, b, "--by", "put"], 2, err="put")
    with open("empty.csv", "w") as out:
        out.write(rows(10).replace("path", "put", 1).replace("self", ""))
    expect(["empty.csv", "--by", "put"], 2, err="no row of A has a value of put")


def check_markdown():
    a, b = folder("a", rows(10), RUN), folder("b", rows(13, ("old", "pat|ched")), RUN)
    out, _ = expect([a, b, "--markdown"], 1, "\n\n| case | A | B | B/A | interval | p (Holm) | verdict |\n|---|---:|")
    table = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(table) == 2 and "**slower** |" in table[1], out
    out, _ = expect([b, b, "--markdown"], 0, "pat\\|ched")
    expect([a, b, "--markdown", "--json"], 2, err="exclude")


def check_json():
    a, b = folder("a", rows(10), RUN), folder("b", rows(13), changed("machine", "microcode", "6.2"))
    code, out, _ = compare(a, b, "--json")
    data = json.loads(out)
    assert code == 1 and data["summary"]["slower"] == 2, out
    assert data["provenance_checked"] is True and data["differences"][0]["what"] == "machine.microcode", out
    assert data["rows"][0]["case"]["backend"] == "old" and data["rows"][0]["verdict"] == "slower", out
    assert abs(data["rows"][0]["ratio"] - 1.3) < 1e-4, out
    same = compare(a, b, "--json")[1]
    assert same == out, "not reproducible"
    # Whole to the last digit, and text whatever a name is made of.
    odd = folder(b"odd\xff", rows(10), RUN)
    done = subprocess.run([os.environ["KICKBENCH"], "compare", a, odd, "--json", "--seed", "18446744073709551615"],
                          capture_output=True, check=False)
    data = json.loads(done.stdout.decode("utf-8"))
    assert data["seed"] == 18446744073709551615 and data["b"]["path"] == "odd\ufffd", data


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    check_verdicts()
    check_refusals()
    check_bad_input()
    check_by()
    check_pooling()
    check_zeros()
    check_several()
    check_by_what_goes_along()
    check_oversubscribed()
    check_settings()
    check_markdown()
    check_json()
    os.chdir("/")
print("ok")
