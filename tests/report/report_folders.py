# SPDX-License-Identifier: GPL-2.0-or-later
"""Results folders that are not like the reference: each maker takes a path and gives report's arguments."""
import csv
import json
import os
import shutil

from report_page import REFERENCE


def read(name, folder=REFERENCE):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder, name, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def edit_json(folder, change):
    path = os.path.join(folder, "run.json")
    with open(path, encoding="utf-8") as file:
        run = json.load(file)
    change(run)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(run, file)


def own(folder):
    """Two backends that nobody knows."""
    shutil.copytree(REFERENCE, folder)
    for file in os.listdir(folder):
        if file.endswith(".csv"):
            rows = [{k: {"mainline": "mine", "locked_mutex": "mine_too"}.get(v, v) for k, v in row.items()}
                    for row in read(file)]
            write(folder, file, rows)
    return (folder,)


def only(*names):
    def make(folder):
        os.mkdir(folder)
        for name in os.listdir(REFERENCE):
            if name.startswith(names):
                shutil.copy(os.path.join(REFERENCE, name), folder)
        return (folder,)
    return make


def several(folder):
    """Four runs, not in the order of time, each slower than the last."""
    for i, day in enumerate((5, 2, 9, 7)):
        one = shutil.copytree(REFERENCE, os.path.join(folder, str(i)))
        rows = read("bench.csv")
        for row in rows:
            if row["ns_per_op"] and row["backend"] == "patched":
                row["ns_per_op"] = repr(float(row["ns_per_op"]) * (1 + day / 50))
        write(one, "bench.csv", rows)
        edit_json(one, lambda run, day=day: run.update(run_id=f"day{day}", started=f"2026-11-{day:02}T01:00:00Z",
                                                       finished=f"2026-11-{day:02}T01:01:00Z"))
    return [os.path.join(folder, str(i)) for i in range(4)]


def pair(backend, i, k):
    ns = 100 + 150 * (i // 8 != k // 8) + 400 * (i // 24 != k // 24) + (i * 7 + k) % 20
    row = {"run_id": "x", "backend": backend, "distance": "l3", "transport": "doorbell", "home": "kicker"}
    for who, pu in (("kicker", i), ("vcpu", k)):
        row |= {f"{who}_pu": pu, f"{who}_core": pu, f"{who}_l3": pu // 8, f"{who}_die": 0, f"{who}_numa": pu // 24,
                f"{who}_package": pu // 24}
    return row | {"min_ns": ns, "p50_ns": ns, "p90_ns": ns, "p99_ns": ns}


def large(folder):
    """Many distances, long names, many presets, hundreds of PUs, a busy machine."""
    distances = ("smt", "l2", "l3", "die", "package", "numa", "remote")
    shutil.copytree(REFERENCE, folder)
    rows = []
    for row in read("bench.csv"):
        far = row["scenario"] == "roundtrip" or row["line"] == "stolen" or row["path"] == "pingpong"
        for n, distance in enumerate(distances if far else ("",)):
            new = dict(row, distance=distance or row["distance"])
            if far:
                new |= {"kicker_pu": "1023", "vcpu_pu": str(1000 + n)}
            for column in ("p50_ns", "ns_per_op") if far else ():
                new[column] = repr(float(row[column]) * (1 + 1.7 * n)) if row[column] else ""
            rows.append(new)
    write(folder, "bench.csv", rows)
    write(folder, "matrix.csv", [pair(b, i, k) for b in ("old", "patched") for i in range(48) for k in range(48)
                                 if i != k])
    presets = ("one-kick", "two-kicks", "wait", "wake", "offline", "mask", "put-clears", "dirty-log")
    write(folder, "explore.csv", [dict(row, scenario=preset) for preset in presets for row in read("explore.csv")
                                  if row["scenario"] == "two-kicks"])
    write(folder, "latency.csv", [dict(row, distance=d) for row in read("latency.csv") for d in distances])
    edit_json(folder, lambda run: (run["machine"].update(loadavg="300 2 1 1/2 3"), run.update(pu_layout={
        "cpu": list(range(256)), "core": [i // 2 for i in range(256)], "l3": [i // 16 for i in range(256)],
        "numa": [i // 64 for i in range(256)], "package": [i // 128 for i in range(256)]})))
    return (folder,)


FOLDERS = {"own": own, "explore": only("explore", "example"), "stress": only("stress"), "several": several,
           "large": large}
